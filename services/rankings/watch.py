"""The watch list (汝州): rates with the lines they cross; no score, no rank, no grade."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from data_access.history import Progress, no_progress
from domain.city import City
from domain.indicators import RATES, added
from domain.ranking_view import RankingAsk, WatchRow, WatchTable
from domain.score_rule import WatchList
from domain.watching import watch
from services.rankings import gather
from services.rankings.table import class_tabs, in_class, together, unfinished

SPECIAL = 2
"""特殊案件: an open case returned so often."""


def watch_table(
    connection: Connection,
    city: City,
    number: int,
    ask: RankingAsk,
    rules: WatchList,
    read_at: datetime,
    progress: Progress = no_progress,
) -> WatchTable:
    """The units of the ask's class by the lines they cross. It looks at facts: an accepted appeal changes nothing."""
    options = gather.options_of(city, rules)
    wanted = gather.needed(rules, options)
    gathered = gather.gather(connection, city, number, ask, rules, progress, wanted=wanted, before=False)
    shown = [unit for unit in gathered.figures if in_class(ask.unit_class, unit.unit_class)]
    facts = {unit.key: replace(unit, counts=added([unit.counts, unit.exempted])) for unit in shown}
    names = {entry.key: entry for entry in gathered.entries.values()}
    special = _special(connection, number, city, ask, rules)
    by_key = {entry.key: special[n] for n, entry in gathered.entries.items()}
    total = together(shown)
    return WatchTable(
        ask=ask,
        rules=rules,
        classes=class_tabs(city, ask, rules, gathered.entries),
        rows=tuple(
            WatchRow(names[w.key].name, names[w.key].short_name, facts[w.key].counts, w, by_key[w.key])
            for w in watch(rules, list(facts.values()), options)
        ),
        total={line.indicator: RATES[line.indicator](total, options) for line in rules.lines},
        unfinished=unfinished(city, ask.span, ask.as_of),
        read_at=read_at,
    )


def _special(connection: Connection, number: int, city: City, ask: RankingAsk, rules: WatchList) -> Counter[int]:
    """How many 特殊案件 each unit has now, by its number."""
    question = gather.question_of(city, ask, rules)
    open_now = gather.look(connection, number, city, question).behind("open")
    return Counter(row["unit_id"] for row in open_now if row["return_count"] >= SPECIAL)
