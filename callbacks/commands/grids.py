"""`grids`: cut an outline into cells, or load own grids and streets, and assign every case."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from config.cities import load_city, load_structure
from domain.city import City
from domain.refusals import Refusal
from services.parts import Parts

if TYPE_CHECKING:
    from services.grids import GridReport


@click.command("grids", short_help="切分或装入网格，并给每个案件定网格")
@click.option("--city", "city_id", required=True, metavar="ID", help="城市（config/cities 下的文件夹名）")
@click.option(
    "--outline",
    metavar="FILE|auto|invented",
    help="外廓 GeoJSON；auto = 围住全部有效案件坐标；invented = 按城市结构虚构（示意）",
)
@click.option("--cell", "cell_m", type=click.FloatRange(min=10), metavar="METRES", help="格子边长（米）")
@click.option("--crs", help="文件的坐标系：wgs84、cgcs2000、gcj02、bd09、epsg:编号；默认按文件声明，否则 wgs84")
@click.option("--grids", "own_grids", type=click.Path(path_type=Path), metavar="FILE", help="自有网格面 GeoJSON")
@click.option("--key", metavar="COLUMN", help="自有网格的编码列")
@click.option("--streets", type=click.Path(path_type=Path), metavar="FILE", help="街道面 GeoJSON")
@click.option("--streets-key", metavar="COLUMN", help="街道的名称列")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(
    parts: Parts,
    /,
    city_id: str,
    outline: str | None,
    cell_m: float | None,
    crs: str | None,
    own_grids: Path | None,
    key: str | None,
    streets: Path | None,
    streets_key: str | None,
    form: str,
) -> None:
    """切分外廓（--outline 与 --cell），或装入自有网格（--grids 与 --key）。再运行一次会整体替换。

    --outline invented 按 config/cities/<城市>/structure.yaml 虚构一张示意地图，并写入街道、单位、类别、渠道和监控点。

    退出状态：0 完成；1 完成，但修复过图形；2 拒绝（原因见标准错误）。
    """
    city = load_city(city_id)
    if outline == "invented":
        _invent(parts, city, (cell_m, own_grids, streets), form)
        return
    # Imported here: the geometry libraries are large, and no other command needs them at start.
    from services.grids import Plan, lay_grids, read_plan

    if outline is None and own_grids is None:
        raise Refusal("没有外廓也没有网格", "--outline 或 --grids", "请给出外廓文件、auto，或自有网格文件。")
    if own_grids is not None and (key is None or outline == "auto"):
        raise Refusal("自有网格要写明编码列，且不能与 auto 同用", "--key", "例如 --grids 网格.geojson --key 编码。")
    if streets is not None and streets_key is None:
        raise Refusal("街道面要写明名称列", "--streets-key", "例如 --streets 街道.geojson --streets-key 名称。")
    if own_grids is None and cell_m is None:
        raise Refusal("没有给格子的边长", "--cell", "请写 --cell 500（米）。")
    edge = None if outline in (None, "auto") else Path(str(outline))
    plan = Plan(edge, cell_m, _crs(crs), own_grids, key, streets, streets_key)
    layout = read_plan(plan)  # before the store is opened: a file that is refused creates nothing
    store = parts.open_store(city.id)
    try:
        report = lay_grids(store, city, layout)
    finally:
        store.close()
    click.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False) if form == "json" else _text(report))
    sys.exit(1 if report.repairs else 0)


def _invent(parts: Parts, city: City, unused: tuple[object, ...], form: str) -> None:
    """Lays the invented map of the city's structure. Raises Refusal when there is none."""
    structure = load_structure(city)
    if structure is None:
        file = f"config/cities/{city.id}/structure.yaml"
        raise Refusal(
            "这个城市没有写明结构，无从虚构", file, "请写 structure.yaml，或用 --outline FILE、--outline auto。"
        )
    if any(unused):
        raise Refusal("虚构的地图自带网格和街道", "--outline invented", "请去掉 --cell、--grids、--streets。")
    from services.invented.writing import lay_invented

    store = parts.open_store(city.id)
    try:
        report = lay_invented(store, city, structure, parts.clock())
    finally:
        store.close()
    if form == "json":
        click.echo(json.dumps(dataclasses.asdict(report), ensure_ascii=False))
        return
    others = (
        f"社区 {report.communities} 个，责任区域 {report.patrol_areas} 个，监控点 {report.cameras} 个，"
        f"单位 {report.units} 个，小类 {report.categories} 个，渠道 {report.channels} 个"
    )
    click.echo(f"{_text(report)}\n{others}\n外廓和各界线是虚构的，仅为示意。")


def _crs(written: str | None) -> str | None:
    return written.strip().lower() if written else None


def _text(report: "GridReport") -> str:
    r = vars(report)
    lines = [
        f"{r['city']}：{r['grids']:,} 个网格，合计 {r['area_km2']:,} 平方公里；并入邻格的碎片 {r['merged']:,} 个；"
        f"街道面 {r['streets']:,} 个",
        f"案件 {r['cases']:,} 件：在网格内 {r['in_grid']:,}，无坐标 {r['no_position']:,}，"
        f"坐标不可用 {r['off_map']:,}，在市外 {r['outside']:,}，在网格之间 {r['between']:,}",
        f"本次改动 {r['moved']:,} 件",
    ]
    return "\n".join([*lines, *(f"已修复：{repair}" for repair in r["repairs"])])
