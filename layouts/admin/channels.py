"""通知渠道: channels and how they fare, and the delivery log. The drawer is layouts.admin.channel_drawer."""

from collections.abc import Mapping
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from config.texts import Texts
from domain.channel_status import ChannelStatus, NoticeStatus, Outgoing
from domain.city import City
from domain.people import Person
from layouts import ids
from layouts.admin.channel_drawer import drawer
from layouts.admin.channel_parts import Words, button, mark, table
from layouts.admin.frame import admin_frame, aria

TABS: Mapping[str, tuple[str, ...]] = {  # the states each shows
    "all": ("owed", "sent", "failed", "none"),
    "owed": ("owed",),
    "failed": ("failed",),
    "none": ("none",),
    "sent": ("sent",),
}
TONES = {"owed": "muted", "sent": "ok", "failed": "alarm", "none": "warn"}
CHANNEL_HEADS = ("channel", "service", "sent", "day", "quiet", "state")
NOTICE_HEADS = ("number", "at", "recipient", "title", "case", "attempts", "state")


@dataclass(frozen=True)
class Chosen:
    """What the person looks at, and what the last click brought; `went` tells good words from bad ones."""

    tab: str = "all"
    channel: str = ""
    words: str = ""
    went: bool = True


def channels_body(outgoing: Outgoing, chosen: Chosen, city: City, texts: Texts) -> list[Component]:
    """The middle and the drawer."""
    words = Words(texts, city, outgoing.now)
    status = next((one for one in outgoing.channels if one.channel.name == chosen.channel), None)
    middle = [
        _head(outgoing, words),
        *_said(chosen),
        *_channels(outgoing, chosen, words),
        *_log(outgoing, chosen, words),
    ]
    return [html.Section(middle, className="ch-main"), drawer(status, outgoing.on_duty, words)]


def channels_page(outgoing: Outgoing, city: City, person: Person, texts: Texts) -> Component:
    """The page as it is opened; what is chosen lives in its store."""
    body = html.Div(channels_body(outgoing, Chosen(), city, texts), id=ids.CHANNELS, className="channels")
    page = html.Div([dcc.Store(id=ids.CHANNELS_CHOSEN, data={}), body], className="channels-page")
    return admin_frame("channels", city.title, person, page, texts)


def _head(outgoing: Outgoing, words: Words) -> Component:
    failed, owed = outgoing.counts.get("failed", 0), outgoing.counts.get("owed", 0)
    line = words("line", channels=len(outgoing.channels), owed=owed, failed=failed)
    if outgoing.oldest_owed:
        line = words("waiting", line=line, time=words.time(outgoing.oldest_owed))
    tools = [
        button(words("refresh"), ids.one_of(ids.CHANNELS_DO, "refresh")),
        button(words("retry", count=failed), ids.one_of(ids.CHANNELS_DO, "retry"), disabled=not failed),
    ]
    return html.Header([html.H1(words("title")), html.Small(line), *tools], className="ch-head")


def _said(chosen: Chosen) -> list[Component]:
    look = "ch-said" if chosen.went else "ch-said bad"
    return [html.P(chosen.words, className=look, role="status")] if chosen.words else []


def _channels(outgoing: Outgoing, chosen: Chosen, words: Words) -> list[Component]:
    if not outgoing.channels:
        return [html.Div([html.B(words("empty_head")), html.Span(words("empty_line"))], className="ch-empty")]
    rows = [_channel(status, status.channel.name == chosen.channel, words) for status in outgoing.channels]
    return [table([words(f"head.{name}") for name in CHANNEL_HEADS], rows, words("title"))]


def _channel(status: ChannelStatus, chosen: bool, words: Words) -> Component:
    channel = status.channel
    name = html.Button(
        channel.label, id=ids.one_of(ids.CHANNELS_ROW, channel.name), n_clicks=0, className="ch-pick", type="button",
        **aria(pressed=str(chosen).lower()),
    )  # fmt: skip
    quiet = words("and").join(f"{hours.start:%H:%M}–{hours.end:%H:%M}" for hours in channel.quiet) or "—"
    if status.quiet_until:
        quiet = words("quiet_until", time=words.time(status.quiet_until))
    cells = [
        html.Td([name, html.Small(channel.name)]),
        html.Td(channel.service or "—"),
        html.Td(words.when(status.last_sent)),
        html.Td(words("day", sent=status.sent, failed=status.failed)),
        html.Td(quiet),
        html.Td(_health(status, words)),
    ]
    return html.Tr(cells, className="on" if chosen else "")


def _health(status: ChannelStatus, words: Words) -> Component:
    if status.broken:
        return mark("alarm", words("broken"))
    return mark("ok", words("well")) if status.last_sent else mark("muted", words("unused"))


def _log(outgoing: Outgoing, chosen: Chosen, words: Words) -> list[Component]:
    tabs = [
        html.Button(
            f"{words(f'tab.{tab}')} {sum(outgoing.counts.get(state, 0) for state in states)}",
            id=ids.one_of(ids.CHANNELS_TAB, tab),
            n_clicks=0,
            className="on" if tab == chosen.tab else "",
            type="button",
            **aria(pressed=str(tab == chosen.tab).lower()),
        )
        for tab, states in TABS.items()
    ]
    rows = [_notice(notice, words) for notice in outgoing.notices]
    listed = table([words(f"head.{name}") for name in NOTICE_HEADS], rows, words("log"))
    none = html.P(words("no_notices"), className="ch-none")
    return [html.H2(words("log")), html.Div(tabs, className="ch-tabs"), listed if rows else none]


def _notice(notice: NoticeStatus, words: Words) -> Component:
    urgent = [html.Span(words("urgent"), className="ch-tag")] if notice.urgent else []
    why = [html.Small(notice.detail)] if notice.detail and notice.state != "sent" else []
    cells = [
        html.Td(str(notice.notice_id)),
        html.Td(words.time(notice.at)),
        html.Td(words.recipient(notice.recipient), title=notice.recipient),
        html.Td([*urgent, notice.title], className="ch-words"),
        html.Td(notice.case_no or "—"),
        html.Td(str(notice.attempts)),
        html.Td([mark(TONES[notice.state], words(f"state.{notice.state}")), *why]),
    ]
    return html.Tr(cells)
