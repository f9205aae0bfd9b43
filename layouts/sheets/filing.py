"""立案, 派遣, 上呈: one decision each, with the deadline it would give and how that comes about."""

from config.texts import Texts
from domain.applications import in_words
from domain.deadlines import Deadline
from domain.filing import LONGEST_NOTE, TIER_WORDS, FilingSheet, LimitOffer
from domain.life_cycle import Action
from domain.reassignment import Candidate
from layouts.formats import NONE, duration, percent
from layouts.sheets.blocks import Block, Button, Choice, SheetView
from layouts.sheets.fields import Cards, Check, Chips, Pick, PickRow, Select, Text
from layouts.sheets.readings import Arithmetic, Effect, Effects, Sum, Warning

ALARMING = 5  # overdue cases of a unit, in red from here as on the wall
MOST_LINES = 12
HEADS = ("open", "overdue", "soon", "receive", "rework")


def render(sheet: FilingSheet, texts: Texts) -> SheetView:
    name = sheet.action.value
    why_not = _why_not(sheet)
    return SheetView(
        kind=name,
        title=texts(f"filing.{name}.title"),
        lines=("，".join(word for word in (sheet.title, sheet.place) if word), sheet.case_no),
        left=tuple(_left(sheet, texts)),
        right=tuple(_right(sheet, texts)),
        foot=texts(f"filing.{name}.foot", version=sheet.version),
        buttons=(
            Button("close", texts("filing.cancel"), "Esc"),
            Button(
                "submit", _submit(sheet, texts), "Ctrl Enter", primary=True,
                why_not=texts(f"filing.why.{why_not}") if why_not else "",
            ),
        ),
        case_no=sheet.case_no,
        version=sheet.version,
        action=name,
        given={"condition": sheet.condition} if sheet.condition else {},
    )  # fmt: skip


def _left(sheet: FilingSheet, texts: Texts) -> list[Block]:
    if sheet.action is Action.REGISTER:
        chosen = str(sheet.limit) if sheet.limit else ""
        choices = tuple(Choice(str(one.limit), _offer(one, texts)) for one in sheet.offers)
        return [
            Cards("limit", texts("filing.condition"), choices, chosen, hint=texts("filing.condition_hint")),
            Check("urgent", texts("filing.urgent"), sheet.urgent, texts("filing.urgent_line")),
        ]
    if sheet.action is Action.DISPATCH:
        others = tuple(Choice(key, name) for key, name in sheet.names if key != sheet.unit)
        several = texts("filing.several")
        return [
            Text("find", texts("filing.find"), sheet.found, placeholder=texts("filing.find_hint")),
            _units(sheet, texts),
            Select("informed", texts("filing.informed"), others, ",".join(sheet.informed), note=several, many=True),
            Text("note", texts("filing.note"), sheet.note, rows=4, longest=LONGEST_NOTE),
        ]
    tiers = tuple(Choice(tier.value, TIER_WORDS[tier]) for tier in sheet.tiers)
    return [
        Chips("tier", texts("filing.tier"), tiers, sheet.tier.value if sheet.tier else ""),
        Text("reason", texts("filing.reason"), sheet.note, rows=5, longest=LONGEST_NOTE, required=True),
    ]


def _offer(offer: LimitOffer, texts: Texts) -> str:
    limit = in_words(offer.limit)
    return texts("filing.offer", condition=offer.text, limit=limit) if offer.text else limit


def _units(sheet: FilingSheet, texts: Texts) -> Pick:
    heads = (texts("filing.head.unit"), *(texts(f"filing.head.{name}") for name in HEADS))
    return Pick("unit", heads, tuple(_unit(unit, texts) for unit in sheet.units), sheet.unit)


def _unit(unit: Candidate, texts: Texts) -> PickRow:
    receive = NONE if unit.receive_minutes is None else duration(unit.receive_minutes, texts)
    rework = NONE if unit.rework is None else f"{percent(unit.rework)}%"
    had = texts("filing.had", share=percent(unit.share)) if unit.share else ""
    return PickRow(
        unit.key,
        unit.name,
        texts("filing.usual") if unit.usual else had,
        (
            (str(unit.open), ""), (str(unit.overdue), "alarm" if unit.overdue >= ALARMING else ""),
            (str(unit.within_two_hours), ""), (receive, ""), (rework, ""),
        ),
    )  # fmt: skip


def _right(sheet: FilingSheet, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    if sheet.deadline is not None:
        blocks.append(_sums(sheet, sheet.deadline, texts))
        if sheet.deadline.provisional:
            blocks.append(Warning(texts("filing.provisional")))
    elif sheet.problem:
        blocks.append(Warning(sheet.problem))
    if sheet.action is Action.DISPATCH:
        chosen = next((unit for unit in sheet.units if unit.key == sheet.unit), None)
        if chosen:
            rows = (Effect(texts("filing.open_of", unit=chosen.name), str(chosen.open + 1), str(chosen.open)),)
            blocks.append(Effects(texts("filing.effects"), rows))
    if sheet.action is Action.ESCALATE:
        blocks.append(Effects(texts("filing.effects"), (Effect(texts("filing.state"), texts("filing.waits")),)))
    return blocks


def _sums(sheet: FilingSheet, deadline: Deadline, texts: Texts) -> Arithmetic:
    rows = [
        Sum(
            texts("filing.line", start=f"{step.start.astimezone(sheet.zone):%m-%d %H:%M:%S}",
                  end=f"{step.end.astimezone(sheet.zone):%m-%d %H:%M:%S}"),
            str(step.counted), str(step.total),
        )
        for step in deadline.steps[:MOST_LINES]
    ]  # fmt: skip
    due = f"{deadline.due.astimezone(sheet.zone):%m-%d %H:%M:%S}"
    rows.append(Sum(texts("filing.due", due=due, limit=in_words(deadline.limit)), "", "", ruled=True))
    key = "filing.if_now" if sheet.action is Action.REGISTER else "filing.sums"
    return Arithmetic(texts(key), tuple(rows))


def _submit(sheet: FilingSheet, texts: Texts) -> str:
    if sheet.action is Action.DISPATCH and sheet.unit:
        name = dict(sheet.names).get(sheet.unit, "")
        return texts("filing.dispatch.submit_to", unit=name)
    return texts(f"filing.{sheet.action}.submit")


def _why_not(sheet: FilingSheet) -> str:
    """Why it cannot be sent, as a phrase; the act itself checks again."""
    if sheet.action is Action.ESCALATE:
        return "tier" if sheet.tier is None else "" if sheet.note.strip() else "reason"
    if sheet.action is Action.DISPATCH and not sheet.unit:
        return "unit"
    return "limit" if sheet.limit is None or sheet.deadline is None else ""
