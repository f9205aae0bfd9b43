"""`users`: accounts of people, from the server itself. Everything done here is in the audit log as done by it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from callbacks.commands.options import with_database
from config.cities import load_city
from domain.city import City
from domain.people import POST_WORDS, Post
from domain.user_list import Account
from services.parts import Parts
from services.people import People
from services.people.accounts import Invitation
from services.stores import register_city

with_city = click.option("--city", "city_id", metavar="ID", help="城市；缺省为设置里的城市")
with_form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
with_url = click.option("--url", metavar="ADDRESS", help="链接前的地址；缺省按监听地址")


@click.group("users", short_help="账号：新建、列出、重置口令、停用、启用、解锁")
def command() -> None:
    """账号与岗位。新账号没有口令：命令给出一次性链接，由本人打开并设定口令（72 小时内有效，只能用一次）。"""


@command.command("add", short_help="新建账号，给出一次性链接")
@click.argument("name")
@click.option(
    "--role",
    "posts",
    type=click.Choice([post.value for post in Post]),
    multiple=True,
    required=True,
    help="岗位，可重复",
)
@click.option("--unit", metavar="KEY", help="单位用户的单位")
@click.option("--account", help="账号；缺省为岗位的英文词加编号")
@with_city
@with_url
@with_form
@click.pass_obj
def add(
    parts: Parts,
    /,
    name: str,
    posts: tuple[str, ...],
    unit: str | None,
    account: str | None,
    city_id: str | None,
    url: str | None,
    form: str,
) -> None:
    """新建账号 NAME（姓名，或终端的名称），给出一次性链接。"""
    with _people(parts, city_id) as (people, city):
        invitation = people.accounts.add(name, [Post(post) for post in posts], unit, account)
    _tell(parts, city, invitation, url, form)


@command.command("list", short_help="列出账号")
@with_city
@with_form
@click.pass_obj
def listed(parts: Parts, /, city_id: str | None, form: str) -> None:
    """列出全部账号：岗位、单位、口令到期日、状态。"""
    with _people(parts, city_id) as (people, city):
        rows = [_row(account, city, parts.real_clock()) for account in people.accounts.listed()]
    if form == "json":
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("  ".join(str(value or "—") for value in row.values()))
    click.echo(f"{len(rows)} 个账号。")


@command.command("reset", short_help="作废口令，给出一次性链接")
@click.argument("account")
@with_city
@with_url
@with_form
@click.pass_obj
def reset(parts: Parts, /, account: str, city_id: str | None, url: str | None, form: str) -> None:
    """作废 ACCOUNT 的口令，结束它的全部会话，给出新的一次性链接。"""
    with _people(parts, city_id) as (people, city):
        invitation = people.accounts.reset(people.accounts.numbered(account))
    _tell(parts, city, invitation, url, form)


@command.command("disable", short_help="停用账号")
@click.argument("account")
@with_city
@click.pass_obj
def disable(parts: Parts, /, account: str, city_id: str | None) -> None:
    """停用 ACCOUNT，结束它的全部会话。账号不删除。"""
    with _people(parts, city_id) as (people, _):
        people.accounts.disable(people.accounts.numbered(account))
    click.echo(f"已停用 {account}。")


@command.command("enable", short_help="重新启用账号")
@click.argument("account")
@with_city
@click.pass_obj
def enable(parts: Parts, /, account: str, city_id: str | None) -> None:
    """重新启用 ACCOUNT；口令仍是原来的。"""
    with _people(parts, city_id) as (people, _):
        people.accounts.enable(people.accounts.numbered(account))
    click.echo(f"已启用 {account}。")


@command.command("unlock", short_help="解除锁定")
@click.argument("account")
@with_city
@click.pass_obj
def unlock(parts: Parts, /, account: str, city_id: str | None) -> None:
    """解除 ACCOUNT 因连续登录失败的锁定。"""
    with _people(parts, city_id) as (people, _):
        people.accounts.unlock(people.accounts.numbered(account))
    click.echo(f"已解锁 {account}。")


for one in command.commands.values():
    with_database(one)


@contextmanager
def _people(parts: Parts, city_id: str | None) -> Iterator[tuple[People, City]]:
    city = load_city(city_id or parts.settings.city)
    store = parts.open_store(city.id)
    try:
        yield People(store, city, register_city(store, city), parts.real_clock), city
    finally:
        store.close()


def _tell(parts: Parts, city: City, invitation: Invitation, url: str | None, form: str) -> None:
    base = url or f"http://{parts.settings.host}:{parts.settings.port}"
    link = base.rstrip("/") + invitation.path
    until = city.local(invitation.until)
    if form == "json":
        body = {"account": invitation.account, "name": invitation.name, "link": link, "until": until.isoformat()}
        click.echo(json.dumps(body, ensure_ascii=False))
        return
    click.echo(f"账号 {invitation.account}（{invitation.name}）")
    click.echo(f"一次性链接 {link}")
    click.echo(f"请交给本人设定口令；{until:%Y-%m-%d %H:%M} 前有效，只能用一次，不会再显示。")


STATES = {
    "disabled": "停用", "locked": "已锁定", "invited": "未设口令", "ran_out": "须改口令",
    "online": "在线", "used": "在用",
}  # fmt: skip


def _row(account: Account, city: City, now: datetime) -> dict[str, object]:
    until = account.password_until
    return {
        "account": account.account,
        "name": account.name,
        "posts": "、".join(POST_WORDS[post] for post in account.posts),
        "unit": account.unit or "",
        "password_until": city.local(until).date().isoformat() if until else "",
        "state": STATES[account.state(now)],
    }
