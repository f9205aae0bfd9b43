"""A ranking as cells: counts, and formulas that make rates, points, score, rank and grade of them.

Readings of 肃宁 Art. 26 are written into the formulas as the rule has them (domain.score_rule). What a sheet cannot
know, because those it is compared with stand on another sheet, is a value, and 说明 says so.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from domain.city import City
from domain.explanation import displayed
from domain.indicators import Rate
from domain.ranking import RankDisplay, Rounding, Ties
from domain.ranking_view import RankingRow, RankingTable
from domain.reports import NOTHING_DUE, UNSETTLED
from domain.score_rule import Part, Ranked, RatedUnits, Scope, WithoutCases, WorkValueOrder
from domain.scoring import WORK_VALUE, Unranked
from services.reports.heads import INDICATORS, formula_of, plain
from services.reports.sheets import Cell, Column, Formula, Table, csv_file, workbook
from services.reports.views import COUNT_WORDS, made_of, rate_formula, subtitle, view_notes

RANKED, SMALL, NO_CASES, NO_RATE = "参与排名", "样本不足", "本期无案件", "不能计分"
STATES: Mapping[Unranked | None, str] = {
    None: RANKED, Unranked.SMALL_SAMPLE: SMALL, Unranked.NO_CASES: NO_CASES, Unranked.NO_RATE: NO_RATE,
}  # fmt: skip
OBJECTS: Mapping[Ranked, str] = {Ranked.UNIT: "单位", Ranked.COMMUNITY: "社区", Ranked.PATROL: "责任网格"}
PRECISE = 10  # decimals of the score that ranks are made of: far finer than any two scores lie apart
WORK = "工作值"


def ranking_book(table: RankingTable, city: City) -> bytes:
    return workbook([ranking_sheet(table, city)], _ranking_notes(table, city), city.local(table.ask.as_of))


def ranking_csv(table: RankingTable, city: City) -> bytes:
    return csv_file(ranking_sheet(table, city))


def ranking_sheet(table: RankingTable, city: City) -> Table:
    maker = _Ranking(table, city)
    rows = tuple(maker.row(place) for place in range(len(table.rows)))
    title = f"{table.rule.title}（{_title_word(table, city)}）" + (UNSETTLED if table.unfinished else "")
    return Table("排名", title, subtitle(table.ask, city), tuple(maker.columns()), rows)


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
                for key, head in made_of(row.rates[name]):
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
        (above, _), (below, _) = made_of(rate)
        return {above: rate.numerator, below: rate.denominator, rate.name: rate_formula(rate)}

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
        return Formula(f'IF([state]="{NO_CASES}","—",IF([state]="{NO_RATE}","—",{formula}))', value)

    def _points(self, part: Part, weight: str) -> str:
        if part.indicator == WORK_VALUE:
            above, below = "[place]", "[rated]"
        else:
            rate = self.table.rows[0].rates[part.indicator]
            (above, _), (below, _) = ((f"[{key}]", head) for key, head in made_of(rate))
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
        others = '[closed:all],">=0"' if everybody else f'[state:all],"<>{NO_CASES}",[state:all],"<>{NO_RATE}"'
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


def _remark(row: RankingRow) -> str:
    words = ["并列"] if row.tied else []
    if row.gap is not None and row.gap.close:
        words.append("差距不显著")
    return "，".join(words)


def _ranking_notes(table: RankingTable, city: City) -> list[tuple[str, str]]:
    rule = table.rule
    notes = [("公式", formula_of(rule)), ("版本", f"{rule.title}，版本 {rule.version}"), ("依据", rule.source)]
    notes += view_notes(table, city)
    if rule.minimum_sample:
        notes.append(("样本不足", f"应结案（应处置）少于 {rule.minimum_sample} 件的列出、计分，不排名"))
    if any(row.unit.unranked is Unranked.NO_RATE for row in table.rows):
        notes.append((NO_RATE, "本期有案件，但得分的某一项没有分母（例如案件都没有期限）"))
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
