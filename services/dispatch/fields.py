"""The fields of a command, read strictly: text as text, choices as keys, yes or no."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.refusals import Refusal

LONGEST = 500
Fields = Mapping[str, Any]


def words(fields: Fields, name: str, label: str, where: str, *, longest: int = LONGEST, required: bool = False) -> str:
    """Text as somebody wrote it: NFC, without control characters, trimmed. Raises Refusal when it is too long, or
    missing where it is required."""
    given = fields.get(name)
    text = unicodedata.normalize("NFC", given) if isinstance(given, str) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(letter for letter in text if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cs"))
    kept = kept.strip()
    if len(kept) > longest:
        raise Refusal(f"{label}有 {len(kept)} 字，超过 {longest} 字", where, f"请改短到 {longest} 字以内。")
    if required and not kept:
        raise Refusal(f"没有写{label}", where, f"请写明{label}后再提交。")
    return kept


def choices(fields: Fields, name: str) -> tuple[str, ...]:
    """Several keys, written as a list or with commas between them; each once, in their order."""
    given = fields.get(name)
    if isinstance(given, str):
        parts = given.split(",")
    else:
        parts = [str(one) for one in given] if isinstance(given, list | tuple) else []
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def choice(fields: Fields, name: str) -> str:
    """One key; empty where nothing was chosen."""
    given = fields.get(name)
    return given.strip() if isinstance(given, str) else ""


def yes(fields: Fields, name: str, usual: bool = False) -> bool:
    """A box that is ticked; `usual` where it was not asked."""
    given = fields.get(name, usual)
    return given if isinstance(given, bool) else str(given).lower() in ("true", "1", "on", "yes")


def local_text(moment: datetime) -> str:
    """A local time as fields carry it: `2026-05-19T16:00`."""
    return f"{moment:%Y-%m-%dT%H:%M}"
