"""A source's written times as instants: microseconds since 1970, with the marks of odd local times."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from domain.marks import Mark

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
# Outside these years a time is a stand-in such as 0001-01-01 or 9999-12-31, and no fact about a case.
EARLIEST = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LATEST = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND

TimeReader = Callable[[str], tuple[int, int]]


def instant_of(microseconds: int) -> datetime:
    return EPOCH + MICROSECOND * microseconds


def microseconds_of(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def time_reader(zone: tzinfo, formats: Sequence[str], ignore_offset: bool) -> TimeReader:
    """A function that reads one written time; it raises ValueError for anything that is not one.

    Times without an offset (or with one that the mapping calls a lie) are local to `zone`: a local time that happened
    twice is the first of the two, one that was skipped is moved forward, and both are marked (DECISIONS 14).
    """
    others = tuple(form for form in formats if form != "iso")

    def read(text: str) -> tuple[int, int]:
        moment = _parse(text, others)
        if moment.tzinfo is not None and not ignore_offset:
            return _in_range(microseconds_of(moment), text), 0
        first = moment.replace(tzinfo=zone, fold=0)
        micros = _in_range(microseconds_of(first), text)
        before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
        if before == after or before is None or after is None:
            return micros, 0
        # Clocks going back: the first pass has the larger offset. Clocks going forward: the smaller one comes first,
        # and reading the skipped time by it lands just as far behind the gap.
        return micros, int(Mark.AMBIGUOUS_TIME if before > after else Mark.NONEXISTENT_TIME)

    return read


def _in_range(micros: int, text: str) -> int:
    if not EARLIEST <= micros < LATEST:
        raise ValueError(text)
    return micros


def _parse(text: str, formats: Sequence[str]) -> datetime:
    # ISO is tried whatever the mapping says: a workbook's own dates arrive in it, and no other form looks like it.
    if text[4:5] == "-" and text[7:8] == "-":
        return datetime.fromisoformat(text)
    for form in formats:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007  the zone is given by the caller
        except ValueError:
            continue
    raise ValueError(text)
