"""`notices`: what goes out, what failed, and a trial of one channel."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import click

from config.cities import load_city
from domain.audit import SYSTEM
from domain.channel_status import NoticeStatus, Outgoing
from domain.city import City
from domain.refusals import Refusal
from services.notices.office import STATES, NoticeOffice
from services.notices.sending import office_of, sender_of
from services.parts import Parts
from services.stores import register_city

STATE_WORDS = {"owed": "待发", "sent": "已送达", "failed": "失败", "none": "未配置渠道"}


@dataclass(frozen=True)
class _Desk:
    parts: Parts
    city: City
    office: NoticeOffice


@click.group("notices", short_help="通知：发件箱、重发、渠道测试")
@click.option("--city", "city_id", help="城市；缺省为设置里的城市")
@click.pass_context
def command(context: click.Context, /, city_id: str | None) -> None:
    """查看发件箱与渠道，重发失败的通知，测试一个渠道。"""
    parts: Parts = context.obj
    city = load_city(city_id or parts.settings.city)
    context.obj = context.with_resource(_desk(parts, city))


@contextmanager
def _desk(parts: Parts, city: City) -> Iterator[_Desk]:
    store = parts.open_store(city.id, create=False)
    try:
        yield _Desk(parts, city, office_of(parts, store, city, register_city(store, city)))
    finally:
        store.close()


@command.command("list")
@click.option("--state", type=click.Choice(STATES), multiple=True, help="只列这些状态；缺省全部")
@click.option("--limit", type=click.IntRange(1, 10000), default=20, show_default=True, help="最多列几条")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def show(desk: _Desk, /, state: tuple[str, ...], limit: int, form: str) -> None:
    """各渠道的状况、队列长度和最近的通知，新的在前。"""
    outgoing = desk.office.outgoing(state or STATES, limit)
    click.echo(_document(outgoing) if form == "json" else "\n".join(_lines(outgoing, desk.city)))


@command.command("retry")
@click.argument("numbers", type=int, nargs=-1, metavar="[编号]...")
@click.option("--failed", is_flag=True, help="全部失败的通知")
@click.pass_obj
def retry(desk: _Desk, /, numbers: tuple[int, ...], failed: bool) -> None:
    """让失败的、或当时没有渠道的通知重新待发；已经送达的渠道不会再发。"""
    if bool(numbers) == failed:
        raise Refusal("没有说明要重发哪些", "notices retry", "请写通知编号，或用 --failed 重发全部失败的通知。")
    found = desk.office.owe_again(None if failed else numbers, SYSTEM)
    click.echo(f"{len(found)} 条通知重新待发。" + (f"编号 {'、'.join(map(str, found[:50]))}。" if found else ""))
    if passed_over := sorted(set(numbers) - set(found)):
        click.echo(f"没有改动 {'、'.join(map(str, passed_over))}：不存在、仍在待发，或已经送达。", err=True)
        sys.exit(1)


@command.command("test")
@click.argument("channel", metavar="CHANNEL")
@click.pass_obj
def trial(desk: _Desk, /, channel: str) -> None:
    """经这个渠道发一条测试通知，并说出结果。密钥从本进程的环境变量读取。

    退出状态：0 已送达；1 没有送达；2 没有这个渠道或配置有问题。
    """
    office, parts = desk.office, desk.parts
    sender = sender_of(office.store, desk.city, office.city_number, parts.settings, os.environ, parts.clock)
    number = office.try_out(channel, SYSTEM)
    sender.send_one(number)
    attempts = office.attempts(number)
    if attempts and attempts[-1].ok:
        click.echo(f"已送达：渠道 {channel}，通知编号 {desk.city.id}-{number}。")
        return
    why = attempts[-1].detail if attempts else "正由运行中的服务发送，请用 notices list 看结果"
    click.echo(f"没有送达：渠道 {channel}，{why}。通知编号 {desk.city.id}-{number}。", err=True)
    sys.exit(1)


def _document(outgoing: Outgoing) -> str:
    channels = [
        {
            "name": status.channel.name,
            "label": status.channel.label,
            "service": status.channel.service,
            "sent_24h": status.sent,
            "failed_24h": status.failed,
            "last_sent": status.last_sent.at if status.last_sent else None,
            "last_failed": status.last_failed.at if status.last_failed else None,
            "last_failure": status.last_failed.detail if status.last_failed else None,
        }
        for status in outgoing.channels
    ]
    found = {
        "channels": channels,
        "counts": {state: outgoing.counts.get(state, 0) for state in STATES},
        "oldest_owed": outgoing.oldest_owed,
        "notices": [asdict(notice) for notice in outgoing.notices],
    }
    return json.dumps(found, ensure_ascii=False, default=lambda moment: moment.isoformat())


def _lines(outgoing: Outgoing, city: City) -> Iterator[str]:
    if not outgoing.channels:
        yield "未配置渠道：通知只记录、不外发。渠道写在 config/channels.yaml，见 docs/how-to/notices.md。"
    for status in outgoing.channels:
        state = f"最近失败：{status.last_failed.detail}" if status.broken and status.last_failed else "正常"
        counts = f"24 小时送达 {status.sent}，失败 {status.failed}"
        yield f"渠道 {status.channel.name}（{status.channel.label}）{counts}；{state}"
    yield "；".join(f"{STATE_WORDS[state]} {outgoing.counts.get(state, 0)}" for state in STATES)
    yield from (_line(notice, city) for notice in outgoing.notices)


def _line(notice: NoticeStatus, city: City) -> str:
    case = f"  案件 {notice.case_no}" if notice.case_no else ""
    urgent = "【紧急】" if notice.urgent else ""
    said = (
        f"{notice.notice_id}  {city.local(notice.at):%Y-%m-%d %H:%M}  {notice.recipient}  {urgent}{notice.title}{case}"
    )
    tries = f"（{notice.attempts} 次）" if notice.attempts else ""
    return f"{said}  {STATE_WORDS[notice.state]}{tries}" + (f"  {notice.detail}" if notice.detail else "")
