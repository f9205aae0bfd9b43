"""`simulate`: a published report played back as a history of cases, in a database of its own."""

import dataclasses
import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from config.cities import load_city, load_structure
from config.replays import load_replays
from domain.city import City
from domain.published import PublishedReport
from domain.refusals import Refusal
from services.parts import Parts

if TYPE_CHECKING:
    from datetime import date

LIST = "list"
RATE_WORDS = {"handling_rate": "处置率", "on_time_closure_rate": "按期结案率"}


@click.command("simulate", short_help="按公开报告的数复演一段案件历史")
@click.option("--city", "city_id", required=True, metavar="ID", help="城市（config/cities 下的文件夹名）")
@click.option("--replay", "name", required=True, metavar="NAME|list", help="复演哪份报告；list = 列出有哪些")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="同一个种子写出同样的案件")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(parts: Parts, /, city_id: str, name: str, seed: int, form: str) -> None:
    """写入虚构的案件，使 indicators 算出的正好是报告里的数。报告写在 config/cities/<城市>/replays.yaml。

    城市还没有地图时，按 structure.yaml 虚构一张。已有别的案件时拒绝；已是这段历史时什么也不改。

    退出状态：0 完成，或已经在那里；2 拒绝（原因见标准错误）。
    """
    city = load_city(city_id)
    reports = load_replays(city)
    if name == LIST and not city.demo:
        click.echo(_as_json(reports) if form == "json" else _as_list(city, reports))
        return
    # Imported here: the geometry libraries are large, and no other command needs them at start.
    from services.replays import play, replay_of

    report = replay_of(city, reports, name)
    structure = load_structure(city)
    if structure is None:
        raise Refusal("这个城市没有写明结构，无从复演", f"config/cities/{city.id}/structure.yaml", "请补上这个文件。")
    progress = _progress if sys.stderr.isatty() else None
    store = parts.open_store(city.id)
    try:
        played = play(store, city, structure, report, seed, parts.clock(), progress)
    finally:
        store.close()
    if form == "json":
        click.echo(json.dumps(dataclasses.asdict(played) | {"as_of": played.as_of.isoformat()}, ensure_ascii=False))
        return
    done = "已写入" if played.written else "这段历史已经在那里，没有改动。共"
    click.echo(f"{city.name}：{done} {played.cases:,} 件案件（{report.title}，种子 {seed}）")
    click.echo(f"大屏：python app.py serve --city {city.id} --as-of {_moment(played.as_of)}")
    click.echo("\n".join(_questions(city, report, _moment(played.as_of))))


def _progress(day: "date", count: int) -> None:
    if day.day == 1:
        click.echo(f"已写到 {day:%Y-%m}，{count:,} 件", err=True)


def _moment(as_of: Any) -> str:
    return f"{as_of:%Y-%m-%dT%H:%M:%S}"


def _questions(city: City, report: PublishedReport, as_of: str) -> list[str]:
    """For every statement of the report the figures it states and the command that gives them."""
    lines = []
    for said in report.statements:
        rates = "，".join(f"{RATE_WORDS.get(name, name)} {digits} %" for name, digits in said.printed.items())
        lines.append(
            f"{said.first} 起：立案 {said.registered:,}，处置 {said.handled:,}，结案 {said.closed:,}，{rates}。核对："
        )
        options = "".join(f" --option {name}={value}" for name, value in said.options.items())
        period = f"--from {said.first} --to {said.end} --as-of {as_of}"
        lines.append(f"  python app.py indicators --city {city.id} {period}{options}")
    return lines


def _as_list(city: City, reports: Mapping[str, PublishedReport]) -> str:
    if not reports:
        return f"{city.name}没有可复演的报告（config/cities/{city.id}/replays.yaml）。"
    return "\n".join(f"{key}：{report.title}。依据：{report.source}" for key, report in reports.items())


def _as_json(reports: Mapping[str, PublishedReport]) -> str:
    return json.dumps(
        [{"key": r.key, "title": r.title, "source": r.source} for r in reports.values()], ensure_ascii=False
    )
