"""What people are shown of the notices on their way: channels, queue, failures. Nothing in here is secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.notices import Channel, Duty, Route


@dataclass(frozen=True)
class Attempt:
    """One attempt to deliver. `detail` says why it failed."""

    channel: str
    at: datetime
    ok: bool
    detail: str
    notice_id: int


@dataclass(frozen=True)
class ChannelStatus:
    """A channel and how it fares. Counts are of the last 24 hours."""

    channel: Channel
    routes: tuple[Route, ...]
    quiet_until: datetime | None
    last_sent: Attempt | None
    last_failed: Attempt | None
    sent: int
    failed: int

    @property
    def broken(self) -> bool:
        """Whether its last attempt failed."""
        if self.last_failed is None:
            return False
        return self.last_sent is None or self.last_failed.at > self.last_sent.at


@dataclass(frozen=True)
class NoticeStatus:
    """A notice as the delivery log shows it. `state` is owed, sent, failed or none (no channel)."""

    notice_id: int
    at: datetime
    kind: str
    recipient: str
    urgent: bool
    title: str
    case_no: str | None
    state: str
    attempts: int
    not_before: datetime
    done_at: datetime | None
    detail: str


@dataclass(frozen=True)
class Outgoing:
    """Everything that goes out of a city, at one instant."""

    now: datetime
    channels: tuple[ChannelStatus, ...]
    on_duty: tuple[Duty, ...]
    counts: Mapping[str, int]  # notices by state
    oldest_owed: datetime | None
    notices: tuple[NoticeStatus, ...]  # newest first
