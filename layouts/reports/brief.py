"""《工作简报》 on paper: A4, every statement with its number, a chart of days and a map of streets."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby, pairwise

from domain.reports import BriefFacts, ClassScores, DayFigures, ScoreLine, StreetLine, StreetMap
from layouts.reports import words
from layouts.reports.press import press

Json = dict[str, object]
CHART = (118.0, 40.0)  # mm, without its words
STEPS = (5, 10, 20, 50, 100, 200, 400, 500, 1000, 2000, 4000, 5000, 10_000, 20_000, 50_000)
LINES = 4  # gridlines above zero
APART = 4.0  # mm between the words of two lines that end close to each other


def brief_paper(facts: BriefFacts) -> bytes:
    """PDF, DESIGN_LANGUAGE section 17."""
    return press("brief", brief_sheet(facts), facts.head.as_of)


def brief_sheet(facts: BriefFacts) -> Json:
    """What the template sets: words, and the points of its two pictures."""
    said = facts.sentences
    return words.head(facts.head) | {
        "overall": list(said.overall),
        "main_heads": ["指标", facts.period_name, facts.before_name, "环比", facts.last_year_name, "同比"],
        "main": [
            [
                f"{figure.name}（{figure.unit}）",
                words.amount(figure.now),
                words.amount(figure.before),
                words.change(figure, figure.against_before),
                words.amount(figure.last_year),
                words.change(figure, figure.against_last_year),
            ]
            for figure in facts.main
        ],
        "main_notes": "；".join(note for note in (facts.before_missing, facts.last_year_missing) if note),
        "chart": day_chart(facts.days),
        "chart_title": f"{facts.period_name}逐日立案与结案（件）",
        "days": list(said.days),
        "categories": list(said.categories),
        "noun": facts.street_noun,
        "streets": list(said.streets),
        "street_heads": words.street_heads(facts.street_noun, facts.streets),
        "street_rows": [words.street(line) for line in facts.streets],
        "map": street_map(facts.street_map, facts.streets) if facts.street_map else None,
        "units": list(said.units),
        "tables": [_scores(one, facts.score_title) for one in facts.classes if one.ranked],
        "score_note": _score_note(facts),
        "supervision": list(said.supervision),
        **words.foot(facts.distribution),
    }


def day_chart(days: Sequence[DayFigures]) -> Json | None:
    """立案 solid and 结案 dashed from zero, holidays as bands, the last values beside the lines."""
    known = [day for day in days if day.known]
    if len(known) < 2:
        return None
    width, height = CHART
    most = max(max(day.registered, day.closed) for day in known)
    step = next((size for size in STEPS if size * LINES >= most), most)
    last = len(days) - 1

    def x(index: int) -> float:
        return round(width * index / last, 2)

    def y(value: int) -> float:
        return round(height - height * value / (step * LINES), 2)

    ends = [y(known[-1].registered), y(known[-1].closed)]
    if abs(ends[0] - ends[1]) < APART:
        ends[ends.index(max(ends))] = min(ends) + APART
    return {
        "size": [width, height],
        "grid": [{"y": y(step * n), "text": f"{step * n:,}"} for n in range(LINES + 1)],
        "ticks": [{"x": x(n), "text": f"{day.day.day}日"} for n, day in enumerate(days) if _ticked(day, n == last)],
        "bands": _bands(days, width),
        "registered": [[x(n), y(day.registered)] for n, day in enumerate(days) if day.known],
        "closed": [[x(n), y(day.closed)] for n, day in enumerate(days) if day.known],
        "labels": [
            {"y": ends[0], "text": f"立案 {known[-1].registered:,}"},
            {"y": ends[1], "text": f"结案 {known[-1].closed:,}"},
        ],
    }


def _ticked(day: DayFigures, is_last: bool) -> bool:
    number = day.day.day
    return is_last or number == 1 or (number % 5 == 0 and number < 30)


def _bands(days: Sequence[DayFigures], width: float) -> list[Json]:
    """Public holidays, from half a day before the first to half a day after the last."""
    one = width / (len(days) - 1)
    found = [(name, list(members)) for name, members in groupby(enumerate(days), key=lambda day: day[1].holiday)]
    return [
        {"from": max(0.0, (some[0][0] - 0.5) * one), "to": min(width, (some[-1][0] + 0.5) * one), "name": name}
        for name, some in found
        if name
    ]


def street_map(drawn: StreetMap, lines: Sequence[StreetLine]) -> Json:
    """The streets in five fixed classes of 处置率, with name and value; a street without a value is left white."""
    known = {line.key: line for line in lines}
    breaks = [words.share(limit).rstrip("0").rstrip(".") for limit in drawn.breaks]
    shapes: list[Json] = []
    for shape in drawn.shapes:
        line = known.get(shape.key)
        rate = line.rate.value if line else None
        shapes.append(
            {
                "rings": [[list(point) for point in ring] for ring in shape.rings],
                "class": _class_of(rate, drawn.breaks),
                "label": list(shape.label),
                "name": line.short_name if line else "",
                "value": "—" if rate is None else f"{words.share(rate)}%",
            }
        )
    between = (f"{a}–{b}" for a, b in pairwise(breaks))
    return {
        "size": [drawn.width, drawn.height],
        "shapes": shapes,
        "legend": [f"<{breaks[0]}%", *between, f"≥{breaks[-1]}"],
    }


def _class_of(rate: Fraction | None, breaks: Sequence[Fraction]) -> int | None:
    return None if rate is None else sum(rate >= limit for limit in breaks)


def _scores(scores: ClassScores, title: str) -> Json:
    shown = len(scores.first) + len(scores.last)
    which = "" if shown >= scores.ranked else "（前三位与后三位）"
    return {
        "title": f"{scores.name}{title}{which}",
        "heads": ["名次", "单位", "应结案", "结案", *(f"{head}%" for _, head in scores.columns), "得分"],
        "rows": [_unit(line, scores) for line in (*scores.first, *scores.last)],
    }


def _unit(line: ScoreLine, scores: ClassScores) -> list[str]:
    rates = [words.share(line.rates[name].value) for name, _ in scores.columns]
    place = words.place(line.rank, line.tied)
    return [place, line.short_name, f"{line.closure_due:,}", f"{line.closed:,}", *rates, words.points(line.score)]


def _score_note(facts: BriefFacts) -> str:
    cited = "；".join(
        f"{note.title}＝{note.formula}，第 {note.version} 版" for note in facts.head.scores if note.formula
    )
    return f"{cited}。保留两位小数，四舍五入；名次按精确值排列。" if cited else ""
