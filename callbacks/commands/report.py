"""`report`: the weekly statistics, the monthly brief or the circular, as files."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import click

from callbacks.commands.moments import moment_of
from config.cities import load_city
from domain.periods import settles_on
from domain.refusals import Refusal
from domain.reports import KIND_WORDS, ReportKind
from layouts.reports.papers import paper
from services.figures import city_number
from services.parts import Parts
from services.people.register import Register
from services.reports.issue import report_span
from services.reports.office import ReportOffice


@click.command("report", short_help="周统计、工作简报、通报：PDF、工作簿、CSV")
@click.option("--kind", type=click.Choice([kind.value for kind in ReportKind]), required=True, help="哪一种")
@click.option("--city", "city_id", help="城市；缺省为设置里的城市")
@click.option("--period", help="2026-W20（周统计）或 2026-05；缺省为刚结束的一期")
@click.option("--as-of", help="从这一刻看，缺省为现在")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="写到这个文件夹")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.pass_obj
def command(
    parts: Parts, /, kind: str, city_id: str | None, period: str | None, as_of: str | None, out: Path, form: str
) -> None:
    """可打印的 PDF、工作簿（公式可重算）和 CSV，同时存档：数字未变给原有版本，变了出新版。已有内容不同的同名文件时不写
    任何文件。"""
    city = load_city(city_id or parts.settings.city)
    wanted, now = ReportKind(kind), parts.clock()
    span = report_span(wanted, city, period, now)
    with closing(parts.open_store(city.id, create=False)) as store:
        with store.picture() as connection:
            number = city_number(connection, city)
        office = ReportOffice(Register(store, city, number, parts.real_clock), paper, parts.real_clock)
        made = office.make(wanted, span, moment_of(as_of, city.zone) if as_of else now, None)
        files = office.files(made.edition)
    _write(out, files)
    edition, paths = made.edition, [str(out / name) for name in files]
    settled = edition.as_of >= city.midnight(settles_on(edition.end, city.settle_days))
    if form == "json":
        told = {
            "kind": kind,
            "from": span.first.isoformat(),
            "to": span.end.isoformat(),
            "as_of": city.local(edition.as_of).isoformat(),
            "edition": edition.edition,
            "new": made.new,
            "settled": settled,
            "files": paths,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    said = f"第 {edition.edition} 版{'' if made.new else '（数字未变，原有版本）'}，{'已定稿' if settled else '未定稿'}"
    click.echo(f"{KIND_WORDS[wanted]}，{span.first} 至 {span.end}（不含），{said}：")
    for path in paths:
        click.echo(path)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """All files or none; a file of that name with other content is never replaced. Raises Refusal."""
    other = [name for name, content in files.items() if _differs(folder / name, content)]
    if other:
        raise Refusal("已有内容不同的同名文件", str(folder / other[0]), "没有写入。请换一个 --out，或先把旧文件移走。")
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if not (folder / name).exists():
                written.append(folder / name)
                written[-1].write_bytes(content)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise Refusal(
            "文件写不进去", f"{folder}：{error.strerror}", "没有留下写了一半的文件。请核对后重试。"
        ) from error


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content
