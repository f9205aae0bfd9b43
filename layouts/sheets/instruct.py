"""领导批示: one column that a telephone can show."""

from datetime import datetime

from config.texts import Texts
from domain.instructions import LONGEST, InstructPaper, Standing
from domain.life_cycle import Action
from layouts.sheets.blocks import Block, Button, Choice, SheetView
from layouts.sheets.fields import Chips, Moment, Text
from layouts.sheets.readings import Note

KIND = "instruct"


def render(paper: InstructPaper, texts: Texts) -> SheetView:
    unit = paper.unit or texts("unit.none")
    line = texts("instruct.line", category=paper.category, place=paper.place) if paper.place else paper.category
    why = paper.error or ("" if paper.text.strip() else texts("instruct.empty"))
    return SheetView(
        kind=KIND,
        title=texts("instruct.title"),
        lines=(line, texts("instruct.state", number=paper.case_no, unit=unit, state=paper.state)),
        left=(*_written(paper, texts), *(_earlier(one, paper, texts) for one in paper.earlier)),
        right=(),
        foot=texts("instruct.foot"),
        buttons=(Button("submit", texts("instruct.submit"), "Ctrl Enter", primary=True, why_not=why),),
        case_no=paper.case_no,
        version=paper.version,
        action=Action.INSTRUCT.value,
    )


def _written(paper: InstructPaper, texts: Texts) -> tuple[Block, ...]:
    offered = {_value(moment, paper): moment for moment in paper.offered}
    choices = tuple(Choice(value, _words(moment, paper, texts)) for value, moment in offered.items())
    return (
        Text("text", texts("instruct.text"), paper.text, rows=5, longest=LONGEST, required=True),
        Chips("due", texts("instruct.due"), choices, paper.due if paper.due in offered else ""),
        Moment("due", texts("instruct.own_due"), paper.due, error=paper.error),
        Note(texts("instruct.what_head"), texts("instruct.what", unit=paper.unit or texts("unit.none"))),
    )


def _earlier(one: Standing, paper: InstructPaper, texts: Texts) -> Note:
    state = "met" if one.met else "missed" if one.due < paper.now else "running"
    return Note(texts("instruct.earlier"), texts(f"instruct.{state}", due=_words(one.due, paper, texts)))


def _value(moment: datetime, paper: InstructPaper) -> str:
    return f"{paper.city.local(moment):%Y-%m-%dT%H:%M}"


def _words(moment: datetime, paper: InstructPaper, texts: Texts) -> str:
    """Today 16:00, tomorrow 12:00, else with its day."""
    local = paper.city.local(moment)
    days = (local.date() - paper.city.day_of(paper.now)).days
    key = {0: "today", 1: "tomorrow"}.get(days, "day")
    return texts(f"instruct.{key}", month=local.month, day=local.day, time=f"{local:%H:%M}")
