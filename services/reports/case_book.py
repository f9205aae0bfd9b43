"""The cases behind a number as cells: street and road only, never a house number or who reported it."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from domain.city import City
from domain.documents import long_moment
from domain.ranking_view import CaseLine, CaseList
from services.reports.sheets import Cell, Column, Formula, Table, csv_file, workbook
from services.reports.views import COUNT_WORDS, NARROWED, NARROWED_WORDS, days_of, subtitle

COLUMNS = (
    Column("case_no", "案件编号"),
    Column("stage", "阶段"),
    Column("category", "问题分类"),
    Column("street", "街道"),
    Column("road", "道路"),
    Column("registered_at", "立案时间", "moment"),
    Column("due_at", "处置期限", "moment"),
    Column("handled_at", "处置时间", "moment"),
    Column("closed_at", "结案时间", "moment"),
    Column("late_h", "超期（小时）", "points"),
    Column("rework_count", "返工次数", "count"),
    Column("extension_count", "延期次数", "count"),
    Column("urged", "催办次数", "count"),
    Column("supervised", "督办通知单"),
    Column("exempted", "申诉成立"),
    Column("cost", "影响分值", "points"),
)
HOUR = 3600
LISTS: Mapping[str, str] = {
    "late": "超期结案",
    "open": "在办",
    "overdue_open": "超期在办",
    "due_soon": "即将到期",
    "suspended": "挂账",
    "extended": "应结案中延期",
    "returned": "应结案中回退",
    "exempted": "申诉成立",
    "special": "特殊案件",
    "due": "到期",
    "marked": "时间有疑问",
    "recurrence_count": "重复发生",
    "self_handled": "举手之劳",
    "simple": "简易程序",
    "closed_without_deadline": "无期限结案",
    "closure_due_without_deadline": "应结案（无期限）",
    "handling_due_without_deadline": "应处置（无期限）",
}
"""Lists that no rate is made of; the others are named as in views.COUNT_WORDS."""


def cases_book(cases: CaseList, city: City) -> bytes:
    """The lines of the list, which is asked for without a page so that they are all of them."""
    return workbook([cases_sheet(cases, city)], _notes(cases, city), city.local(cases.ask.as_of))


def cases_csv(cases: CaseList, city: City) -> bytes:
    """A case a line, without the sum at the end: programs count for themselves."""
    sheet = cases_sheet(cases, city)
    return csv_file(replace(sheet, rows=sheet.rows[: len(cases.lines)]))


def list_name(which: str) -> str:
    """What a list of cases is called: the count it stands behind."""
    timed = which.removesuffix("_timed")
    name = LISTS.get(timed) or COUNT_WORDS.get(timed, timed)
    return name if timed == which else f"{name}（有期限）"


def cases_sheet(cases: CaseList, city: City) -> Table:
    rows = [_row(line, city) for line in cases.lines]
    strong = frozenset({len(rows)} if rows else ())
    if rows:
        rows.append({"case_no": "合计", "stage": Formula(f"COUNTA([case_no@0:{len(rows) - 1}])", len(rows))})
    title = f"{cases.name}　{list_name(cases.which)}"
    return Table("案件", title, subtitle(cases.ask, city), COLUMNS, tuple(rows), strong, frozen=1)


def _row(line: CaseLine, city: City) -> Mapping[str, Cell]:
    moments = {
        name: None if (at := getattr(line, name)) is None else city.local(at)
        for name in ("registered_at", "due_at", "handled_at", "closed_at")
    }
    return {
        "case_no": line.case_no,
        "stage": line.stage,
        "category": line.category,
        "street": line.street,
        "road": line.road,
        **moments,
        "late_h": None if line.late_s is None else Fraction(line.late_s, HOUR),
        "rework_count": line.rework_count,
        "extension_count": line.extension_count,
        "urged": line.urged,
        "supervised": "有" if line.supervised else "",
        "exempted": "是，不计入得分" if line.exempted else "",
        "cost": line.cost,
    }


def _notes(cases: CaseList, city: City) -> list[tuple[str, str]]:
    notes = [
        ("对象", cases.name),
        ("案件", f"{list_name(cases.which)}，共 {cases.total} 件"),
        ("周期", days_of(cases.ask)),
    ]
    notes.append(("数据时间", long_moment(city.local(cases.ask.as_of))))
    if cases.in_score:
        notes.append(("口径", "计入得分的案件，申诉成立的已除外"))
    if cases.ask.filters:
        notes.append((NARROWED, NARROWED_WORDS))
    notes.append(("隐私", "地点只到街道和道路，不含门牌号和举报人信息"))
    return notes
