"""A ranking as cells: counts, and formulas that make rates, points, score, rank and grade of them.

Readings of 肃宁 Art. 26 are written into the formulas as the rule has them (domain.score_rule). What a sheet cannot
know, because those it is compared with stand on another sheet, is a value, and 说明 says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from domain.city import City
from domain.explanation import displayed
from domain.indicator_options import ClosureDue
from domain.indicators import Rate
from domain.ranking import RankDisplay, Rounding, Ties
from domain.ranking_view import RankingRow, RankingTable, WatchRow, WatchTable
from domain.reports import NOTHING_DUE, UNSETTLED
from domain.score_rule import Part, Ranked, RatedUnits, Scope, WithoutCases, WorkValueOrder
from domain.scoring import WORK_VALUE, Unranked
from services.reports.heads import INDICATORS, ONE_DAY, formula_of, long_day, moment, plain, score_note
from services.reports.sheets import Cell, Column, Formula, Table, csv_file, workbook

RANKED, SMALL, NO_CASES = "参与排名", "样本不足", "本期无案件"
STATES: Mapping[Unranked | None, str] = {None: RANKED, Unranked.SMALL_SAMPLE: SMALL, Unranked.NO_CASES: NO_CASES}
OBJECTS: Mapping[Ranked, str] = {Ranked.UNIT: "单位", Ranked.COMMUNITY: "社区", Ranked.PATROL: "责任网格"}
PRECISE = 10  # decimals of the score that ranks are made of: far finer than any two scores lie apart
COUNT_WORDS: Mapping[str, str] = {
    "reported": "上报",
    "registered": "立案",
    "dispatched": "派遣",
    "handled": "处置",
    "closed": "结案",
    "on_time": "按期结案",
    "rework": "返工",
    "rework_times": "返工次数",
    "handled_rework": "处置中返工",
    "handled_rework_times": "处置中返工次数",
    "handled_on_time": "按期处置",
    "handling_due": "应处置",
    "overdue_pending": "超期待处置",
    "overdue_unclosed": "超期未结",
    "handling_due_extended": "应处置中延期",
    "dispatched_extended": "派遣中延期",
    "dispatched_suspended": "派遣中挂账",
    "dispatched_returned": "派遣中回退",
    "registered_extension_asked": "立案中申请延期",
    "closure_due": "应结案",
}
CLOSURE_DUE = "closure_due"
CLOSURE_READINGS = frozenset(ClosureDue)
WORK = "工作值"
WITH_DEADLINE = {"on_time_closure_rate": ("closure_due", "closed"), "on_time_handling_rate": ("handling_due",)}


def ranking_book(table: RankingTable, city: City) -> bytes:
    return workbook([ranking_sheet(table, city)], _ranking_notes(table, city), city.local(table.ask.as_of))


def ranking_csv(table: RankingTable, city: City) -> bytes:
    return csv_file(ranking_sheet(table, city))


def watch_book(table: WatchTable, city: City) -> bytes:
    return workbook([watch_sheet(table, city)], _watch_notes(table, city), city.local(table.ask.as_of))


def watch_csv(table: WatchTable, city: City) -> bytes:
    return csv_file(watch_sheet(table, city))


def ranking_sheet(table: RankingTable, city: City) -> Table:
    maker = _Ranking(table, city)
    rows = tuple(maker.row(place) for place in range(len(table.rows)))
    title = f"{table.rule.title}（{_title_word(table, city)}）" + (UNSETTLED if table.unfinished else "")
    return Table("排名", title, subtitle(table, city), tuple(maker.columns()), rows)


def subtitle(table: RankingTable | WatchTable, city: City) -> str:
    span = table.ask.span
    days = f"{long_day(span.first)}至{long_day(span.end - ONE_DAY)}"
    return f"{city.title}　{days}　截至 {moment(city.local(table.ask.as_of))}"


def _title_word(table: RankingTable, city: City) -> str:
    chosen = next((tab.name for tab in table.classes if tab.key == table.ask.unit_class), "")
    return chosen or object_word(table.ask.ranked, city)


def object_word(ranked: Ranked, city: City) -> str:
    """What is ranked, in the city's own word."""
    own = {Ranked.STREET: city.street_noun, Ranked.GRID: city.grid_noun}
    return own.get(ranked) or OBJECTS[ranked]


class _Ranking:
    """Columns and rows of one table: what of it can be a formula is one."""

    def __init__(self, table: RankingTable, city: City) -> None:
        self.table, self.rule, self.city = table, table.rule, city
        self.classes = {row.unit.unit_class for row in table.rows}
        parts = [part.indicator for part in self.rule.parts]
        self.indicators = [name for name in dict.fromkeys([*parts, *table.columns]) if name != WORK_VALUE]
        self.whole = self.rule.rank_scope is Scope.CLASS or table.ask.unit_class is None
        self.whole_work = self.rule.work_value_scope is Scope.CLASS or table.ask.unit_class is None
        self.numbers = self._counted()

    def columns(self) -> Iterator[Column]:
        rule = self.rule
        yield Column("rank", "名次", "count")
        yield Column("name", object_word(self.table.ask.ranked, self.city))
        if self.classes - {None}:
            yield Column("class", "类别")
        yield Column("state", "排名资格")
        for key, head in self.numbers.items():
            yield Column(key, head, "count", "件数")
        for name in self.indicators:
            yield Column(name, INDICATORS[name], "share", "比率")
        if self._works:
            yield Column("place", "结案倒排名次", "points" if rule.ties is Ties.AVERAGE else "count", WORK)
            yield Column("rated", "参评数", "count", WORK)
        if rule.base_points:
            yield Column("p_base", INDICATORS["base_points"], "points", "得分构成", rule.base_points * rule.scale)
        for number, part in enumerate(rule.parts):
            name = f"1－{INDICATORS[part.indicator]}" if part.complement else INDICATORS[part.indicator]
            yield Column(f"p_{number}", name, "points", "得分构成", part.weight * rule.rate_scale * rule.scale)
        yield Column("score", f"得分（满分 {plain(rule.maximum)}）", "points")
        yield Column("exact", "得分（未舍入）", "exact")
        if rule.grades:
            yield Column("grade", "等级")
        yield Column("moved", "名次变化", "count")
        yield Column("remark", "备注")

    @property
    def _works(self) -> bool:
        return any(part.indicator == WORK_VALUE for part in self.rule.parts)

    def _counted(self) -> dict[str, str]:
        """Columns of counts by key: what the work value, and every rate, is made of; each once."""
        found = {"closed": COUNT_WORDS["closed"]} if self._works else {}
        for row in self.table.rows:
            for name in self.indicators:
                for key, head in _made_of(row.rates[name]):
                    found[key] = head
        return found

    def row(self, place: int) -> Mapping[str, Cell]:
        row = self.table.rows[place]
        cells: dict[str, Cell] = {"name": row.name, "state": STATES[row.unit.unranked]}
        if row.unit.unit_class is not None or self.classes - {None}:
            cells["class"] = self.city.unit_classes.get(row.unit.unit_class or "", row.unit.unit_class or "其他")
        if self._works:
            cells["closed"] = row.counts.closed
        for name in self.indicators:
            cells |= self._rate(row.rates[name])
        cells |= self._parts(row)
        cells["exact"], cells["score"] = self._score(row)
        cells["rank"] = self._rank(row, place)
        cells["grade"] = self._grade(row)
        cells["moved"] = row.movement.rank
        cells["remark"] = _remark(row)
        return cells

    def _rate(self, rate: Rate) -> dict[str, Cell]:
        (above, _), (below, _) = _made_of(rate)
        formula = Formula(f'IF([{below}]=0,"—",[{above}]/[{below}])', rate.value)
        return {above: rate.numerator, below: rate.denominator, rate.name: formula}

    def _parts(self, row: RankingRow) -> dict[str, Cell]:
        scored = {part.name: part for part in row.unit.parts}
        cells: dict[str, Cell] = {}
        if self._works:
            cells |= self._work(row)
        if self.rule.base_points:
            cells["p_base"] = self._if_rated("[p_base:weight]", scored["base_points"].points if scored else None)
        for number, part in enumerate(self.rule.parts):
            points = scored[part.indicator].points if scored else None
            cells[f"p_{number}"] = self._if_rated(self._points(part, f"[p_{number}:weight]"), points)
        return cells

    def _if_rated(self, formula: str, value: Fraction | None) -> Formula:
        return Formula(f'IF([state]="{NO_CASES}","—",{formula})', value)

    def _points(self, part: Part, weight: str) -> str:
        if part.indicator == WORK_VALUE:
            above, below = "[place]", "[rated]"
        else:
            rate = self.table.rows[0].rates[part.indicator]
            (above, _), (below, _) = ((f"[{key}]", head) for key, head in _made_of(rate))
        share = f"(1-{above}/{below})" if part.complement else f"{above}/{below}"
        full = self.rule.without_cases is WithoutCases.FULL and part.weight > 0
        return f"IF({below}=0,{weight if full else 0},{share}*{weight})"

    def _work(self, row: RankingRow) -> dict[str, Cell]:
        """倒排名次 by COUNTIFS over closed cases of the 参评单位, with the rule's reading of ties."""
        part = next((part for part in row.unit.parts if part.name == WORK_VALUE), None)
        if part is None:
            return {"place": NOTHING_DUE, "rated": NOTHING_DUE}
        if not self.whole_work:
            return {"place": part.numerator, "rated": part.denominator}
        everybody = self.rule.rated_units is RatedUnits.ALL  # then those without cases take part as well
        others = '[closed:all],">=0"' if everybody else f'[state:all],"<>{NO_CASES}"'
        if self.rule.work_value_scope is Scope.CLASS and self.classes - {None}:
            others += ",[class:all],[class]"
        less = "<" if self.rule.work_value_order is WorkValueOrder.ASCENDING else ">"
        behind = f'COUNTIFS({others},[closed:all],"{less}"&[closed])'
        with_ties = f'COUNTIFS({others},[closed:all],"{less}="&[closed])'
        text = {
            Ties.MIN: f"{behind}+1",
            Ties.MAX: with_ties,
            Ties.AVERAGE: f"({behind}+1+{with_ties})/2",
        }[self.rule.ties]
        return {"place": Formula(text, part.numerator), "rated": Formula(f"COUNTIFS({others})", part.denominator)}

    def _score(self, row: RankingRow) -> tuple[Cell, Cell]:
        """Unrounded, and as shown: half up, but what falls short of the maximum never shows it (DECISIONS 12)."""
        exact, best = row.unit.score, plain(self.rule.maximum)
        first = "[p_base]" if self.rule.base_points else "[p_0]"
        total = f"ROUND(SUM({first}:[p_{len(self.rule.parts) - 1}]),{PRECISE})"
        shown = f"IF(AND([exact]<{best},ROUND([exact],2)>={best}),ROUNDDOWN([exact],2),ROUND([exact],2))"
        score, _ = displayed(self.rule, row.unit, 2, Rounding.HALF_UP)
        return self._if_rated(total, exact), self._if_rated(shown, None if score is None else Fraction(score))

    def _rank(self, row: RankingRow, place: int) -> Cell:
        if not self.whole:
            return NOTHING_DUE if row.unit.rank is None else row.unit.rank
        if self.rule.rank_display is RankDisplay.DENSE:
            return Formula(self._dense(row, place), row.unit.rank)
        others = f'[state:all],"{RANKED}"'
        if self.rule.rank_scope is Scope.CLASS and self.classes - {None}:
            others += ",[class:all],[class]"
        text = f'IF([state]<>"{RANKED}","—",COUNTIFS({others},[exact:all],">"&[exact])+1)'
        return Formula(text, row.unit.rank)

    def _dense(self, row: RankingRow, place: int) -> str:
        """1, 1, 2: one more than the row before, unless it is a tie."""
        if row.unit.rank is None:
            return '"—"'
        before = self.table.rows[place - 1] if place else None
        if before is None or before.unit.rank is None or (row.unit.rank == 1 and before.unit.rank > 1):
            return "1"
        return "[rank:above]+IF([exact]<[exact:above],1,0)" if row.unit.rank > 1 else "1"

    def _grade(self, row: RankingRow) -> Cell:
        if not self.rule.grades:
            return None
        text = '"—"'
        for grade in reversed(self.rule.grades):
            line = grade.at_least
            text = f'"{grade.name}"' if line is None else f'IF([exact]>={plain(line)},"{grade.name}",{text})'
        return Formula(f'IF([state]<>"{RANKED}","—",{text})', row.unit.grade)


def _made_of(rate: Rate) -> tuple[tuple[str, str], tuple[str, str]]:
    """(key, head) of the columns of numerator and denominator, from the rate's definition. All readings of 应结案 are
    one column; an on-time rate divides only by what has a deadline."""
    above, below = rate.definition.split(" / ")
    key = CLOSURE_DUE if below in CLOSURE_READINGS else below
    head = COUNT_WORDS.get(key, key)
    if key in WITH_DEADLINE.get(rate.name, ()):
        key, head = f"{key}_timed", f"{head}（有期限）"
    return (above, COUNT_WORDS.get(above, above)), (key, head)


def _remark(row: RankingRow) -> str:
    words = ["并列"] if row.tied else []
    if row.gap is not None and row.gap.close:
        words.append("差距不显著")
    return "，".join(words)


def _ranking_notes(table: RankingTable, city: City) -> list[tuple[str, str]]:
    rule = table.rule
    notes = [("公式", formula_of(rule)), ("版本", f"{rule.title}，版本 {rule.version}"), ("依据", rule.source)]
    notes += _general(table, city)
    if rule.minimum_sample:
        notes.append(("样本不足", f"应结案（应处置）少于 {rule.minimum_sample} 件的列出、计分，不排名"))
    notes.append(("差距不显著", f"与前一名的差距不超过较小一方 {rule.close_cases} 件按期案件的分值；名次不变"))
    if rule.pass_line is not None:
        notes.append(("合格线", f"{plain(rule.pass_line)} 分" + (f"；{rule.consequence}" if rule.consequence else "")))
    if not _Ranking(table, city).whole:
        notes.append(("名次", "在全市范围内排名，本表只列一类单位，名次为数值"))
    if not _Ranking(table, city).whole_work:
        notes.append(("工作值", "结案倒排名次在全市范围内计算，本表只列一类单位，名次和参评数为数值"))
    if table.counted_twice:
        notes.append(("多派", "单位合计含多派，大于全市案件数"))
    if table.nobody:
        notes.append(("未列入", f"应结案中 {table.nobody} 件未定单位或街道，不在表内"))
    notes.append(("舍入", "两位小数，四舍五入；名次按未舍入的得分排列，未达满分的不显示满分"))
    return notes


def _general(table: RankingTable | WatchTable, city: City) -> list[tuple[str, str]]:
    notes = [("周期", subtitle(table, city).split("　")[1]), ("数据时间", moment(city.local(table.ask.as_of)))]
    if table.unfinished:
        notes.append((UNSETTLED, f"数据尚未定稿，{long_day(table.unfinished.settles_on)}定稿"))
    if table.ask.filters:
        notes.append(("筛选", "已按条件筛选，仅供分析，不作考核依据"))
    return notes


# The watch list


def watch_sheet(table: WatchTable, city: City) -> Table:
    lines = [(line.indicator, line.above) for line in table.rules.lines]
    made: dict[str, str] = {}
    for row in table.rows:
        for name, _ in lines:
            made |= dict(_made_of(row.watched.rates[name]))
    columns = [
        Column("name", "单位"),
        *(Column(key, head, "count", "件数") for key, head in made.items()),
        *(Column(name, INDICATORS[name], "share", "比率（下为警戒线）", above) for name, above in lines),
        Column("special", "特殊案件", "count"),
        Column("crossed", "超警戒线", "count"),
    ]
    rows = tuple(_watched(row, lines) for row in table.rows)
    title = table.rules.title + (UNSETTLED if table.unfinished else "")
    return Table("监看", title, subtitle(table, city), tuple(columns), rows, frozen=1)


def _watched(row: WatchRow, lines: Sequence[tuple[str, Fraction]]) -> Mapping[str, Cell]:
    cells: dict[str, Cell] = {"name": row.name, "special": row.special}
    tests = []
    for name, _ in lines:
        rate = row.watched.rates[name]
        (above, _), (below, _) = _made_of(rate)
        cells |= {above: rate.numerator, below: rate.denominator}
        cells[name] = Formula(f'IF([{below}]=0,"—",[{above}]/[{below}])', rate.value)
        tests.append(f"IF([{below}]=0,0,IF([{above}]/[{below}]>[{name}:weight],1,0))")
    cells["crossed"] = Formula("+".join(tests), len(row.watched.crossed))
    return cells


def _watch_notes(table: WatchTable, city: City) -> list[tuple[str, str]]:
    note = score_note(table.rules)
    return [
        ("警戒线", note.formula),
        ("版本", f"{note.title}，版本 {note.version}"),
        ("依据", note.source),
        *_general(table, city),
        (
            "说明",
            "没有得分和名次；按超过警戒线的项数排列。判定为派遣错误的回退不计。特殊案件为在办且回退两次以上的案件",
        ),
    ]
