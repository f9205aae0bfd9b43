"""What is said through a channel, also where the service takes little."""

from dataclasses import replace

import pytest

from config.channel_addresses import Address
from domain.notices import Channel, Way
from services.notices.message import LEFT_OUT
from services.notices.through_apprise import AppriseChannel
from tests.services.notices.test_webhook import MESSAGE

WECOM = 2048  # bytes of one text, title included; the robot answers 200 and drops what is longer
LINES = [f"20260519-{n:04d} 暴露垃圾 学府街：请尽快处置" for n in range(40)]
FORTY = replace(MESSAGE, title="催办 40 件", text="\n".join(LINES))


def test_what_fits_is_said_whole() -> None:
    assert MESSAGE.body_within(WECOM) == MESSAGE.body
    assert FORTY.body_within(20_000) == FORTY.body


def test_what_is_too_long_ends_with_a_whole_line_and_says_so() -> None:
    said = FORTY.body_within(WECOM)

    assert WECOM - 80 < len(f"{FORTY.title}\r\n{said}".encode()) <= WECOM
    text, _, foot = said.removeprefix("【紧急】").partition(LEFT_OUT)
    assert FORTY.text.startswith(f"{text}\n")
    assert foot.endswith(f"通知编号 {FORTY.id}")


@pytest.mark.parametrize("most", range(150, 170))
def test_one_long_line_is_cut_between_characters(most: int) -> None:
    said = replace(MESSAGE, text="字" * 500).body_within(most)

    assert len(f"{MESSAGE.title}\r\n{said}".encode()) <= most
    assert LEFT_OUT in said


def test_a_robot_is_told_no_more_than_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = AppriseChannel(Address(Channel("wecom", "企业微信", Way.APPRISE, "wecombot"), "wecombot://botkey"))
    told: list[str] = []

    def notify(body: str, **_named: object) -> bool:
        told.append(body)
        return True

    monkeypatch.setattr(channel._apprise, "notify", notify)
    channel.send(FORTY)

    assert told == [FORTY.body_within(WECOM)]
