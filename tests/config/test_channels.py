"""The file of notice channels: all its problems at once, and no secret in any of them."""

from datetime import date, time
from pathlib import Path

import pytest

from config.channel_addresses import check_channels, resolve
from config.channels import load_channels
from config.checks import all_problems
from config.problems import ConfigError
from domain.hours import DayKind, Days
from domain.notices import Way

KEY = "693a91f6-7aoc-4bc4-97a0-0ec2sifa5aaa"
GOOD = """
channels:
  - name: duty-wecom
    label: 值班群
    address: wecombot://${GRIDWALL_WECOM_KEY}
    quiet:
      - {start: '22:00', end: '07:00'}
      - {start: '00:00', end: '00:00', days: [day_off, 2026-10-01..2026-10-07], except_days: [2026-10-08]}
    passing_kinds: [supervise]
  - name: hook
    label: 平台回调
    webhook: https://city.example/hook
    secret: ${GRIDWALL_HOOK_SECRET}
    urgent_passes: false
    per_minute: 60
routes:
  - {to: ['unit:*'], channels: [hook]}
  - {to: ['unit:shizheng', 'duty:night'], kinds: [urge], channels: [duty-wecom]}
duty:
  - {name: 夜班, start: '18:00', end: '08:00', days: [workday, sat], to: ['post:duty_chief'], adds: ['duty:night']}
"""
SECRETS = {"GRIDWALL_WECOM_KEY": KEY, "GRIDWALL_HOOK_SECRET": "correct-horse-battery"}


def written(folder: Path, content: str) -> Path:
    path = folder / "channels.yaml"
    path.write_text(content, "utf-8")
    return path


def problems_of(folder: Path, content: str, environment: dict[str, str] | None = None) -> dict[str, str]:
    with pytest.raises(ConfigError) as refused:
        check_channels(written(folder, content), SECRETS if environment is None else environment)
    return {problem.path: problem.reason for problem in refused.value.problems}


def test_the_shipped_file_sends_nothing() -> None:
    channels = load_channels()

    assert (channels.routing.channels, channels.routing.routes, channels.targets) == ({}, (), {})


def test_a_good_file_says_everything(tmp_path: Path) -> None:
    routing = load_channels(written(tmp_path, GOOD)).routing

    wecom, hook = routing.channels["duty-wecom"], routing.channels["hook"]
    assert (wecom.way, wecom.service, wecom.per_minute, wecom.urgent_passes) == (Way.APPRISE, "wecombot", 20, True)
    assert (hook.way, hook.service, hook.per_minute, hook.urgent_passes) == (Way.WEBHOOK, "https", 60, False)
    assert wecom.quiet[0].start == time(22)
    assert wecom.quiet[1].days == Days(
        kinds=frozenset({DayKind.DAY_OFF}), dates=((date(2026, 10, 1), date(2026, 10, 7)),)
    )
    assert routing.duty[0].hours.days.weekdays == {5}


def test_secrets_are_put_in_place_only_where_they_are_asked_for(tmp_path: Path) -> None:
    channels = load_channels(
        written(tmp_path, GOOD.replace("wecombot://${", "mailtos://duty:${").replace("KEY}", "KEY}@mail.example"))
    )
    addresses = resolve(channels, SECRETS | {"GRIDWALL_WECOM_KEY": "p@ss/w:rd"})

    assert addresses["duty-wecom"].url == "mailtos://duty:p%40ss%2Fw%3Ard@mail.example"
    assert addresses["hook"].secret == SECRETS["GRIDWALL_HOOK_SECRET"]
    shown = f"{channels!r} {addresses!r}"
    assert "p%40ss" not in shown
    assert "correct-horse" not in shown
    assert "city.example" not in shown


def test_a_whole_address_in_one_variable_stands_as_it_is(tmp_path: Path) -> None:
    channels = load_channels(written(tmp_path, GOOD.replace("wecombot://${GRIDWALL_WECOM_KEY}", "${GRIDWALL_ALL}")))

    assert resolve(channels, SECRETS | {"GRIDWALL_ALL": f"wecombot://{KEY}"})["duty-wecom"].url == f"wecombot://{KEY}"


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        """
channels:
  - {name: a, label: 甲, address: 'wecombot://x', colour: red}
  - {name: a, label: 乙, webhook: 'ftp://x', secret: '${GRIDWALL_S}'}
  - {name: c, label: 丙, webhook: 'https://x.example', secret: written-here-in-the-file}
  - {name: d, label: 丁, address: 'mailtos://user:hunter2@mail.example'}
  - {name: e, label: 戊, address: 'json://h/${HOME}'}
  - {name: f, label: 己, address: 'json://h/${GRIDWALL_DATABASE}'}
  - {name: g, label: 庚, address: 'json://h', quiet: [{start: '00:00', end: '00:00'}]}
  - {name: h, label: 辛, address: 'json://h', quiet: [{start: '25:00', end: '07:00', days: [someday]}]}
routes:
  - {to: ['unit'], channels: [a]}
  - {to: ['post:king'], channels: [nowhere]}
duty:
  - {name: 夜班, start: '18:00', end: '08:00', days: ['2026-02-30'], to: ['*'], adds: ['user:*']}
  - {name: 晚班, start: '18:00', end: '08:00', to: ['*'], adds: ['duty:nobody']}
""",
    )

    assert found.keys() == {
        "channels.0.colour",
        "channels.1",
        "channels.1.name",
        "channels.2",
        "channels.3",
        "channels.4.address",
        "channels.5.address",
        "channels.6",
        "channels.7.quiet.0.start",
        "channels.7.quiet.0.days",
        "routes.0.to.0",
        "routes.1.to.0",
        "routes.1.channels",
        "duty.0.days",
        "duty.0.adds.0",
        "duty.1.adds",
    }
    assert "hunter2" not in str(found)


@pytest.mark.parametrize(
    "content",
    [
        "channels: {a: 1}",
        "channels: [1]",
        "routes: x",
        "duty: {}",
        "[]",
        "channels: [{quiet: 3}]",
        "duty: [2026-02-30]",
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, content: str) -> None:
    assert problems_of(tmp_path, content)


def test_what_the_environment_lacks_is_named_without_a_value(tmp_path: Path) -> None:
    missing = problems_of(tmp_path, GOOD, {"GRIDWALL_HOOK_SECRET": ""})
    short = problems_of(tmp_path, GOOD, SECRETS | {"GRIDWALL_HOOK_SECRET": "too-short"})
    unknown = problems_of(tmp_path, GOOD.replace("wecombot", "wecomrobot"))

    assert "GRIDWALL_WECOM_KEY" in missing["渠道 duty-wecom"]
    assert "GRIDWALL_HOOK_SECRET" in missing["渠道 hook"]
    assert "too-short" not in str(short["渠道 hook"])
    assert "wecomrobot" in unknown["渠道 duty-wecom"]
    assert KEY not in str(unknown)


def test_check_looks_at_the_file_that_is_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD)
    assert {problem.path for problem in all_problems(channels=path)} == {"渠道 duty-wecom", "渠道 hook"}

    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert all_problems(channels=path) == ()
