"""`notices`: lists, owes again, and tries a channel against a real receiver."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import command_line
from config.settings import load_settings
from data_access import directory, outbox
from domain.refusals import Refusal
from services.parts import Parts
from services.stores import open_store
from tests.services.notices.conftest import AT, SECRET
from tests.services.notices.receiver import Receiver, receiving

Run = Callable[..., Result]


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with receiving() as running:
        yield running


@pytest.fixture
def run(fresh_sqlite: Callable[[], str], tmp_path: Path, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `notices …` on a database with one failed notice, one without a channel and one delivered."""
    url = fresh_sqlite()
    store = open_store(url)
    with store.write.begin() as connection:
        city = directory.ensure_city(connection, "demo", "Asia/Shanghai", demo=True)
        usual: dict[str, Any] = {
            "kind": "urge",
            "recipient": "unit:shizheng",
            "title": "催办",
            "text": "请反馈",
            "at": AT,
        }
        outbox.owe(connection, city, [{**usual, "event_key": key, "urgent": key == "a"} for key in "abc"])
        for number, state in ((1, "failed"), (2, "none"), (3, "sent")):
            outbox.take(connection, city, AT, AT, only=number)
            outbox.let_go(connection, city, number, AT, {"state": state, "attempts": 10, "done_at": AT})
        outbox.record(connection, city, 1, "hook", AT, False, "对方回答 HTTP 500")
    store.close()
    file = tmp_path / "channels.yaml"
    file.write_text(
        f"channels: [{{name: hook, label: 平台回调, webhook: '{receiver.url}/in', secret: '${{GRIDWALL_HOOK}}'}}]\n"
        "routes: [{to: ['unit:*'], channels: [hook]}]\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("GRIDWALL_CHANNELS", str(file))
    monkeypatch.setenv("GRIDWALL_HOOK", SECRET)

    def run(*arguments: str) -> Result:
        parts = Parts(load_settings(database=url), lambda: AT, lambda: AT)
        command = command_line.get_command(None, "notices")  # type: ignore[arg-type]
        assert command is not None
        return CliRunner().invoke(command, arguments, obj=parts)

    return run


def test_the_list_names_channels_queue_and_failures(run: Run) -> None:
    lines = run("list").stdout.splitlines()

    assert lines == [
        "渠道 hook（平台回调）24 小时送达 0，失败 1；最近失败：对方回答 HTTP 500",
        "待发 0；已送达 1；失败 1；未配置渠道 1",
        "3  2026-05-19 14:32  unit:shizheng  催办  已送达（10 次）",
        "2  2026-05-19 14:32  unit:shizheng  催办  未配置渠道（10 次）",
        "1  2026-05-19 14:32  unit:shizheng  【紧急】催办  失败（10 次）  对方回答 HTTP 500",
    ]
    document = json.loads(run("list", "--state", "failed", "--format", "json").stdout)
    assert document["counts"] == {"owed": 0, "sent": 1, "failed": 1, "none": 1}
    assert [notice["notice_id"] for notice in document["notices"]] == [1]
    assert document["channels"][0]["last_failure"] == "对方回答 HTTP 500"


def test_what_failed_is_owed_again_and_what_arrived_is_not(run: Run) -> None:
    assert "1 条通知重新待发。编号 1。" in run("retry", "--failed").stdout
    result = run("retry", "2", "3", "9")

    assert "1 条通知重新待发。编号 2。" in result.stdout
    assert "没有改动 3、9" in result.stderr
    assert result.exit_code == 1
    assert "待发 2；已送达 1；失败 0；未配置渠道 0" in run("list").stdout


@pytest.mark.parametrize("arguments", [("retry",), ("retry", "1", "--failed"), ("test", "nowhere")])
def test_what_cannot_be_meant_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    assert isinstance(run(*arguments).exception, Refusal)


def test_a_trial_says_whether_it_arrived(run: Run, receiver: Receiver) -> None:
    assert run("test", "hook").stdout == "已送达：渠道 hook，通知编号 demo-4。\n"
    assert (receiver.got[0].path, receiver.got[0].document["kind"]) == ("/in", "trial")

    receiver.answer = 500
    result = run("test", "hook")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "没有送达：渠道 hook，对方回答 HTTP 500" in result.stderr
    assert SECRET not in result.stderr
    assert "失败 2" in run("list").stdout  # a trial is not tried again behind anybody's back


def test_a_secret_that_is_not_set_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDWALL_HOOK")

    assert "GRIDWALL_HOOK" in str(run("test", "hook").exception)
    assert run("list").exit_code == 0
