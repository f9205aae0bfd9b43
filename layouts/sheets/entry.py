"""快速录入: what the caller says at the left, what it may be already and what it will cause at the right."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

from config.texts import Texts
from domain.applications import UNIT_WORDS
from domain.deadlines import WORKING_UNITS, Deadline, Limit, Step
from domain.duplicates import Likeness
from domain.entry import GUESSED, LONGEST_DESCRIPTION, LONGEST_PLACE, EntryPaper
from domain.life_cycle import STAGE_WORDS, Stage
from domain.pinyin import letters_of
from layouts.sheets.blocks import Block, Button, Choice, Row, SheetView
from layouts.sheets.fields import Select, Spot, Text
from layouts.sheets.readings import Arithmetic, Found, Note, Sum, Warning

KIND = "entry"
ADDRESS = "/api/desk/entry"
READINGS = 4  # of a name whose characters are read in several ways
REPORTED_WITHOUT = {"立案条件", "派遣单位"}  # what 仅登记 can do without


def render(paper: EntryPaper, texts: Texts) -> SheetView:
    local = paper.city.local(paper.called_at)
    return SheetView(
        kind=KIND,
        title=texts("entry.title"),
        lines=(texts("entry.line", time=f"{local:%H:%M}"), ""),
        left=_left(paper, texts),
        right=tuple(_right(paper, texts)),
        foot=_foot(paper, texts),
        buttons=_buttons(paper, texts),
        post=ADDRESS,
    )


def _left(paper: EntryPaper, texts: Texts) -> tuple[Block, ...]:
    draft, errors = paper.draft, paper.errors
    local = paper.city.local(paper.called_at)
    today = local.date() == paper.city.day_of(paper.now)
    return (
        Row(
            (
                Select(
                    "channel", texts("entry.channel"), _choices(paper.channels), draft.channel,
                    error=errors.get("channel", ""),
                ),
                Text(
                    "called_at",
                    texts("entry.called_at"),
                    draft.called_at or f"{local:%H:%M}",
                    note=texts("entry.today") if today else "",
                    error=errors.get("called_at", ""),
                ),
                Text(
                    "reporter",
                    texts("entry.reporter"),
                    draft.reporter,
                    texts("entry.optional"),
                    placeholder=texts("entry.reporter_hint"),
                    error=errors.get("reporter", ""),
                ),
            )
        ),
        Row(
            (
                Select(
                    "category", texts("entry.category"), _classes(paper), draft.category, texts("entry.category_hint"),
                    note=paper.chosen.code if paper.chosen else "",
                ),
                Select(
                    "condition", texts("entry.condition"), _conditions(paper), _condition_value(paper),
                    note=_limit_words(paper.condition.limit) if paper.condition else "",
                    error=errors.get("condition", ""),
                ),
            )
        ),
        Text(
            "place", texts("entry.place"), draft.place, texts("entry.place_hint"), longest=LONGEST_PLACE, required=True,
            note=_place_words(paper), error=errors.get("place", ""),
        ),
        Spot("spot", _spot_value(paper), _spot_hint(paper, texts), paper.around),
        Text(
            "description", texts("entry.description"), draft.description, texts("entry.description_hint"),
            rows=4, longest=LONGEST_DESCRIPTION, required=True, error=errors.get("description", ""),
        ),
    )  # fmt: skip


def _right(paper: EntryPaper, texts: Texts) -> Iterator[Block]:
    rows = tuple(_duplicate(like, paper, texts) for like in paper.duplicates)
    searched = paper.chosen is not None and (paper.place.position or paper.place.grid)
    note = "duplicates_note" if rows else "no_duplicates" if searched else "duplicates_later"
    yield Found(texts("entry.duplicates"), rows, texts(f"entry.{note}"))
    into = paper.into
    if into is not None:
        number = into.case.case_no
        yield Note(texts("entry.into_head"), texts("entry.into_line", number=number))
    if paper.verify_first:
        yield Warning(texts("entry.verify_first"))
    units = _choices(paper.units)
    why = paper.suggested.why if paper.suggested and paper.suggested.key == paper.draft.unit else ""
    yield Select("unit", texts("entry.unit"), units, paper.draft.unit, hint=why, note=texts("entry.lead"))
    if paper.deadline is not None:
        yield arithmetic(paper.deadline, paper, texts)


def _foot(paper: EntryPaper, texts: Texts) -> str:
    if paper.missing:
        return texts("entry.missing", names="、".join(paper.missing))
    return texts("entry.foot")


def _buttons(paper: EntryPaper, texts: Texts) -> tuple[Button, ...]:
    wrong = texts("entry.wrong") if paper.errors else ""
    lacking = [name for name in paper.missing if name not in REPORTED_WITHOUT]
    report = wrong or (texts("entry.missing", names="、".join(lacking)) if lacking else "")
    file = wrong or (texts("entry.missing", names="、".join(paper.missing)) if paper.missing else "")
    file = file or (texts("entry.verify_first") if paper.verify_first else "")
    into = paper.into
    dispatch = Button(
        "report_and_dispatch", texts("entry.dispatch"), "" if into else "Ctrl Enter", primary=into is None, why_not=file
    )  # fmt: skip
    buttons = (Button("report_only", texts("entry.report"), why_not=report), dispatch)
    if into is None:
        return buttons
    label = texts("entry.into", number=into.case.case_no)
    name = f"into:{into.case.case_no}:{into.case.version}"  # the version that is looked at
    return (*buttons, Button(name, label, "Ctrl Enter", primary=True, why_not=wrong))


def _choices(pairs: tuple[tuple[str, str], ...]) -> tuple[Choice, ...]:
    return tuple(Choice(key, name) for key, name in pairs)


def _classes(paper: EntryPaper) -> tuple[Choice, ...]:
    """A class is found by its name, its number, or the initials of its name: they stand in the second line."""
    return tuple(
        Choice(offer.key, offer.name, " ".join(part for part in (offer.code, readings(offer.name)) if part))
        for offer in paper.classes
    )


def readings(name: str) -> str:
    """Every way its initials may be typed: `xds hds`."""
    letters = [letters_of(character) for character in name]
    found = [
        "".join(one) for one, _n in zip(product(*(some for some in letters if some)), range(READINGS), strict=False)
    ]
    return " ".join(found)


def _conditions(paper: EntryPaper) -> tuple[Choice, ...]:
    offers = paper.chosen.conditions if paper.chosen else ()
    return tuple(
        Choice(str(number), offer.text or _limit_words(offer.limit), _limit_words(offer.limit) if offer.text else "")
        for number, offer in enumerate(offers)
    )


def _condition_value(paper: EntryPaper) -> str:
    if paper.chosen is None or paper.condition is None:
        return ""
    return str(paper.chosen.conditions.index(paper.condition))


def _place_words(paper: EntryPaper) -> str:
    place = paper.place
    return "，".join(name for name in (place.grid_name or place.street_name, place.community_name) if name)


def _spot_value(paper: EntryPaper) -> str:
    if paper.place.position is None:
        return ""
    lon, lat = paper.place.position
    return f"{lon},{lat}{GUESSED if paper.place.guessed else ''}"


def _spot_hint(paper: EntryPaper, texts: Texts) -> str:
    if paper.place.position is None:
        return texts("entry.spot_none")
    return texts("entry.spot_guessed" if paper.place.guessed else "entry.spot")


def _duplicate(like: Likeness, paper: EntryPaper, texts: Texts) -> dict[str, str]:
    case = like.case
    parts = [case.case_no]
    if like.metres is None:
        parts.append(texts("entry.same_grid"))
    else:
        parts.append(texts("entry.metres", metres=round(like.metres)))
    parts.append(texts("entry.earlier", age=_age(like.age, texts)))
    state = STAGE_WORDS[Stage(case.stage)]
    parts.append(texts("entry.with_unit", unit=case.unit, state=state) if case.open and case.unit else state)
    if case.open and case.overdue:
        parts.append(texts("entry.overdue"))
    return {
        "head": case.category_name,
        "mark": texts("entry.very_likely") if like.very_likely else "",
        "line": "，".join(parts),
        "act": "into" if case.open else "look",
        "value": case.case_no,
        "label": texts("entry.join" if case.open else "entry.look"),
    }


def _age(age: timedelta, texts: Texts) -> str:
    minutes = age // timedelta(minutes=1)
    if age.days:
        return texts("duration.days", days=age.days)
    hours, rest = divmod(minutes, 60)
    return (
        texts("duration.hours_minutes", hours=hours, minutes=f"{rest:02d}")
        if hours
        else texts("duration.minutes", minutes=rest)
    )


def arithmetic(deadline: Deadline, paper: EntryPaper, texts: Texts) -> Arithmetic:
    """A line for each stretch in which the clock runs, then the sum: when it would be due if it were filed now."""
    hours = deadline.limit.unit in WORKING_UNITS
    key = "entry.stretch" if hours else "entry.stretch_always"
    rows = [
        Sum(
            texts(key, begin=_day(step.start, paper, texts), end=_end(step, paper, texts)),
            _clock(step.counted),
            _clock(step.total),
        )
        for step in deadline.steps
    ]
    total = _clock(deadline.limit.amount)
    due = texts("entry.due", moment=_day(deadline.due, paper, texts), limit=_limit_words(deadline.limit))
    note = texts("entry.provisional") if deadline.provisional else ""
    return Arithmetic(texts("entry.arithmetic"), (*rows, Sum(due, "", total, ruled=True)), note)


def _end(step: Step, paper: EntryPaper, texts: Texts) -> str:
    """The time alone where the stretch ends on the day on which it began."""
    begin, end = paper.city.local(step.start), paper.city.local(step.end)
    return f"{end:%H:%M}" if begin.date() == end.date() else _day(step.end, paper, texts)


def _limit_words(limit: Limit) -> str:
    return f"{float(limit.value):g} {UNIT_WORDS[limit.unit]}"


def _clock(amount: timedelta) -> str:
    hours, rest = divmod(amount // timedelta(minutes=1), 60)
    return f"{hours}:{rest:02d}"


def _day(moment: datetime, paper: EntryPaper, texts: Texts) -> str:
    local, today = paper.city.local(moment), paper.city.day_of(paper.now)
    days = (local.date() - today).days
    time = f"{local:%H:%M}"
    if days in (0, 1):
        return texts("entry.at_today" if days == 0 else "entry.at_tomorrow", time=time)
    return texts("entry.at_day", month=local.month, day=local.day, time=time)
