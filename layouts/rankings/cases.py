"""The cases behind a number, as a list beside the table and as a page of its own: street and road, no house number."""

from datetime import date

from config.texts import Texts
from domain.city import City
from domain.ranking_view import CaseLine, CaseList
from layouts import formats
from layouts.rankings import exact

Json = dict[str, object]
P = "rankings_why.cases"
PAGE = 50


def cases_view(cases: CaseList, city: City, texts: Texts) -> Json:
    """The JSON of /api/rankings/cases."""
    today = city.day_of(cases.ask.as_of)
    known = f"rankings_why.tab.{cases.which}"
    which = texts(known) if texts.has(known) else cases.which
    total = formats.count(cases.total)
    first = (cases.page - 1) * PAGE + 1
    pages = texts(f"{P}.pages", first=first, last=first + len(cases.lines) - 1, total=total)
    return {
        "key": cases.key,
        "which": cases.which,
        "in_score": "1" if cases.in_score else "",
        "head": texts(f"{P}.head", name=cases.name, which=which, total=total),
        "total": cases.total,
        "page": cases.page,
        "pages": cases.pages,
        "shown": pages if cases.lines else texts(f"{P}.none"),
        "lines": [_line(line, cases.which, today, city, texts) for line in cases.lines],
    }


def _line(line: CaseLine, which: str, today: date, city: City, texts: Texts) -> Json:
    place = " ".join(part for part in (line.street, line.road) if part)
    late = ""
    if line.late_s is not None:
        late = texts(f"{P}.late", time=formats.duration(line.late_s // 60, texts))
    return {
        "no": line.case_no,
        "title": texts("rankings.comma").join(part for part in (line.category, place) if part),
        "stage": line.stage,
        "late": late,
        "open": line.closed_at is None,
        "times": _times(line, today, city, texts),
        "done": _done(line, which, texts),
    }


def _times(line: CaseLine, today: date, city: City, texts: Texts) -> str:
    moments = {"closed": line.closed_at, "handled": line.handled_at, "due": line.due_at}
    for name, moment in moments.items():
        if moment is not None:
            return texts(f"{P}.{name}", time=formats.row_time(moment, today, city, texts))
    return ""


def _done(line: CaseLine, which: str, texts: Texts) -> str:
    """What was done about it, and what it costs."""
    said = []
    if line.exempted:
        said.append(texts(f"{P}.exempted"))
    if line.supervised:
        said.append(texts(f"{P}.supervised"))
    elif line.urged:
        said.append(texts(f"{P}.urged", count=line.urged))
    elif which == "overdue_open":
        said.append(texts(f"{P}.not_urged"))
    for name, count in (("rework", line.rework_count), ("extended", line.extension_count)):
        said += [texts(f"{P}.{name}", count=count)] if count else []
    if line.cost:
        said.append(texts(f"{P}.cost", points=exact.points(line.cost, 3)))
    return texts("rankings.comma").join(said)
