"""The page 通知渠道: what a click chooses, tries or sends again. System administrators only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component

from callbacks.access import current_person, require
from config.texts import Texts
from domain.people import Post
from domain.refusals import Refusal
from layouts import ids
from layouts.admin.channels import TABS, Chosen, channels_body, channels_page
from services.notices.office import NoticeOffice

PATIENCE_S = 15.0  # for a trial: the sender looks every two seconds and gives a channel up after twenty


@dataclass(frozen=True)
class ChannelCallbacks:
    """Draws the page anew after every click: a click is rare, and what it shows has moved on."""

    office: NoticeOffice
    texts: Texts

    def page(self) -> Component:
        """As it is opened; who may open it is decided where pages are opened."""
        return channels_page(self.office.outgoing(), self.office.city, current_person(), self.texts)

    def register(self, app: Dash) -> None:
        kinds = (ids.CHANNELS_DO, ids.CHANNELS_ROW, ids.CHANNELS_TAB, ids.CHANNELS_TEST)
        clicks = [Input({"type": kind, "name": ALL}, "n_clicks") for kind in kinds]
        outputs = (Output(ids.CHANNELS, "children"), Output(ids.CHANNELS_CHOSEN, "data"))
        chosen = State(ids.CHANNELS_CHOSEN, "data")
        app.callback(*outputs, *clicks, chosen, prevent_initial_call=True)(self.clicked)

    @require(Post.SYS_ADMIN)
    def clicked(
        self, _do: object, _row: object, _tab: object, _test: object, data: Mapping[str, Any] | None
    ) -> tuple[Any, Any]:
        """Buttons that were only just drawn trigger it as well, without having been clicked: nothing changes then."""
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:
            return no_update, no_update
        chosen = self.after(ctx.triggered_id["type"], ctx.triggered_id["name"], chosen_of(data))
        outgoing = self.office.outgoing(TABS[chosen.tab])
        body = channels_body(outgoing, chosen, self.office.city, self.texts)
        return body, {"tab": chosen.tab, "channel": chosen.channel}

    def after(self, kind: str, name: str, chosen: Chosen) -> Chosen:
        """What is chosen and said after this click."""
        if kind == ids.CHANNELS_ROW:
            return Chosen(chosen.tab, name)
        if kind == ids.CHANNELS_TAB:
            return Chosen(name if name in TABS else "all", chosen.channel)
        try:
            words, went = self._do(kind, name)
        except Refusal as refusal:
            words, went = str(refusal), False
        return Chosen(chosen.tab, chosen.channel, words, went)

    def _do(self, kind: str, name: str) -> tuple[str, bool]:
        """A trial goes through the channel that its button names, whatever was chosen since it was drawn."""
        actor = current_person().actor(Post.SYS_ADMIN)
        if kind == ids.CHANNELS_TEST:
            return self._try_out(name, actor)
        if name == "retry":
            return self._say("again", count=len(self.office.owe_again(None, actor))), True
        return "", True

    def _try_out(self, channel: str, actor: str) -> tuple[str, bool]:
        number = self.office.try_out(channel, actor)
        attempt = self.office.answer_to(number, PATIENCE_S)
        label = self.office.routing.channels[channel].label
        if attempt is None:
            return self._say("no_answer", number=number), False
        if not attempt.ok:
            return self._say("not_sent", label=label, why=attempt.detail, number=number), False
        return self._say("tried", label=label, number=number), True

    def _say(self, key: str, **values: object) -> str:
        return self.texts(f"notice_channels.{key}", **values)


def chosen_of(data: Mapping[str, Any] | None) -> Chosen:
    """What the browser says was chosen; anything else than a known tab is the first."""
    given = data or {}
    tab, channel = str(given.get("tab")), str(given.get("channel", ""))
    return Chosen(tab if tab in TABS else "all", channel)
