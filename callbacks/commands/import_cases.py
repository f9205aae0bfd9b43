"""`import`: a case file into the store, by a mapping."""

import dataclasses
import json
import sys
from pathlib import Path

import click

from config.cities import load_city
from config.mappings import load_mapping
from domain.refusals import Refusal
from services.imports import ImportReport, staged_file, store_staged
from services.imports.dry_run import DryRun
from services.imports.dry_run import dry_run as try_mapping
from services.parts import Parts


@click.command("import", short_help="导入案件文件")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--city", "city_id", required=True, metavar="ID", help="城市（config/cities 下的文件夹名）")
@click.option("--mapping", "mapping_name", required=True, metavar="NAME", help="映射（config/mappings 下的文件名）")
@click.option("--dry-run", is_flag=True, help="只看每一列变成了什么，不写入")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(parts: Parts, /, file: Path, city_id: str, mapping_name: str, dry_run: bool, form: str) -> None:
    """导入 CSV(.gz)、Excel、JSON 或 Parquet 案件文件。再导入一次不会改变任何东西。

    退出状态：0 完成；1 完成，但有行被搁置；2 拒绝（原因见标准错误）。
    """
    city, mapping = load_city(city_id), load_mapping(mapping_name)
    if dry_run:
        looked = try_mapping(city, mapping, file)
        _print(looked, dry_run_text(looked), form)
        sys.exit(0 if looked.set_aside == 0 else 1)
    if city.demo:
        raise Refusal("示范城市里的一切都是虚构的，不收真实案件", f"--city {city_id}", "请为自己的城市建一个文件夹。")
    # The file is read whole before the store is opened: a file that is refused creates and migrates nothing.
    with staged_file(city, mapping, file, _progress if sys.stderr.isatty() else None) as staged:
        store = parts.open_store(city.id)
        try:
            report = store_staged(store, staged, parts.clock())
        finally:
            store.close()
    _print(report, as_text(report), form)
    if report.read == 0:
        click.echo("文件里只有表头，没有一条案件：请核对导出是否完整。", err=True)
    sys.exit(0 if report.complete and report.read else 1)


def _print(result: DryRun | ImportReport, text: str, form: str) -> None:
    click.echo(json.dumps(dataclasses.asdict(result), ensure_ascii=False) if form == "json" else text)


def _progress(rows: int) -> None:
    click.echo(f"已读 {rows:,} 行", err=True)


def as_text(report: ImportReport) -> str:
    lines = [
        f"{report.file} → {report.city}（映射 {report.mapping}）",
        f"读入 {report.read:,} 行：新存 {report.stored:,}，更新 {report.updated:,}，未变 {report.unchanged:,}，"
        f"重复 {report.repeated:,}，搁置 {report.set_aside:,}",
        f"有疑点而保留 {report.marked:,} 行；无坐标 {report.no_position:,} 行；不在任何网格 {report.no_grid:,} 行",
    ]
    lines += [f"  疑点 {name}：{count:,} 行" for name, count in report.marks.items()]
    lines += [f"  提示 {note}：{count:,} 处" for note, count in report.notes.items()]
    if report.released:
        lines.append(f"以前搁置、这次读入 {report.released:,} 行，已移出隔离表")
    if report.kept_local:
        lines.append(f"  本地已处理的 {report.kept_local:,} 项没有被来源覆盖")
    if report.set_aside:
        lines += ["搁置的原因："] + [f"  {reason}：{count:,} 行" for reason, count in report.reasons.items()]
        lines.append(f"搁置的行（第几条从表头之后数起；全部在隔离表中，这里列前 {len(report.set_aside_rows)} 条）：")
        lines += [f"  第 {row.row_number} 条 {row.column or ''}：{row.reason}" for row in report.set_aside_rows]
    return "\n".join(lines)


def dry_run_text(looked: DryRun) -> str:
    lines = [
        f"试读 {looked.file}（{looked.form}），映射 {looked.mapping}，时区 {looked.time_zone}，坐标系 {looked.crs}",
        f"{looked.read:,} 行：可读 {looked.readable:,}，将搁置 {looked.set_aside:,}。没有写入任何数据。",
    ]
    for column in looked.columns:
        came = column.column or column.form
        counts = f"有值 {column.filled:,}，空 {column.empty:,}，读不懂 {column.unreadable:,}"
        lines.append(
            f"{came} → {column.label}（{column.field}）" + (f"：{column.form}，{counts}" if column.column else "")
        )
        lines += [f"    {before} → {after}" for before, after in column.samples]
    if looked.unused:
        lines.append(f"没有用到的列：{'、'.join(looked.unused)}")
    lines += [f"将搁置 {reason}：{count:,} 行" for reason, count in looked.reasons.items()]
    lines += [f"提示 {note}：{count:,} 处" for note, count in looked.notes.items()]
    return "\n".join(lines)
