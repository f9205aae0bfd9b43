"""Our own webhook: JSON by POST, signed, so that a receiver knows who sent it, when, and that nobody changed it.

What a receiver has to check is written in docs/how-to/notices.md.
"""

import hmac
import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from config.channel_addresses import Address
from services.notices.attempts import NotDelivered
from services.notices.message import Message

ID, TIMESTAMP, SIGNATURE = "X-GridWall-Id", "X-GridWall-Timestamp", "X-GridWall-Signature"
SOCKET_S = 10


class _NoRedirect(HTTPRedirectHandler):
    """A redirect is refused: it would carry a signed message to somebody who was not named."""

    def redirect_request(self, *_args: object, **_named: object) -> None:
        return None


OPENER = build_opener(_NoRedirect)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """v1= and, in hexadecimal, the HMAC-SHA256 over the timestamp in seconds, a full stop and the body."""
    return "v1=" + hmac.new(secret.encode(), f"{timestamp}.".encode() + body, "sha256").hexdigest()


def headers(secret: str, message: Message, now: datetime) -> Mapping[str, str]:
    timestamp = int(now.timestamp())
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "GridWall",
        ID: message.id,
        TIMESTAMP: str(timestamp),
        SIGNATURE: signature(secret, timestamp, message.document),
    }


def post(address: Address, message: Message, now: datetime) -> None:
    """Delivered is what the receiver answers with 2xx. Raises NotDelivered."""
    request = Request(address.url, message.document, dict(headers(address.secret, message, now)), method="POST")
    try:
        with OPENER.open(request, timeout=SOCKET_S):
            return
    except HTTPError as error:
        error.close()
        raise NotDelivered(f"对方回答 HTTP {error.code}", answered=True) from None
    except (URLError, OSError, HTTPException, ValueError) as error:
        raise NotDelivered(_why(getattr(error, "reason", error)), answered=False) from None


def _why(reason: object) -> str:
    if isinstance(reason, TimeoutError):
        return "超时，对方没有回答"
    if isinstance(reason, ssl.SSLError):
        return "对方的证书不可信，或加密连接建立不了"
    if isinstance(reason, socket.gaierror):
        return "找不到对方的主机名"
    if isinstance(reason, ConnectionRefusedError):
        return "连接被拒绝，对方没有在接收"
    return "连接不上，或连接中途断开"
