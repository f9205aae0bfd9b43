"""Places by one rate, as dots on a line: a scale that does not start at zero says so (DESIGN_LANGUAGE §10)."""

from fractions import Fraction

from config.texts import Texts
from domain.city import City
from domain.ranking_view import RankingTable
from domain.score_rule import Ranked
from domain.scoring import WORK_VALUE
from layouts import formats
from layouts.rankings import wording

STEP = Fraction(1, 10)
USUAL = Fraction(8, 10)


def dots(table: RankingTable, city: City, texts: Texts) -> dict[str, object] | None:
    """The rows by the only rate of the rule; None for a rule of several parts. The scale begins at 80 %, or lower
    where a place is below that."""
    rule = table.rule
    if len(rule.parts) != 1 or rule.parts[0].indicator == WORK_VALUE:
        return None
    name = rule.parts[0].indicator
    rates = [row.rates[name].value for row in table.rows]
    known = [rate for rate in rates if rate is not None]
    low = min([USUAL, *[max(rate // STEP * STEP, Fraction()) for rate in known]])
    rows = []
    for row in table.rows:
        rate = row.rates[name]
        at = None if rate.value is None else min(max((rate.value - low) / (1 - low), Fraction()), Fraction(1))
        rows.append(
            {
                "key": row.unit.key,
                "rank": formats.NONE if row.unit.rank is None else str(row.unit.rank),
                "name": row.name,
                "at": None if at is None else f"{float(at * 100):.1f}%",
                "value": wording.percent(rate),
                "exact": f"{formats.count(rate.numerator)}/{formats.count(rate.denominator)}",
            }
        )
    noun = texts(f"rankings.object.{table.ask.ranked.value}")
    if table.ask.ranked is Ranked.STREET and texts.language == "zh":
        noun = city.street_noun  # a city names its areas in Chinese
    above, below = wording.made_of(table.rows[0].rates[name].definition, texts) if table.rows else ("", "")
    line = texts(
        "rankings.streets.line",
        above=above,
        below=below,
        days=wording.days(wording.seen(table.ask.span, table.ask.as_of, city), texts),
        low=int(low * 100),
    )
    return {
        "head": texts("rankings.streets.head", object=noun, name=wording.indicator(name, texts)),
        "line": line,
        "rows": rows,
    }
