"""`check`: load every configuration file strictly, and say where each setting's value came from."""

import json
import os
import sys
from dataclasses import asdict
from datetime import date

import click

from config.calendars import load_calendar
from config.checks import all_problems, checked_files, setting_origins
from config.cities import city_ids, load_city
from services.parts import Parts

ORIGINS = {"option": "选项", "environment": "环境变量", "file": "config/settings.yaml", "default": "默认"}
SECRET = ("wall_token", "secret")


@click.command("check", short_help="检查全部配置")
@click.argument("city_id", metavar="[CITY]", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(parts: Parts, /, city_id: str | None, form: str) -> None:
    """严格读入每个城市、映射、大屏、评分、日历、通知渠道和文字文件，一次列出全部问题。

    退出状态：0 没有问题；2 有问题。
    """
    problems = all_problems(city_id, parts.settings.channels)
    origins = setting_origins(parts.settings, os.environ)
    settings = {name: _value(parts, name) for name in origins}
    if form == "json":
        listed = {name: {"value": settings[name], "from": origin} for name, origin in origins.items()}
        found = {"settings": listed, "files": checked_files(city_id), "problems": [asdict(p) for p in problems]}
        click.echo(json.dumps(found, ensure_ascii=False))
    else:
        for name, origin in origins.items():
            click.echo(f"{name} = {settings[name]}（{ORIGINS[origin]}）")
        click.echo(f"查了 {checked_files(city_id)} 个文件，{len(problems)} 处问题。")
        for problem in problems:
            click.echo(str(problem), err=True)
        if not problems:
            for hint in _calendar_hints(parts.clock().date()):
                click.echo(hint)
    sys.exit(2 if problems else 0)


def _calendar_hints(today: date) -> list[str]:
    """From 1 November: which working calendars do not know the next year yet. Its holidays are announced about then."""
    if today.month < 11:
        return []
    names = sorted({calendar for city in city_ids() if (calendar := load_city(city).calendar)})
    late = [name for name in names if today.year + 1 not in load_calendar(name).covered_years]
    return [
        f"提示：工作日历 {name} 还没有 {today.year + 1} 年，时限届时为暂定；请补入 config/calendar/{name}.csv。"
        for name in late
    ]


def _value(parts: Parts, name: str) -> str:
    value = getattr(parts.settings, name)
    if value is None:
        return "未设"
    return "已设（不显示）" if name in SECRET else _without_password(str(value), name)


def _without_password(text: str, name: str) -> str:
    """A database address is shown without its password."""
    if name != "database" or "@" not in text or "://" not in text:
        return text
    scheme, rest = text.split("://", 1)
    user, host = rest.rsplit("@", 1)
    return f"{scheme}://{user.split(':', 1)[0]}@{host}"
