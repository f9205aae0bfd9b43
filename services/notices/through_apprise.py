"""Channels that apprise speaks: WeCom, DingTalk, Feishu, mail and many more."""

import re
from typing import Any

from config.channel_addresses import Address, load_apprise
from services.notices.attempts import NotDelivered
from services.notices.message import Message

STATUS = re.compile(r"\berror=([1-5][0-9]{2})\b")


class AppriseChannel:
    """One address. Making it loads apprise, so only a process that sends does."""

    def __init__(self, address: Address) -> None:
        self._library = load_apprise()
        asset = self._library.AppriseAsset(async_mode=False, app_id="GridWall")
        self._apprise = self._library.Apprise(asset=asset)
        self._apprise.add(address.url)

    def send(self, message: Message) -> None:
        """Raises NotDelivered. What apprise says about a failure is read for its HTTP status only."""
        kinds, form = self._library.NotifyType, self._library.NotifyFormat.TEXT
        urgency = kinds.WARNING if message.urgent else kinds.INFO
        sent = self._apprise.notify(message.body, title=message.title, notify_type=urgency, body_format=form)
        if not sent:
            raise _refused(sent)


def _refused(result: Any) -> NotDelivered:
    said = " ".join(str(getattr(entry, "message", entry)) for entry in result.logs())
    status = STATUS.search(said)
    if status:
        return NotDelivered(f"对方回答 HTTP {status[1]}", answered=True)
    return NotDelivered("渠道没有接受，或连接不上", answered=False)
