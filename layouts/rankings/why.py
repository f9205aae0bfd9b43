"""Why this rank, as the drawer draws it: lines that add up, sentences, and what opens which cases."""

from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.explanation import Gap, Goal, most_bettered
from domain.ranking_view import PartView, Why
from domain.score_rule import ScoreRule
from domain.scoring import BASE_POINTS, WORK_VALUE, Unranked, sample
from layouts import formats
from layouts.rankings import exact, spans, wording
from layouts.rankings.sentences import Run, runs
from layouts.rankings.table import TONES, grade_tone

Json = dict[str, object]
P = "rankings_why"


def why_view(why: Why, city: City, texts: Texts) -> Json:
    """The JSON of /api/rankings/why for a score."""
    row, unit = why.row, why.row.unit
    return {
        "kind": "why",
        "key": unit.key,
        "name": row.name,
        "grade": _grade(why),
        "meta": _meta(why, city, texts),
        "unranked": _unranked(why, city, texts),
        "parts": _parts(why, texts),
        "sum": _sum(why, texts),
        "says": _says(why, texts),
        "costs": _costs(why, texts),
        "tabs": [{"which": which, "name": texts(f"{P}.tab.{which}"), "count": count} for which, count in why.tabs],
        "rule": _rule(why.rule, texts),
        "what_if": _what_if(why, city, texts),
        "in_score": "1",
    }


def _grade(why: Why) -> Json | None:
    unit = why.row.unit
    if unit.grade is None:
        return None
    return {"text": unit.grade, "tone": grade_tone(unit, why.rule, open_end=why.unfinished is not None)}


def _meta(why: Why, city: City, texts: Texts) -> str:
    """一类单位第 4 名，较上月同日上升 2 位，5月1日 至 19日 14:32"""
    unit = why.row.unit
    if unit.rank is None:
        said = [texts(f"{P}.unranked", **{"class": why.class_name})]
    else:
        tied = texts(f"{P}.tied") if why.row.tied else ""
        said = [texts(f"{P}.place", rank=unit.rank, **{"class": why.class_name}) + tied]
    by, before = why.row.movement.rank, spans.compared(why.ask, why.previous, why.unfinished, texts)
    if unit.rank is not None and by is not None and before:
        word = "same" if not by else "up" if by > 0 else "down"
        values: Json = {"before": before} if not by else {"before": before, "by": abs(by)}
        said.append(texts(f"{P}.moved.{word}", **values))
    return texts("rankings.comma").join([*said, spans.asked(why.ask, city, texts)])


def _unranked(why: Why, city: City, texts: Texts) -> str:
    if why.row.unit.unranked is Unranked.NO_CASES:
        return texts(f"{P}.no_cases")
    if why.row.unit.unranked is Unranked.NO_RATE:
        return texts(f"{P}.no_rate")
    if why.row.unit.unranked is Unranked.SMALL_SAMPLE:
        counted, minimum = sample(why.rule, why.row.counts, city.options), why.rule.minimum_sample
        return texts(f"{P}.small_sample", sample=counted, minimum=minimum, missing=minimum - counted)
    return ""


def _parts(why: Why, texts: Texts) -> list[Json]:
    """With the tones of the bar in the table: deductions hatched, the others one after another."""
    lines, positive = [], 0
    for part in why.parts:
        tone = "kb" if part.indicator == BASE_POINTS else "kn" if part.weight < 0 else TONES[positive % len(TONES)]
        positive += tone.startswith("k") and tone not in ("kb", "kn")
        lines.append(_part(part, why, tone, texts))
    return lines


def _part(part: PartView, why: Why, tone: str, texts: Texts) -> Json:
    """3,446 ÷ 3,876 = 88.91 % × 40 = 35.56; numerator and denominator open their cases."""
    name = wording.part_name(part.indicator, texts)
    line: Json = {
        "name": name,
        "means": _means(part, why, texts),
        "weight": f"× {exact.number(abs(part.weight))}",
        "points": exact.points(part.shown),
        "tone": tone,
    }
    if part.indicator == BASE_POINTS:
        return line | {"weight": "", "fraction": [], "rate": "", "bar": None}
    share = part.numerator / part.denominator if part.denominator else None
    rate = formats.NONE if share is None else exact.percent(share)
    return line | {
        "fraction": _fraction(part, texts),
        "rate": texts(f"{P}.rest", share=rate) if part.complement else rate,
        "bar": exact.bar(None if share is None else 1 - share if part.complement else share),
        "median": exact.bar(None if part.median is None else 1 - part.median if part.complement else part.median),
        "median_words": "" if part.median is None else texts(f"{P}.median", share=exact.percent(part.median)),
    }


def _means(part: PartView, why: Why, texts: Texts) -> str:
    """按期结案数 ÷ 应结案数, as the city reads it; said when cases without a deadline are left out of it."""
    known = f"{P}.means.{part.indicator}"
    if texts.has(known):
        return texts(known)
    above, below = wording.made_of(part.definition, texts)
    whole = part.behind[-1].removesuffix("_timed")
    fewer = whole != part.behind[-1] and part.denominator < getattr(why.row.counts, whole)
    return texts(f"{P}.means.{'timed' if fewer else 'rate'}", above=above, below=below)


def _fraction(part: PartView, texts: Texts) -> list[Json]:
    numbers = (part.numerator, part.denominator)
    opens = ("", "") if part.indicator == WORK_VALUE else (*part.behind, "", "")[:2]
    return [_number(number, which, texts) for number, which in zip(numbers, opens, strict=True)]


def _number(value: Fraction, which: str, texts: Texts) -> Json:
    said = exact.number(value)
    if not which:
        return {"text": said}
    name = texts(f"{P}.tab.{which}") if texts.has(f"{P}.tab.{which}") else which
    return {"text": said, "which": which, "words": texts(f"{P}.opens", name=name, count=said)}


def _sum(why: Why, texts: Texts) -> Json | None:
    if why.explanation.shown_score is None:
        return None
    shown = [exact.points(part.shown) for part in why.parts]
    terms = shown[0] + "".join(f" − {t[1:]}" if t.startswith(exact.MINUS) else f" + {t}" for t in shown[1:])
    return {
        "name": texts(f"{P}.sum"),
        "terms": terms,
        "maximum": texts(f"{P}.maximum", maximum=exact.number(why.rule.maximum)),
        "score": exact.points(why.explanation.shown_score),
    }


def _says(why: Why, texts: Texts) -> list[list[Run]]:
    told = [_gap(gap, texts) for gap in (why.explanation.next_grade, why.explanation.next_rank) if gap is not None]
    if why.explanation.median is not None:
        score = exact.points(why.explanation.median)
        told.append(runs(texts(f"{P}.median_score", peers=why.explanation.peers, score=score)))
    return told + _exempted(why, texts)


def _gap(gap: Gap, texts: Texts) -> list[Run]:
    name = {Goal.RANK: "rank_gap", Goal.GRADE: "grade_gap", Goal.PASS_LINE: "pass_gap"}[gap.goal]
    values: Json = {"to": gap.to, "points": exact.points(gap.points)}
    if gap.cases is None:
        return runs(texts(f"{P}.{name}_none", **values))
    return runs(texts(f"{P}.{name}", **values, cases=gap.cases, late=gap.late, open=gap.open))


def _exempted(why: Why, texts: Texts) -> list[list[Run]]:
    """What weighs on nothing, by reason; reasons without a case are not mentioned."""
    found, listed = why.explanation.exemptions, {which for which, _ in why.tabs}
    told: list[tuple[str, int, Json, str]] = [
        ("extended", found.extended, {"on_time": why.extended_on_time}, "extended"),
        ("suspended", found.suspended, {}, "suspended"),
        ("freed", why.freed, {}, ""),
        ("appealed", found.appealed, {}, "exempted"),
        ("without_deadline", found.without_deadline, {}, ""),
        ("marked", found.marked, {}, ""),
    ]
    return [
        runs(texts(f"{P}.{name}", count=formats.count(count), **more), opens if opens in listed else "")
        for name, count, more, opens in told
        if count
    ]


def _costs(why: Why, texts: Texts) -> Json:
    costs = {"late": why.cost.late, "open": why.cost.open, "rework": why.cost.rework}
    lines = [texts(f"{P}.cost.{name}", points=exact.points(cost, 3)) for name, cost in costs.items() if cost]
    return {"head": texts(f"{P}.cost.head"), "lines": lines or [texts(f"{P}.cost.none")]}


def _rule(rule: ScoreRule, texts: Texts) -> Json:
    terms = [texts("rankings.base_points") + " " + exact.number(rule.base_points * rule.scale)]
    terms = terms if rule.base_points else []
    for part in rule.parts:
        weight = part.weight * rule.rate_scale * rule.scale
        key = "rest_term" if part.complement else "term"
        name = wording.part_name(part.indicator, texts)
        said = texts(f"{P}.rule.{key}", name=name, weight=exact.number(abs(weight)))
        terms.append(said if not terms else f"{exact.MINUS if weight < 0 else '+'} {said}")
    day = wording.dated(rule.effective_from, texts)
    version = texts(f"{P}.rule.version_line", title=rule.title, version=rule.version, day=day)
    lines = [("formula", " ".join(terms)), ("version", version), ("source", rule.source)]
    return {
        "head": texts(f"{P}.rule.head"),
        "lines": [{"name": texts(f"{P}.rule.{name}"), "text": text} for name, text in lines],
    }


def _what_if(why: Why, city: City, texts: Texts) -> Json | None:
    """Two numbers to choose, each at most what there is."""
    if why.row.unit.score is None:
        return None
    late, due = most_bettered(why.rule, why.row.counts, city.options)
    limits = {"open": due, "late": late}
    return {
        "head": texts(f"{P}.what_if.head"),
        "none": "" if any(limits.values()) else texts(f"{P}.what_if.none"),
        "fields": [
            {
                "name": name,
                "label": texts(f"{P}.what_if.{name}"),
                "most": most,
                "of": texts(f"{P}.what_if.of", count=most),
            }
            for name, most in limits.items()
            if most
        ],
    }
