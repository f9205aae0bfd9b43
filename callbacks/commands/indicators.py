"""`indicators` and `cases`: figures for any period and dimension, and the list behind each of them."""

import csv
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import click

from callbacks.commands.headings import cell, heading, padded, width
from callbacks.commands.moments import moment_of
from config.cities import load_city
from config.scores import load_rule
from domain.city import City
from domain.refusals import Refusal
from services.figures import BY, WHICH, Question, chosen_options, indicator_table, listed_cases
from services.parts import Parts
from services.scores import compared_by, score_table

Command = Callable[..., Any]
FILTERS = tuple(name for name in BY if name not in ("city", "class"))


def _asks(command: Command) -> Command:
    """The options that `indicators` and `cases` share: which cases, which period, from when seen."""
    options = [
        click.option("--city", required=True, help="城市"),
        click.option("--from", "start", required=True, help="起始日或时刻（城市当地时间）"),
        click.option("--to", "end", required=True, help="截止，不含"),
        click.option("--as-of", help="从这一刻看，缺省为现在"),
        click.option("--basis", type=click.Choice(["flow", "cohort"]), default="flow", show_default=True),
        click.option("--unit-class", help="只看这一类单位"),
        *(click.option(f"--{name}", help=f"只看这一个 {name}（按键值）") for name in FILTERS),
        click.option("--option", "options", multiple=True, metavar="NAME=VALUE", help="换一种口径"),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def _question(parts: Parts, city: City, asked: Mapping[str, Any]) -> Question:
    as_of = moment_of(asked["as_of"], city.zone) if asked["as_of"] else parts.clock()
    return Question(
        start=moment_of(asked["start"], city.zone),
        end=moment_of(asked["end"], city.zone),
        as_of=as_of,
        cohort=asked["basis"] == "cohort",
        options=chosen_options(city.options, asked["options"]),
        unit_class=asked["unit_class"],
        filters={name: asked[name] for name in FILTERS if asked[name]},
    )


@click.command("indicators")
@_asks
@click.option("--by", type=click.Choice(BY), help="按什么分行；缺省为 city，有 --score 时为它所比较的 unit 或 street")
@click.option(
    "--score", metavar="NAME", help="评分或关注名单：每行加上得分、名次、等级和分项；同时给 --unit 则说明它还差几件"
)
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_obj
def indicators(parts: Parts, /, by: str | None, score: str | None, form: str, **asked: Any) -> None:
    """一段时期的指标，附分子与分母。"""
    city = load_city(asked["city"])
    if score is not None:
        table = _scored(parts, city, score, by, asked)
    else:
        with closing(parts.open_store(city.id, create=False)) as store:
            table = indicator_table(store, city, by or "city", _question(parts, city, asked))
    if form == "json":
        click.echo(json.dumps(table, ensure_ascii=False))
    else:
        if form == "table":
            click.echo(_heading(city, table))
        _print_rows([table["total"], *table["rows"]], form)


def _heading(city: City, table: Mapping[str, Any]) -> str:
    """What the figures below speak about: stocks stand at as_of, whatever the period."""
    start, end, as_of = (f"{datetime.fromisoformat(table[name]):%Y-%m-%d %H:%M}" for name in ("from", "to", "as_of"))
    basis = "期内立案的案件" if table["basis"] == "cohort" else "期内发生"
    return f"{city.name}　{start} 至 {end}（不含）　{basis}　截至 {as_of}：在办、超期、挂账为这一刻的存量"


def _scored(parts: Parts, city: City, score: str, by: str | None, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The table with a score; the unit or street asked about is explained, not singled out."""
    compared = compared_by(load_rule(score))
    if by not in (None, compared):
        raise Refusal(f"“{score}”比较的是 {compared}", f"--by {by}", f"请去掉 --by，或写 --by {compared}。")
    question = _question(parts, city, {**asked, compared: None})
    with closing(parts.open_store(city.id, create=False)) as store:
        return score_table(store, city, score, question, asked[compared])


@click.command("cases")
@_asks
@click.option("--which", type=click.Choice(WHICH), required=True, help="要列出哪一个数背后的案件")
@click.option("--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True)
@click.pass_obj
def cases(parts: Parts, /, which: str, form: str, **asked: Any) -> None:
    """一个数背后的案件清单，行数与该数相等。"""
    city = load_city(asked["city"])
    with closing(parts.open_store(city.id, create=False)) as store:
        listed = listed_cases(store, city, which, _question(parts, city, asked))
    if form == "json":
        click.echo(
            json.dumps({"city": city.id, "which": which, "count": len(listed), "cases": listed}, ensure_ascii=False)
        )
    else:
        _print_rows(listed, form)


def _print_rows(rows: Sequence[Mapping[str, Any]], form: str) -> None:
    flat = [_flat(row) for row in rows]
    names = list(dict.fromkeys(name for row in flat for name in row))
    if form == "csv":
        writer = csv.DictWriter(sys.stdout, names, restval="")
        writer.writeheader()
        writer.writerows(flat)
        return
    # What is nought in every row only takes room on a screen: csv and json have every column.
    names = [name for name in names if any(row.get(name, "") not in (0, "", "0/0") for row in flat)]
    lines = [[heading(name) for name in names]]
    lines += [[cell(name, row.get(name, "")) for name in names] for row in flat]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        click.echo("  ".join(map(padded, line, widths)).rstrip())


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Rates as `numerator/denominator` in one cell, durations as `name.part`, in seconds."""
    nested = ("rates", "durations", "parts", "movement", "exemptions", "lines", "next_rank", "next_grade")
    plain = {name: "" if value is None else value for name, value in row.items() if name not in nested}
    plain |= {"crossed": "、".join(row["crossed"])} if "crossed" in row else {}
    plain |= {f"{part['indicator']}.points": part["shown"] for part in row.get("parts", ())}
    rates = {name: f"{rate['numerator']}/{rate['denominator']}" for name, rate in row.get("rates", {}).items()}
    times = {f"{n}.{part}": value for n, parts in row.get("durations", {}).items() for part, value in parts.items()}
    return plain | rates | {name: "" if value is None else value for name, value in times.items()}
