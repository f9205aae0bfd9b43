"""One channel, in the drawer: what it is for, when it is quiet, who is on duty now, and the button that tries it."""

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from domain.channel_status import ChannelStatus
from domain.notices import Duty
from layouts import ids
from layouts.admin.channel_parts import Words, button
from layouts.admin.frame import aria


def drawer(status: ChannelStatus | None, on_duty: Sequence[Duty], words: Words) -> Component:
    """`status` is the channel that was chosen; without one the drawer says so."""
    content = _one(status, on_duty, words) if status else [html.P(words("choose"), className="ch-none")]
    return html.Aside(content, className="ch-side", **aria(label=words("drawer")))


def _one(status: ChannelStatus, on_duty: Sequence[Duty], words: Words) -> list[Component]:
    channel = status.channel
    facts = (
        ("head.service", words(f"way.{channel.way.value}", service=channel.service or "—")),
        ("head.sent", words.when(status.last_sent)),
        ("last_failed", words.when(status.last_failed)),
        ("per_minute", str(channel.per_minute)),
        ("urgent_in_quiet", words("passes" if channel.urgent_passes else "waits")),
    )
    failure = status.last_failed if status.broken else None
    duty = [
        f"{turn.name}{words('colon')}{_to(turn.to, turn.kinds)} → {words('and').join(turn.adds)}" for turn in on_duty
    ]
    return [
        html.H2(channel.label),
        html.Small(channel.name),
        *([html.P(failure.detail, className="ch-said bad")] if failure else []),
        html.Dl([part for key, value in facts for part in (html.Dt(words(key)), html.Dd(value))]),
        *_list("routes", [_to(route.to, route.kinds) for route in status.routes], words),
        *_list("quiet", [words.hours(hours) for hours in channel.quiet], words),
        *_list("duty", duty, words),
        html.Div(button(words("test"), ids.one_of(ids.CHANNELS_TEST, channel.name), primary=True), className="ch-foot"),
    ]


def _list(name: str, lines: Sequence[str], words: Words) -> list[Component]:
    items = [html.Li(line) for line in lines] or [html.Li(words(f"no_{name}"), className="ch-none")]
    return [html.H3(words(f"list.{name}")), html.Ul(items)]


def _to(recipients: Sequence[str], kinds: frozenset[str]) -> str:
    named = f"（{'、'.join(sorted(kinds))}）" if kinds else ""
    return "、".join(recipients) + named
