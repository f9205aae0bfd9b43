"""`check`: load every configuration file strictly, and say where each setting's value came from."""

import json
import os
import sys
from dataclasses import asdict

import click

from config.checks import all_problems, checked_files, setting_origins
from services.parts import Parts

ORIGINS = {"option": "选项", "environment": "环境变量", "file": "config/settings.yaml", "default": "默认"}
SECRET = ("wall_token",)


@click.command("check", short_help="检查全部配置")
@click.argument("city_id", metavar="[CITY]", required=False)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="输出形式")
@click.pass_obj
def command(parts: Parts, /, city_id: str | None, form: str) -> None:
    """严格读入每个城市、映射、大屏、评分、日历和文字文件，一次列出全部问题。

    退出状态：0 没有问题；2 有问题。
    """
    problems = all_problems(city_id)
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
    sys.exit(2 if problems else 0)


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
