"""The page of notice channels, without a browser."""

from datetime import time, timedelta
from typing import Any

from config.texts import LANGUAGES, Texts, load_texts
from domain.channel_status import Attempt, ChannelStatus, NoticeStatus, Outgoing
from domain.hours import DayKind, Days, Hours
from domain.notices import Channel, Duty, Route, Way
from domain.people import Person, Post
from layouts.admin.channels import TABS, Chosen, channels_body, channels_page
from tests.builders import AS_OF, a_city
from tests.layouts.trees import components, words

DEMO = a_city()
ADMIN = Person(4, "admin", "系统管理员", frozenset({Post.SYS_ADMIN}))
NIGHT = Hours(time(22), time(7), Days(kinds=frozenset({DayKind.WORKDAY}), weekdays=frozenset({5})))
WECOM = Channel("duty-wecom", "值班群", Way.APPRISE, "wecombot", quiet=(NIGHT,))
HOOK = Channel("hook", "平台回调", Way.WEBHOOK, "https")
EARLIER = AS_OF - timedelta(days=1)
FAILED = Attempt("hook", AS_OF, False, "对方回答 HTTP 503", 2)


def status(channel: Channel, **changes: Any) -> ChannelStatus:
    usual: dict[str, Any] = {"routes": (Route(("unit:*",), (channel.name,), frozenset({"urge"})),)}
    usual |= {"quiet_until": None, "last_sent": None, "last_failed": None, "sent": 0, "failed": 0}
    return ChannelStatus(channel, **{**usual, **changes})


def notice(number: int, state: str, **changes: Any) -> NoticeStatus:
    usual: dict[str, Any] = {
        "at": AS_OF,
        "kind": "urge",
        "recipient": "unit:shizheng",
        "urgent": False,
        "title": "催办",
    }
    usual |= {"case_no": None, "attempts": 0, "not_before": AS_OF, "done_at": None, "detail": ""}
    return NoticeStatus(notice_id=number, state=state, **{**usual, **changes})


OUTGOING = Outgoing(
    now=AS_OF,
    channels=(
        status(WECOM, last_sent=Attempt("duty-wecom", EARLIER, True, "", 1), sent=3),
        status(HOOK, last_failed=FAILED, failed=1, quiet_until=AS_OF + timedelta(hours=1)),
    ),
    on_duty=(Duty("夜班", NIGHT, ("unit:*",), ("duty:night",)),),
    counts={"owed": 1, "failed": 2, "sent": 3},
    oldest_owed=EARLIER,
    notices=(
        notice(3, "failed", urgent=True, case_no="20260519-0471", attempts=10, detail="超时，对方没有回答"),
        notice(2, "none", recipient="post:duty_chief"),
    ),
)
NOTHING = Outgoing(AS_OF, (), (), {}, None, ())


def page_of(outgoing: Outgoing, texts: Texts, **chosen: Any) -> str:
    return "\n".join(words(part) for part in channels_body(outgoing, Chosen(**chosen), DEMO, texts))


def test_channels_say_how_they_fare(texts: Texts) -> None:
    said = page_of(OUTGOING, texts)

    for words_of_the_page in (
        "2 个渠道，待发 1，失败 2，最早一条自 5-18 14:32 起待发",
        "送达 3，失败 0",
        "免打扰至 15:32",
        "最近一次失败",
        "重发失败的 2 条",
        "20260519-0471",
        "超时，对方没有回答",
        "全部 6",
        "值班长",
    ):
        assert words_of_the_page in said


def test_the_drawer_tells_routes_quiet_hours_and_duty(texts: Texts) -> None:
    said = page_of(OUTGOING, texts, channel="duty-wecom")

    assert "unit:*（urge）" in said
    assert "22:00–07:00，周六、工作日" in said
    assert "夜班：unit:* → duty:night" in said
    assert "发送测试" in said
    assert "对方回答 HTTP 503" in page_of(OUTGOING, texts, channel="hook")
    assert "选一个渠道" in page_of(OUTGOING, texts, channel="gone")


def test_without_a_channel_the_page_says_what_that_means(texts: Texts) -> None:
    said = page_of(NOTHING, texts)

    assert "未配置渠道\n通知照常记录，不外发" in said
    assert "没有这样的通知" in said


def test_nothing_failed_means_nothing_to_send_again(texts: Texts) -> None:
    def disabled(outgoing: Outgoing) -> list[bool]:
        parts = [part for body in channels_body(outgoing, Chosen(), DEMO, texts) for part in components(body)]
        return [part["disabled"] for part in parts if part.get("id") == {"type": "channels-do", "name": "retry"}]

    assert (disabled(NOTHING), disabled(OUTGOING)) == ([True], [False])


def test_every_button_has_an_id_of_its_own(texts: Texts) -> None:
    ids = [str(part["id"]) for part in components(channels_page(OUTGOING, DEMO, ADMIN, texts)) if "id" in part]

    assert len(ids) == len(set(ids)) == 2 + 2 + len(TABS) + len(OUTGOING.channels)


def test_the_page_is_complete_in_every_language() -> None:
    for language in LANGUAGES:
        assert page_of(OUTGOING, load_texts(language), channel="hook", tab="failed", words="…", went=False)
