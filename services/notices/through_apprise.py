"""Channels that apprise speaks: WeCom, DingTalk, Feishu, mail and many more."""

import re
from typing import Any

from config.channel_addresses import Address, load_apprise
from services.notices.attempts import NotDelivered
from services.notices.message import Message

STATUS = re.compile(r"\berror=([1-5][0-9]{2})\b")

LEAST, MOST = 1000, 32_000  # bytes of one message


class AppriseChannel:
    """One address. Making it loads apprise, so only a process that sends does."""

    def __init__(self, address: Address) -> None:
        self._library = load_apprise()
        asset = self._library.AppriseAsset(async_mode=False, app_id="GridWall")
        self._apprise = self._library.Apprise(asset=asset)
        self._apprise.add(address.url)
        # Some services count characters and some bytes; fewer fit where it is bytes. Gateways of short messages, which
        # take much less, make several of a long one by themselves.
        limits = (int(server.body_maxlen) for server in self._apprise)
        self._most = min((most for most in limits if most >= LEAST), default=MOST)

    def send(self, message: Message) -> None:
        """Raises NotDelivered. What apprise says about a failure is read for its HTTP status only."""
        kinds, form = self._library.NotifyType, self._library.NotifyFormat.TEXT
        urgency = kinds.WARNING if message.urgent else kinds.INFO
        body = message.body_within(self._most)
        sent = self._apprise.notify(body, title=message.title, notify_type=urgency, body_format=form)
        if not sent:
            raise _refused(sent)


def _refused(result: Any) -> NotDelivered:
    said = " ".join(str(getattr(entry, "message", entry)) for entry in result.logs())
    status = STATUS.search(said)
    if status:
        return NotDelivered(f"对方回答 HTTP {status[1]}", answered=True)
    return NotDelivered("渠道没有接受，或连接不上", answered=False)
