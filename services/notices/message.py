"""What is said through a channel: the same words for people and, as a document, for programs."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain.city import City

LEFT_OUT = "\n…太长，未列全，请到系统中查看"


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

    def body_within(self, most: int) -> str:
        """The same in at most so many bytes, its title and a line's end before it included. What is left out at the end
        of the text is said: a robot refuses a message that is too long, and loses all of it."""
        room = most - len(f"{self.title}\r\n".encode())
        if len(self.body.encode()) <= room:
            return self.body
        room -= len(replace(self, text=LEFT_OUT).body.encode())
        kept = self.text.encode()[: max(room, 0)].decode(errors="ignore")
        lines, _, _ = kept.rpartition("\n")  # whole lines where there are several
        return replace(self, text=(lines or kept) + LEFT_OUT).body

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
