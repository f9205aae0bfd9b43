"""督办通知单: left what is decided, right the paper as it will be printed."""

from datetime import datetime, timedelta

from config.texts import Texts
from domain.documents import short_moment
from domain.life_cycle import Action
from domain.supervision import LONGEST_DEMANDS, REASON_WORDS, Notice, Reason, SuperviseSheet
from layouts.formats import duration
from layouts.papers.supervision import notice
from layouts.sheets.blocks import Block, Button, Choice, Row, SheetView, Tone
from layouts.sheets.fields import Check, Chips, Moment, Select, Text
from layouts.sheets.readings import Note, Paper, Quote, Table

KIND = "supervise"
CUSTOM = "custom"


def render(sheet: SuperviseSheet, texts: Texts) -> SheetView:
    action = Action.SUPERVISE if sheet.signs else Action.PROPOSE_SUPERVISION
    return SheetView(
        kind=KIND,
        title=texts("supervise.title"),
        lines=(
            "，".join(word for word in (sheet.title, sheet.place) if word),
            texts("supervise.line", case_no=sheet.case_no, unit=sheet.unit or texts("supervise.nobody")),
        ),
        left=tuple(_left(sheet, texts)),
        right=(Paper(notice(sheet.paper)),),
        foot=texts("supervise.foot", number=sheet.paper.number),
        buttons=_buttons(sheet, texts),
        case_no=sheet.case_no,
        version=sheet.version,
        action=action.value,
        given={"kind": "supervision"} if sheet.proposed else {},
        right_wide=True,
    )


def _left(sheet: SuperviseSheet, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    if sheet.proposed:
        name, at = sheet.proposed
        blocks.append(
            Quote(texts("supervise.proposed"), texts("supervise.proposed_by", name=name, at=short_moment(at)))
        )
    blocks += [
        Row((_recipient(sheet, texts), _copies(sheet, texts))),
        Chips(
            "cause",
            texts("supervise.reason"),
            tuple(Choice(r.value, REASON_WORDS[r]) for r in Reason),
            sheet.reason.value,
        ),
        _deadline(sheet, texts),
    ]
    if sheet.custom:
        blocks.append(Moment("due_custom", texts("supervise.own"), sheet.due_text, error=sheet.due_error))
    blocks.append(
        Text("demands", texts("supervise.demands"), sheet.demands, rows=6, longest=LONGEST_DEMANDS, required=True)
    )
    blocks.append(Row(_checks(sheet, texts)))
    blocks.append(_standing(sheet, texts))
    blocks.append(Note(texts("supervise.delivery"), texts("supervise.delivered", unit=sheet.unit)))
    if sheet.signs and sheet.proposed:
        blocks.append(Text("reason", texts("supervise.refusal"), sheet.refusal, hint=texts("supervise.refusal_hint")))
    return blocks


def _recipient(sheet: SuperviseSheet, texts: Texts) -> Text:
    return Text("", texts("supervise.recipient"), sheet.unit, note=texts("supervise.leads"), read_only=True)


def _copies(sheet: SuperviseSheet, texts: Texts) -> Select:
    choices = tuple(Choice(value, label) for value, label in sheet.copy_choices)
    return Select(
        "copies", texts("supervise.copies"), choices, ",".join(sheet.copies), note=texts("supervise.several"), many=True
    )


def _deadline(sheet: SuperviseSheet, texts: Texts) -> Chips:
    """The offered deadlines; one chosen before stays among them while it is still to come."""
    offered = {f"{at:%Y-%m-%dT%H:%M}": at for at in sheet.offered}
    if not sheet.custom and not sheet.due_error and sheet.due_text not in offered:
        offered[sheet.due_text] = datetime.fromisoformat(sheet.due_text)
    choices = [Choice(value, _day_words(at, sheet.now, texts)) for value, at in offered.items()]
    choices.append(Choice(CUSTOM, texts("supervise.custom")))
    hint = (
        ""
        if sheet.left is None
        else texts("supervise.left_work" if sheet.by_calendar else "supervise.left", time=_time(sheet.left, texts))
    )
    error = "" if sheet.custom else sheet.due_error
    value = CUSTOM if sheet.custom else sheet.due_text
    return Chips("due", texts("supervise.deadline"), tuple(choices), value, hint=hint, error=error)


def _checks(sheet: SuperviseSheet, texts: Texts) -> tuple[Block, ...]:
    exposure = Check("exposure", texts("supervise.exposure"), sheet.exposure, texts("supervise.exposure_line"))
    if not sheet.photos:
        return (exposure,)
    photos = Check(
        "photos", texts("supervise.photos", count=sheet.photos), sheet.attach, texts("supervise.photos_line")
    )
    return photos, exposure


def _standing(sheet: SuperviseSheet, texts: Texts) -> Table:
    """What the unit has to answer already: running notices, missed ones, and how this case was urged."""
    rows: list[tuple[tuple[str, Tone], ...]] = []
    links: list[str] = []
    for tone, notices in (("strong", sheet.running), ("alarm", sheet.missed)):
        for one in notices:
            if tone == "alarm" and one in sheet.running:
                continue
            rows.append(_notice_row(one, sheet, texts))
            links.append(one.case_no)
    rows.append(((texts("supervise.urge"), "muted"), (texts("supervise.this_case"), ""), (sheet.urged, "strong")))
    return Table(
        texts("supervise.standing"),
        (),
        tuple(rows),
        note=texts("supervise.after", count=len({one.case_no for one in sheet.running} | {sheet.case_no})),
        links=(*links, ""),
    )


def _notice_row(one: Notice, sheet: SuperviseSheet, texts: Texts) -> tuple[tuple[str, Tone], ...]:
    due = one.due.astimezone(sheet.now.tzinfo)
    if one.exposure_candidate(sheet.now):
        return (one.number, "muted"), (one.title, ""), (texts("supervise.candidate"), "alarm")
    late: Tone = "alarm" if sheet.now > due else "strong"
    until = texts("supervise.until", time=_day_words(due, sheet.now, texts))
    return (one.number, "muted"), (one.title, ""), (until, late)


def _buttons(sheet: SuperviseSheet, texts: Texts) -> tuple[Button, ...]:
    why = texts(f"supervise.why.{sheet.why_not}") if sheet.why_not else ""
    submit = texts("supervise.sign" if sheet.signs else "supervise.propose")
    refuse: tuple[Button, ...] = ()
    if sheet.signs and sheet.proposed:
        needed = "" if sheet.refusal else texts("supervise.refusal_hint")
        refuse = (Button("refuse", texts("supervise.refuse"), "Ctrl Back", why_not=needed),)
    return (
        *refuse,
        Button("draft", texts("supervise.draft")),
        Button("print", texts("supervise.print"), "P"),
        Button("submit", submit, "Ctrl Enter", primary=True, why_not=why),
    )


def _day_words(at: datetime, now: datetime, texts: Texts) -> str:
    """`今日 16:00`, `明日 12:00`, else with its day."""
    key = {0: "supervise.today", 1: "supervise.tomorrow"}.get((at.date() - now.date()).days, "supervise.day")
    return texts(key, month=at.month, day=at.day, time=f"{at:%H:%M}")


def _time(left: timedelta, texts: Texts) -> str:
    return duration(int(left.total_seconds()) // 60, texts)
