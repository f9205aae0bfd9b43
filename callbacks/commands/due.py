"""`due`: when a case would be due, with the arithmetic line by line."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import click

from callbacks.commands.moments import moment_of
from config.calendars import working_time
from config.cities import load_city
from domain.city import City
from domain.deadlines import Deadline, Limit, due_at

WEEKDAYS = "一二三四五六日"
UNIT_WORDS = {"work_hours": "工作时", "work_days": "工作日", "urgent_hours": "紧急工作时", "natural_days": "自然日"}
PROVISIONAL = "暂定：用到了工作日历还没有收录的年份，收录后可能改变。"


@click.command("due")
@click.option("--city", "city_id", required=True, help="城市")
@click.option("--start", required=True, help="起算时刻；不写时区即城市当地时间")
@click.option("--limit", "written", required=True, help='时限，例如 "4 work_hours"、"1 work_days"、"2 urgent_hours"')
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(city_id: str, start: str, written: str, form: str) -> None:
    """一个时限何时到期，逐段列出算法。"""
    city = load_city(city_id)
    limit = Limit.parse(written)
    deadline = due_at(moment_of(start, city.zone), limit, working_time(city))
    click.echo(json.dumps(_document(city, deadline)) if form == "json" else "\n".join(_lines(city, deadline)))


def _document(city: City, deadline: Deadline) -> dict[str, Any]:
    """Times as ISO 8601 with the city's offset, hours as numbers."""
    return {
        "start": city.local(deadline.start).isoformat(),
        "limit": str(deadline.limit),
        "due": city.local(deadline.due).isoformat(),
        "provisional": deadline.provisional,
        "steps": [
            {
                "from": city.local(step.start).isoformat(),
                "to": city.local(step.end).isoformat(),
                "hours": float(_hours(step.counted)),
                "total_hours": float(_hours(step.total)),
            }
            for step in deadline.steps
        ],
    }


def _lines(city: City, deadline: Deadline) -> list[str]:
    value, unit = str(deadline.limit).split()
    lines = [f"{city.name}  时限 {value} {UNIT_WORDS[unit]}", f"开始  {_day(city, deadline.start)}"]
    lines += [
        f"  {_day(city, step.start)} – {_end(city, step.start, step.end)}"
        f"  计 {_spell(step.counted)}，累计 {_spell(step.total)}"
        for step in deadline.steps
    ]
    lines.append(f"到期  {_day(city, deadline.due)}")
    return [*lines, PROVISIONAL] if deadline.provisional else lines


def _hours(amount: timedelta) -> Fraction:
    return Fraction(amount // timedelta(microseconds=1), 3_600_000_000)


def _day(city: City, moment: datetime) -> str:
    local = city.local(moment)
    return f"{local:%Y-%m-%d} 周{WEEKDAYS[local.weekday()]} {_time(local)}"


def _end(city: City, start: datetime, end: datetime) -> str:
    return _time(city.local(end)) if city.day_of(start) == city.day_of(end) else _day(city, end)


def _time(local: datetime) -> str:
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _spell(amount: timedelta) -> str:
    """3 小时 30 分; seconds only where there are some."""
    minutes, seconds = divmod(round(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "小时"), (minutes, "分"), (seconds, "秒")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 分"
