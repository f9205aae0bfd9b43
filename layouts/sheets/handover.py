"""交接班: what is promised and unsolved, what waits and what happened, and to whom it all goes."""

from datetime import datetime, timedelta

from config.texts import Texts
from domain.handover import LONGEST_EVENTS, LONGEST_WORDS, HandoverPaper, shift_name
from layouts.sheets.blocks import Block, Button, Choice, SheetView, Tone
from layouts.sheets.fields import Check, Select, Text
from layouts.sheets.readings import Note, Numbers, Table

KIND = "handover"
ADDRESS = "/api/desk/handover"
SOON = timedelta(hours=1)
Cell = tuple[str, Tone]


def render(paper: HandoverPaper, texts: Texts) -> SheetView:
    return SheetView(
        kind=KIND,
        title=texts("handover.title"),
        lines=(_period(paper, texts), texts("handover.giver", name=paper.name, posts=paper.posts)),
        left=(_numbers(paper, texts), _promises(paper, texts), _unsolved(paper, texts)),
        middle=(_waiting(paper, texts), _events(paper, texts)),
        right=_given(paper, texts),
        foot=texts("handover.foot", number=paper.number),
        buttons=(
            Button("print", texts("handover.print"), "P"),
            Button("draft", texts("handover.draft")),
            Button("submit", texts("handover.sign"), "Ctrl Enter", primary=True, why_not=_why_not(paper, texts)),
        ),
        post=ADDRESS,
        size="full",
    )


def _why_not(paper: HandoverPaper, texts: Texts) -> str:
    if paper.waits_for:
        return texts("handover.waits", name=paper.waits_for)
    if paper.errors:
        return texts("handover.wrong")
    return "" if paper.to else texts("handover.no_taker")


def _period(paper: HandoverPaper, texts: Texts) -> str:
    began, now = paper.city.local(paper.shift.began), paper.city.local(paper.shift.now)
    weekday = texts("clock.weekdays").split()[began.weekday()]
    month = texts("clock.months").split()[began.month - 1]
    name = texts(f"handover.shift.{shift_name(paper.city, paper.shift.began)}")
    return texts(
        "handover.period", month=month, day=began.day, weekday=weekday, shift=name, begin=f"{began:%H:%M}",
        end=f"{now:%H:%M}",
    )  # fmt: skip


def _numbers(paper: HandoverPaper, texts: Texts) -> Numbers:
    shift = paper.shift
    then = "" if shift.overdue_then is None else texts("handover.then", number=f"{shift.overdue_then:,}")
    tone: Tone = "alarm" if shift.overdue else ""
    return Numbers(
        (
            (texts("handover.dispatched"), f"{shift.dispatched:,}", "", ""),
            (texts("handover.supervisions"), f"{shift.supervisions:,}", "", ""),
            (texts("handover.decided"), f"{shift.decided:,}", "", ""),
            (texts("handover.overdue"), f"{shift.overdue:,}", tone, then),
        )
    )


def _promises(paper: HandoverPaper, texts: Texts) -> Table:
    shift = paper.shift
    rows: list[tuple[Cell, ...]] = []
    for one in shift.promises:
        at: Cell = (_moment(one.at, paper, texts), "warn" if one.at - shift.now <= SOON else "strong")
        rows.append((at, (one.title, ""), (one.unit, ""), (one.what, "")))
    return Table(
        title=texts("handover.promises"),
        heads=tuple(texts("handover.promise_heads").split()),
        rows=tuple(rows),
        note=texts("handover.promises_note", count=len(rows)),
        links=tuple(one.case_no for one in shift.promises),
        empty=texts("handover.no_promises"),
    )


def _unsolved(paper: HandoverPaper, texts: Texts) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in paper.shift.unsolved:
        mine = one.held_by == paper.name
        state = texts("handover.held", name=texts("handover.i") if mine else one.held_by) if one.held_by else ""
        late: Cell = ("", "") if one.overdue is None else (_length(one.overdue), "alarm")
        rows.append(((one.title, ""), (state or texts("handover.taken"), ""), late))
    return Table(
        title=texts("handover.unsolved"),
        heads=tuple(texts("handover.unsolved_heads").split()),
        rows=tuple(rows),
        note=texts("handover.unsolved_note", count=len(rows)),
        links=tuple(one.case_no for one in paper.shift.unsolved),
        empty=texts("handover.no_unsolved"),
    )


def _waiting(paper: HandoverPaper, texts: Texts) -> Table:
    now = paper.shift.now
    rows: list[tuple[Cell, ...]] = []
    for one in paper.shift.waiting:
        due: Cell = ("", "")
        if one.due is not None:
            due = (
                _moment(one.due, paper, texts),
                "alarm" if one.due < now else "warn" if one.due - now <= SOON else "",
            )
        rows.append(((one.kind, ""), (one.title, ""), (one.unit, ""), due))
    return Table(
        title=texts("handover.waiting"),
        heads=tuple(texts("handover.waiting_heads").split()),
        rows=tuple(rows),
        note=texts("handover.waiting_note", count=len(rows)),
        links=tuple(one.case_no for one in paper.shift.waiting),
        empty=texts("handover.no_waiting"),
    )


def _events(paper: HandoverPaper, texts: Texts) -> Text:
    began, now = paper.city.local(paper.shift.began), paper.city.local(paper.shift.now)
    hint = texts("handover.events_note", begin=f"{began:%H:%M}", end=f"{now:%H:%M}")
    return Text(
        "events", texts("handover.events"), paper.events, hint, rows=9, longest=LONGEST_EVENTS,
        error=paper.errors.get("events", ""),
    )  # fmt: skip


def _given(paper: HandoverPaper, texts: Texts) -> tuple[Block, ...]:
    choices = tuple(
        Choice(str(one.user_id), one.name, texts("handover.on_duty", posts=one.posts) if one.on_duty else one.posts)
        for one in paper.colleagues
    )
    note = next((one.line for one in choices if one.value == paper.to), "")
    promises = paper.shift.promises
    first = texts("handover.first", time=_moment(promises[0].at, paper, texts)) if promises else ""
    return (
        Select("to", texts("handover.taker"), choices, paper.to, note=note, error=paper.errors.get("to", "")),
        Text(
            "words", texts("handover.words"), paper.words, rows=8, longest=LONGEST_WORDS,
            error=paper.errors.get("words", ""),
        ),
        Check(
            "give_holds", texts("handover.give_holds", count=paper.shift.holds), paper.give_holds,
            texts("handover.give_holds_line"),
        ),
        Check(
            "give_promises", texts("handover.give_promises"), paper.give_promises,
            texts("handover.give_promises_line", count=len(promises), first=first),
        ),
        Note(texts("handover.until_head"), texts("handover.until")),
    )  # fmt: skip


def _moment(moment: datetime, paper: HandoverPaper, texts: Texts) -> str:
    local = paper.city.local(moment)
    days = (local.date() - paper.city.day_of(paper.shift.now)).days
    time = f"{local:%H:%M}"
    if days == 0:
        return time
    if days == 1:
        return texts("handover.tomorrow", time=time)
    return texts("handover.day", month=local.month, day=local.day, time=time)


def _length(amount: timedelta) -> str:
    """+00:04:18, as the queue counts."""
    minutes, seconds = divmod(amount // timedelta(seconds=1), 60)
    hours, rest = divmod(minutes, 60)
    return f"+{hours:02d}:{rest:02d}:{seconds:02d}"
