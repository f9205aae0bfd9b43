"""`verify`: recompute every chain and every seal, and name what has been altered, removed or inserted."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict

import click

from config.cities import load_city
from services.parts import Parts
from services.verifying import Finding, Verifier, verifier_of

LISTED = 1000  # findings shown; all are counted


@click.command("verify", short_help="核对全部记录有没有被改动")
@click.option("--city", "city_id", help="城市；缺省为设置里的城市")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(parts: Parts, /, city_id: str | None, form: str) -> None:
    """重新计算每个案件的记录链、每日封印和审计记录链，指出被改动、被删除、被插入的是哪个案件的第几条。

    退出状态：0 完好；1 有不符；2 没能核对。
    """
    city = load_city(city_id or parts.settings.city)
    with closing(parts.open_store(city.id, create=False)) as store:
        verifier = verifier_of(store, city)
        listed = _as_they_come(verifier.findings(), form)
    _sum_up(verifier, listed, form)
    sys.exit(1 if verifier.verified.findings else 0)


def _as_they_come(findings: Iterator[Finding], form: str) -> list[dict[str, object]]:
    """Tables are printed while the reading goes on; JSON is one object at the end, its list bounded."""
    listed: list[dict[str, object]] = []
    for count, finding in enumerate(findings, 1):
        if count > LISTED:
            continue
        if form == "table":
            click.echo(f"不符：{finding.what}")
        else:
            listed.append(asdict(finding) | {"day": finding.day.isoformat() if finding.day else None})
    return listed


def _sum_up(verifier: Verifier, listed: list[dict[str, object]], form: str) -> None:
    done = verifier.verified
    until = done.sealed_until.isoformat() if done.sealed_until else None
    if form == "json":
        told = asdict(done) | {"sealed_until": until, "city": verifier.city.id, "list": listed}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    sealed = f"封印 {done.days} 日（至 {until}，末印 {done.last_seal[:16]}）" if until else "还没有封印"
    click.echo(f"已核对 {verifier.city.name}：案件 {done.cases:,} 件，记录 {done.events:,} 条，{sealed}。")
    more = f"，以上只列前 {LISTED:,} 处" if done.findings > LISTED else ""
    click.echo(f"发现 {done.findings:,} 处不符{more}。" if done.findings else "全部完好。")
