"""回退: the unit's small sheet, and 回退裁定 with the unit's words beside what the system can compare."""

from datetime import datetime

from config.texts import Texts
from domain.indicators import Rate
from domain.life_cycle import Action
from domain.returns import DECISION_WORDS, LONGEST_NOTE, SPECIAL, Decision, ReturnAsked, ReturnSheet, verdict
from layouts.formats import duration, percent
from layouts.papers.transfer_slip import slip
from layouts.sheets.blocks import Block, Button, Choice, Row, SheetView
from layouts.sheets.fields import Cards, Select, Text
from layouts.sheets.readings import Effect, Effects, Note, Paper, Quote, Warning

DECIDES, ASKS = "return_decision", "return"


def render_return(sheet: ReturnAsked, texts: Texts) -> SheetView:
    blocks: list[Block] = []
    if sheet.returns + 1 >= SPECIAL:
        blocks.append(Warning(texts("returns.again", count=sheet.returns + 1), texts("returns.special")))
    blocks.append(
        Text("reason", texts("returns.reason"), sheet.reason, rows=6, longest=LONGEST_NOTE, required=True,
             placeholder=texts("returns.reason_hint"))
    )  # fmt: skip
    due = texts("returns.no_limit") if sheet.due is None else _moment(sheet.due.astimezone(sheet.zone), texts)
    blocks.append(Note(texts("returns.clock"), texts("returns.clock_line", due=due)))
    return SheetView(
        kind=ASKS,
        title=texts("returns.title"),
        lines=_lines(sheet, texts),
        left=tuple(blocks),
        right=(),
        foot=texts("returns.foot"),
        buttons=(
            Button("close", texts("returns.cancel"), "Esc"),
            Button("submit", texts("returns.submit"), "Ctrl Enter", primary=True, why_not=_why_not(sheet, texts)),
        ),
        case_no=sheet.case_no,
        version=sheet.version,
        action=Action.RETURN.value,
    )


def render(sheet: ReturnSheet, texts: Texts) -> SheetView:
    """A dispatcher endorses; a duty chief signs, or refuses: the same sheet."""
    wrong = sheet.decision is Decision.DISPATCHER_ERROR
    action = (Action.UPHOLD_RETURN if wrong else Action.REFUSE_RETURN) if sheet.signs else Action.ENDORSE
    submit = texts("returns.sign" if sheet.signs else "returns.propose")
    return SheetView(
        kind=DECIDES,
        title=texts("returns.decision_title"),
        lines=_lines(sheet, texts),
        left=tuple(_left(sheet, texts)),
        right=tuple(_right(sheet, texts)),
        foot=texts("returns.foot_wrong" if wrong else "returns.foot_back"),
        buttons=(
            Button("close", texts("returns.cancel"), "Esc"),
            Button("submit", submit, "Ctrl Enter", primary=True, why_not=_why_not(sheet, texts)),
        ),
        case_no=sheet.case_no,
        version=sheet.version,
        action=action.value,
        given={"kind": "return"},
    )


def _lines(sheet: ReturnSheet | ReturnAsked, texts: Texts) -> tuple[str, str]:
    place = "，".join(word for word in (sheet.title, sheet.place) if word)
    return place, texts("returns.line", case_no=sheet.case_no, unit=sheet.unit)


def _left(sheet: ReturnSheet, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    if sheet.returns >= SPECIAL:
        blocks.append(_special(sheet, texts))
    blocks.append(Row((_said(sheet, texts), _compared(sheet, texts))))
    if sheet.endorsed:
        name, at = sheet.endorsed
        blocks.append(
            Note(texts("returns.endorsed"), texts("returns.endorsed_by", name=name, at=_short(at, sheet, texts)))
        )
    choices = tuple(Choice(one.value, DECISION_WORDS[one], _consequence(one, sheet, texts)) for one in Decision)
    blocks.append(
        Cards(
            "decision",
            texts("returns.decision"),
            choices,
            sheet.decision.value if sheet.decision else "",
            hint=texts("returns.final"),
        )
    )
    if sheet.decision is Decision.DISPATCHER_ERROR:
        blocks.append(Row((_to(sheet, texts), _clock(sheet, texts))))
    blocks.append(Text("note", texts("returns.note"), sheet.note, rows=4, longest=LONGEST_NOTE, required=True))
    return blocks


def _special(sheet: ReturnSheet, texts: Texts) -> Warning:
    elapsed = duration(int((sheet.now - sheet.reported).total_seconds()) // 60, texts)
    had = texts("returns.and").join(sheet.had_it)
    return Warning(
        texts("returns.special_line", count=sheet.returns, units=had, time=elapsed), texts("returns.special")
    )


def _said(sheet: ReturnSheet, texts: Texts) -> Quote:
    if sheet.asked_at is None:
        head = texts("returns.said_once", unit=sheet.unit)
    else:
        head = texts("returns.said", unit=sheet.unit, at=_short(sheet.asked_at, sheet, texts))
    return Quote(head, sheet.reason or texts("returns.nothing_said"))


def _compared(sheet: ReturnSheet, texts: Texts) -> Quote:
    lines = texts("returns.semicolon").join(check.line for check in sheet.found)
    return Quote(texts("returns.compared"), f"{lines}。", verdict(sheet.found))


def _consequence(decision: Decision, sheet: ReturnSheet, texts: Texts) -> str:
    return texts(f"returns.consequence.{decision}", unit=sheet.unit)


def _to(sheet: ReturnSheet, texts: Texts) -> Select:
    choices = tuple(Choice(key, name, texts("returns.load", load=load)) for key, name, load in sheet.units)
    load = next((load for key, _name, load in sheet.units if key == sheet.chosen), "")
    note = texts("returns.load", load=load) if load else ""
    return Select("unit", texts("returns.to"), choices, sheet.chosen, note=note)


def _clock(sheet: ReturnSheet, texts: Texts) -> Text:
    due = sheet.clock.due
    until = texts("returns.no_limit")
    if due is not None:
        until = texts("returns.until", limit=sheet.limit, due=_moment(due.astimezone(sheet.zone), texts))
    note = texts("returns.provisional") if sheet.clock.provisional else ""
    return Text("", texts("returns.new_due"), until, read_only=True, note=note)


def _right(sheet: ReturnSheet, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    if sheet.slip is not None:
        blocks.append(Paper(slip(sheet.slip), texts("returns.slip"), texts("returns.slip_note")))
    rates = [
        *_rate(texts("returns.rate", unit=sheet.unit), sheet.return_rate),
        *_rate(texts("returns.accuracy"), sheet.accuracy),
    ]
    if sheet.decision in (Decision.REFUSED, Decision.UNCLEAR):
        rates = [Effect(texts("returns.rate", unit=sheet.unit), texts("returns.counts"))]
        rates.append(Effect(texts("returns.due"), texts("returns.unchanged")))
    if sheet.decision is Decision.UNCLEAR:
        rates.append(Effect(texts("returns.visit"), texts("returns.within")))
    if rates:
        blocks.append(Effects("" if sheet.slip else texts("returns.effects"), tuple(rates)))
    return blocks or [Note(texts("returns.effects"), texts("returns.undecided"))]


def _rate(label: str, rates: tuple[Rate, Rate] | None) -> list[Effect]:
    """Only what really changes, and only where both sides are a rate."""
    if rates is None or rates[0].value is None or rates[1].value is None or rates[0].value == rates[1].value:
        return []
    before, after = (f"{percent(rate.value)}%" for rate in rates if rate.value is not None)
    return [Effect(label, after, before)]


def _short(at: datetime, sheet: ReturnSheet, texts: Texts) -> str:
    local = at.astimezone(sheet.zone)
    return texts("returns.short", month=local.month, day=local.day, time=f"{local:%H:%M}")


def _moment(at: datetime, texts: Texts) -> str:
    weekday = texts("returns.weekdays").split()[at.weekday()]
    return texts("returns.dated", month=at.month, day=at.day, weekday=weekday, time=f"{at:%H:%M}")


def _why_not(sheet: ReturnSheet | ReturnAsked, texts: Texts) -> str:
    return texts(f"returns.why.{sheet.why_not}") if sheet.why_not else ""
