"""改派与双派: left the unit and the reason, right what both clocks do. The reason decides what the old unit keeps."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from config.texts import Texts
from domain.applications import in_words
from domain.life_cycle import Action
from domain.reassignment import LONGEST_NOTE, REASON_WORDS, Candidate, Reason, ReassignSheet, Way
from layouts.formats import NONE, duration, percent
from layouts.papers.transfer_slip import slip
from layouts.sheets.blocks import Block, Button, Choice, Row, SheetView, Tone
from layouts.sheets.fields import Cards, Chips, Pick, PickRow, Select, Tabs, Text
from layouts.sheets.readings import Effect, Effects, Found, Note, Paper, Timeline, Warning

KIND = "reassign"
ALARMING = 5  # overdue cases of a unit, in red from here as on the wall
TICKS = 5
STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 4, 6, 12, 24, 48, 96, 168, 336))


def render(sheet: ReassignSheet, texts: Texts) -> SheetView:
    way = sheet.way
    return SheetView(
        kind=KIND,
        title=texts("reassign.title"),
        lines=(
            "，".join(word for word in (sheet.title, sheet.place) if word),
            texts("reassign.line", case_no=sheet.case_no, unit=sheet.lead or texts("reassign.nobody")),
        ),
        left=tuple(_left(sheet, texts)),
        right=tuple(_right(sheet, texts)),
        foot=texts("reassign.foot", version=sheet.version),
        buttons=(
            Button("close", texts("reassign.cancel"), "Esc"),
            Button("submit", _submit(sheet, texts), "Ctrl Enter", primary=True, why_not=_why_not(sheet, texts)),
        ),
        case_no=sheet.case_no,
        version=sheet.version,
        action=(Action.REASSIGN if way is Way.REASSIGN else Action.CO_DISPATCH).value,
        given={"way": way.value},
    )


def _left(sheet: ReassignSheet, texts: Texts) -> list[Block]:
    find = Text("find", texts("reassign.find"), sheet.found, placeholder=texts("reassign.find_hint"))
    blocks: list[Block] = [
        Tabs("way", tuple(Choice(way.value, texts(f"reassign.way.{way}")) for way in Way), sheet.way.value),
        Row((find, _informed(sheet, texts))) if sheet.way is not Way.PAIR else find,
        _units(sheet, texts),
    ]
    if sheet.way is Way.REASSIGN:
        blocks.append(_reasons(sheet, texts))
        if sheet.reason is Reason.CAPACITY:
            blocks.append(_rather_pair(texts))
    if sheet.way is Way.PAIR:
        roles = tuple(Choice(role, texts(f"reassign.role.{role}"), texts(f"reassign.role.{role}_line"))
                      for role in ("assist", "informed"))  # fmt: skip
        blocks.append(Chips("role", texts("reassign.role.label"), roles, sheet.role))
    required = sheet.way is Way.REASSIGN
    blocks.append(Text("note", texts("reassign.note"), sheet.note, rows=3, longest=LONGEST_NOTE, required=required))
    return blocks


def _units(sheet: ReassignSheet, texts: Texts) -> Pick:
    heads = tuple(texts(f"reassign.head.{name}") for name in ("open", "overdue", "soon", "receive", "rework"))
    many = sheet.way is Way.MANY
    rows = tuple(_unit(unit, sheet, texts) for unit in sheet.candidates)
    name = "assist" if many else "unit"
    return Pick(name, (texts(f"reassign.head.{sheet.way}"), *heads), rows, ",".join(sheet.chosen), many=many)


def _unit(unit: Candidate, sheet: ReassignSheet, texts: Texts) -> PickRow:
    late: Tone = "alarm" if unit.overdue >= ALARMING else ""
    receive = NONE if unit.receive_minutes is None else duration(unit.receive_minutes, texts)
    rework = NONE if unit.rework is None else f"{percent(unit.rework)}%"
    closed = unit.takes_part or (unit.leads and sheet.way is not Way.REASSIGN)
    return PickRow(
        value=unit.key,
        name=unit.name,
        note=_fit(unit, texts),
        cells=(
            (str(unit.open), ""), (str(unit.overdue), late), (str(unit.within_two_hours), ""), (receive, ""),
            (rework, ""),
        ),
        why_not=(texts("reassign.takes_part") if unit.takes_part else texts("reassign.leads")) if closed else "",
    )  # fmt: skip


def _fit(unit: Candidate, texts: Texts) -> str:
    """Why the unit stands where it stands."""
    if unit.leads:
        return texts("reassign.leads")
    if unit.usual:
        return texts("reassign.usual")
    return texts("reassign.had", share=percent(unit.share)) if unit.share else ""


def _reasons(sheet: ReassignSheet, texts: Texts) -> Cards:
    choices = tuple(
        Choice(
            reason.value,
            texts("reassign.reason.card", reason=REASON_WORDS[reason], what=texts(f"reassign.reason.{reason}")),
            texts(f"reassign.reason.{reason}_line"),
        )
        for reason in Reason
    )
    value = sheet.reason.value if sheet.reason else ""
    return Cards("reason", texts("reassign.reason.label"), choices, value, hint=texts("reassign.reason.hint"))


def _rather_pair(texts: Texts) -> Found:
    row = {
        "head": texts("reassign.pair.head"), "mark": "", "line": texts("reassign.pair.line"), "act": "way",
        "value": Way.PAIR.value, "label": texts("reassign.pair.button"),
    }  # fmt: skip
    return Found(texts("reassign.pair.title"), (row,))


def _informed(sheet: ReassignSheet, texts: Texts) -> Select:
    choices = tuple(Choice(key, name) for key, name in sheet.units if key not in sheet.chosen)
    return Select("informed", texts("reassign.informed"), choices, ",".join(sheet.informed),
                  note=texts("reassign.several"), many=True)  # fmt: skip


def _right(sheet: ReassignSheet, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    timeline = _timeline(sheet, texts)
    if timeline is not None:
        blocks.append(timeline)
    blocks.append(Effects("" if timeline else texts("reassign.clock"), tuple(_effects(sheet, texts))))
    blocks += [_burdened(unit, texts) for unit in _going(sheet) if unit.overdue]
    if sheet.clock is not None and sheet.clock.provisional:
        blocks.append(Warning(texts("reassign.provisional")))
    if _going(sheet):
        blocks.append(Note(texts("reassign.told"), _told(sheet, texts)))
    if sheet.slip is not None:
        blocks.append(Paper(slip(sheet.slip), texts("reassign.slip"), texts("reassign.slip_note")))
    return blocks


def _effects(sheet: ReassignSheet, texts: Texts) -> list[Effect]:
    rows = []
    due = sheet.clock.due if sheet.clock else None
    for unit in _going(sheet):
        until = texts("reassign.no_limit") if due is None else _moment(due, sheet, texts)
        rows.append(Effect(texts("reassign.effect.due", unit=unit.name), until))
    if sheet.way is Way.REASSIGN and sheet.overdue and _going(sheet):
        freed = sheet.reason is Reason.DISPATCHER_ERROR
        counted = texts("reassign.effect.counted")
        kept = texts("reassign.effect.freed") if freed else counted
        rows.append(Effect(texts("reassign.effect.overdue", unit=sheet.lead), kept, counted if freed else ""))
    if sheet.way is not Way.REASSIGN and sheet.due is not None:
        until = texts("reassign.effect.same", due=_moment(sheet.due, sheet, texts))
        rows.append(Effect(texts("reassign.effect.lead", unit=sheet.lead), until))
    for unit in _going(sheet):
        if not (sheet.way is Way.PAIR and sheet.role == "informed"):
            rows.append(Effect(texts("reassign.effect.open", unit=unit.name), str(unit.open + 1), str(unit.open)))
    if sheet.accuracy is not None and sheet.accuracy[0].value is not None and sheet.accuracy[1].value is not None:
        before, after = (f"{percent(rate.value)}%" for rate in sheet.accuracy if rate.value is not None)
        rows.append(Effect(texts("reassign.effect.accuracy"), after, before))
    whole = int((sheet.now - sheet.reported).total_seconds()) // 60
    rows.append(Effect(texts("reassign.effect.elapsed"), texts("reassign.effect.runs", time=duration(whole, texts))))
    return rows


def _going(sheet: ReassignSheet) -> Sequence[Candidate]:
    """The units that would get the case: none for lack of hands, which is no reassignment."""
    capacity = sheet.way is Way.REASSIGN and sheet.reason is Reason.CAPACITY
    return () if capacity else sheet.targets


def _burdened(unit: Candidate, texts: Texts) -> Warning:
    longest = duration(int(unit.longest_overdue.total_seconds()) // 60, texts)
    return Warning(texts("reassign.burdened", unit=unit.name, count=unit.overdue, longest=longest))


def _told(sheet: ReassignSheet, texts: Texts) -> str:
    names = texts("reassign.and").join(unit.name for unit in sheet.targets)
    others = [name for key, name in sheet.units if key in sheet.informed]
    also = [sheet.lead, *others] if sheet.way is Way.REASSIGN else others
    if not also:
        return texts("reassign.told_only", units=names)
    return texts("reassign.told_also", units=names, others=texts("reassign.and").join(also))


def _timeline(sheet: ReassignSheet, texts: Texts) -> Timeline | None:
    """Both clocks on one axis: what the old unit had, what is past its limit, what the new one gets."""
    due = sheet.clock.due if sheet.clock else None
    if sheet.started is None:
        return None
    ends = [moment for moment in (sheet.due, due if _going(sheet) else None, sheet.now) if moment is not None]
    first, ticks = _axis(sheet.started, max(ends), sheet, texts)
    whole = ticks[-1][0] - first
    if whole <= timedelta():
        return None

    def share(moment: datetime) -> float:
        return min(1.0, max(0.0, (moment - first) / whole))

    limit = in_words(sheet.limit) if sheet.limit else ""
    bars: list[tuple[str, float, float, Tone]] = []
    until = sheet.due or sheet.now
    bars.append((f"{sheet.lead} {limit}".strip(), share(sheet.started), share(until), ""))
    if sheet.overdue and sheet.due is not None:
        late = duration(int((sheet.now - sheet.due).total_seconds()) // 60, texts)
        bars.append((texts("reassign.late", time=late), share(sheet.due), share(sheet.now), "alarm"))
    if due is not None:
        for unit in _going(sheet)[:2]:
            bars.append((f"{unit.name} {limit}".strip(), share(sheet.now), share(due), ""))
    now = texts("reassign.now", time=f"{sheet.now.astimezone(sheet.zone):%H:%M}")
    return Timeline(
        texts("reassign.clock"),
        tuple(bars),
        share(sheet.now),
        now,
        tuple((share(at), words) for at, words in ticks[:-1]),
    )


def _axis(
    start: datetime, end: datetime, sheet: ReassignSheet, texts: Texts
) -> tuple[datetime, list[tuple[datetime, str]]]:
    """The beginning of the axis and its ticks on whole hours or days of the city; the last one is the axis' end."""
    step = next((step for step in STEPS if (end - start) / step <= TICKS), (end - start) / TICKS)
    local = start.astimezone(sheet.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + (local - midnight) // step * step
    ticks, at = [], first
    while at <= end.astimezone(sheet.zone) + step:
        words = texts("reassign.tick_day", month=at.month, day=at.day) if step >= STEPS[5] else f"{at:%H:%M}"
        ticks.append((at, words))
        at += step
    return first, ticks


def _moment(at: datetime, sheet: ReassignSheet, texts: Texts) -> str:
    """The time, with seconds as the clock has them; the day where it is not today."""
    local = at.astimezone(sheet.zone)
    if local.date() == sheet.now.astimezone(sheet.zone).date():
        return f"{local:%H:%M:%S}"
    weekday = texts("reassign.weekdays").split()[local.weekday()]
    return texts("reassign.dated", month=local.month, day=local.day, weekday=weekday, time=f"{local:%H:%M}")


def _submit(sheet: ReassignSheet, texts: Texts) -> str:
    names = texts("reassign.and").join(unit.name for unit in sheet.targets)
    if sheet.way is Way.REASSIGN:
        return texts("reassign.submit", unit=names) if names else texts("reassign.submit_any")
    return texts("reassign.add", unit=names) if names else texts("reassign.add_any")


def _why_not(sheet: ReassignSheet, texts: Texts) -> str:
    return texts(f"reassign.why.{sheet.why_not}") if sheet.why_not else ""
