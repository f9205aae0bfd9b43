"""The append-only log of a case and its hash chain: an altered, removed or inserted event breaks the chain."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

CHAIN_START = bytes(32)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))  # json.dumps makes one each time


def canonical(body: Mapping[str, object]) -> str:
    """The event's body as the one text that is stored and hashed (keys sorted, no spaces, no escapes)."""
    return _ENCODER.encode(body) if body else "{}"


def chain(previous: bytes, version: int, action: str, at: datetime, actor: str, body: str) -> bytes:
    """SHA-256 over the previous event's hash and everything this one says."""
    line = f"{version}\n{action}\n{at.astimezone(UTC).isoformat()}\n{actor}\n{body}"
    return hashlib.sha256(previous + line.encode()).digest()
