"""The page 通知渠道: what a click does, with a sender at work and a real receiver."""

import threading
from collections.abc import Iterator

import pytest

from callbacks import admin_channels
from callbacks.access import SignedOut
from callbacks.admin_channels import ChannelCallbacks, chosen_of
from config.texts import load_texts
from data_access.store import Store
from domain.people import Person, Post
from layouts import ids
from layouts.admin.channels import Chosen
from services.notices.office import NoticeOffice
from tests.services.notices.conftest import SECRET, a_post, hook
from tests.services.notices.conftest import Post as PostOffice
from tests.services.notices.receiver import Receiver, receiving

ADMIN = Person(4, "admin", "系统管理员", frozenset({Post.SYS_ADMIN}))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def post(sqlite_store: Store, receiver: Receiver) -> PostOffice:
    return a_post(sqlite_store, hook(receiver))


@pytest.fixture
def page(post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> ChannelCallbacks:
    monkeypatch.setattr(admin_channels, "current_person", lambda: ADMIN)
    monkeypatch.setattr(admin_channels, "PATIENCE_S", 3.0)
    one = post.sender
    office = NoticeOffice(one.store, one.city, one.city_number, one.days, one.routing, post.clock)
    return ChannelCallbacks(office, load_texts("zh"))


def tried(page: ChannelCallbacks, post: PostOffice, channel: str) -> Chosen:
    """Presses the button while a sender works beside, as in a running process."""
    done = threading.Event()

    def work() -> None:
        while not done.wait(0.05):
            post.sender.run()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        return page.after(ids.CHANNELS_TEST, channel, Chosen("failed", "chosen-since"))
    finally:
        done.set()
        thread.join()


def test_a_trial_waits_for_its_answer_and_says_it(page: ChannelCallbacks, post: PostOffice, receiver: Receiver) -> None:
    well = tried(page, post, "hook")
    receiver.answer = 403
    badly = tried(page, post, "hook")

    assert well == Chosen("failed", "chosen-since", "已送达：平台回调，通知编号 1。", True)
    assert badly == Chosen("failed", "chosen-since", "没有送达：平台回调，对方回答 HTTP 403。通知编号 2。", False)
    assert SECRET not in str(page.page())


def test_without_a_sender_the_page_says_that_nobody_sends(
    page: ChannelCallbacks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin_channels, "PATIENCE_S", 0.3)
    after = page.after(ids.CHANNELS_TEST, "hook", Chosen())

    assert not after.went
    assert "测试通知 1 还在待发" in after.words


def test_a_channel_that_is_not_there_is_refused_in_words(page: ChannelCallbacks) -> None:
    after = page.after(ids.CHANNELS_TEST, "<script>", Chosen())

    assert not after.went
    assert "没有这个渠道" in after.words


def test_failed_notices_are_owed_again(page: ChannelCallbacks, post: PostOffice, receiver: Receiver) -> None:
    receiver.answer = 500
    tried(page, post, "hook")
    assert post.row().state == "failed"

    assert page.after(ids.CHANNELS_DO, "retry", Chosen()).words == "1 条通知重新待发，已经送达的渠道不会再发。"
    assert post.row().state == "owed"


def test_choosing_a_row_or_a_tab_keeps_the_other(page: ChannelCallbacks) -> None:
    assert page.after(ids.CHANNELS_ROW, "hook", Chosen("sent")) == Chosen("sent", "hook")
    assert page.after(ids.CHANNELS_TAB, "owed", Chosen("sent", "hook")) == Chosen("owed", "hook")
    assert page.after(ids.CHANNELS_TAB, "odd", Chosen("sent", "hook")) == Chosen("all", "hook")


def test_a_frozen_replay_tries_nothing(page: ChannelCallbacks, post: PostOffice) -> None:
    one = post.sender
    office = NoticeOffice(one.store, one.city, one.city_number, one.days, one.routing, post.clock, frozen=True)
    frozen = ChannelCallbacks(office, page.texts)

    for kind, name in ((ids.CHANNELS_TEST, "hook"), (ids.CHANNELS_DO, "retry")):
        after = frozen.after(kind, name, Chosen())
        assert (after.went, "回放中不发通知" in after.words) == (False, True)
    assert office.outgoing().notices == ()


def test_what_a_browser_sends_is_not_trusted() -> None:
    assert chosen_of(None) == Chosen()
    assert chosen_of({"tab": {"a": 1}, "channel": ["x"]}).tab == "all"


def test_only_system_administrators_may_click() -> None:
    assert ChannelCallbacks.clicked.__access__ == {Post.SYS_ADMIN}  # type: ignore[attr-defined]


def test_nobody_is_nobody(post: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call itself asks who it is, whatever the page showed."""

    def nobody() -> Person:
        raise SignedOut

    monkeypatch.setattr("callbacks.access.current_person", nobody)
    one = post.sender
    office = NoticeOffice(one.store, one.city, one.city_number, one.days, one.routing, post.clock)
    with pytest.raises(SignedOut):
        ChannelCallbacks(office, load_texts("zh")).clicked([1], [], [], [], {})
