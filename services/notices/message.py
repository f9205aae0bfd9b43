"""What is said through a channel: the same words for people and, as a document, for programs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.city import City


@dataclass(frozen=True)
class Message:
    """A notice on its way. `id` is its own for ever: a receiver that has seen it drops it."""

    id: str
    city: City
    kind: str
    recipient: str
    urgent: bool
    title: str
    text: str
    at: datetime  # when the event happened that owes it; it may be long ago
    case_no: str | None = None
    version: int | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any], city: City) -> "Message":
        """A row of the outbox as a message."""
        taken = {
            name: row[name] for name in ("kind", "recipient", "urgent", "title", "text", "at", "case_no", "version")
        }
        return cls(id=f"{city.id}-{row['notice_id']}", city=city, **taken)

    @property
    def body(self) -> str:
        """The text for people, with when it was owed and the number by which a repeated message is recognised."""
        said = f"{self.text}\n\n{self.city.title}　{self.city.local(self.at):%Y-%m-%d %H:%M}\n通知编号 {self.id}"
        return f"【紧急】{said}" if self.urgent else said

    @property
    def document(self) -> bytes:
        """JSON for programs; exactly these bytes are signed."""
        fields = {
            "id": self.id,
            "city": self.city.id,
            "kind": self.kind,
            "recipient": self.recipient,
            "urgent": self.urgent,
            "title": self.title,
            "text": self.text,
            "case_no": self.case_no,
            "version": self.version,
            "at": self.city.local(self.at).isoformat(),
        }
        return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
