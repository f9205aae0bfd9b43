"""What an administrator sees of the notices, and what can be done there: try a channel, owe failed ones again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from threading import Event
from time import monotonic
from typing import Any

from data_access import outbox
from data_access.store import Store
from domain.channel_status import Attempt, ChannelStatus, NoticeStatus, Outgoing
from domain.city import City
from domain.hours import CityDays
from domain.notices import TRIAL, Channel, Routing
from domain.refusals import Refusal
from services import audit
from services.parts import Clock

DAY = timedelta(days=1)
STATES = (outbox.OWED, outbox.SENT, outbox.FAILED, outbox.UNROUTED)
SHOWN = 100
PAUSE_S = 0.25


@dataclass(frozen=True)
class NoticeOffice:
    """Reads the outbox of one city and writes to it; it sends nothing itself and knows no secret."""

    store: Store
    city: City
    city_number: int
    days: CityDays
    routing: Routing
    clock: Clock
    frozen: bool = False  # in a replay: nothing is written

    def outgoing(self, states: Sequence[str] = STATES, limit: int = SHOWN) -> Outgoing:
        """Channels, queue and the newest notices in these states."""
        now = self.clock()
        with self.store.picture() as connection:
            last = [
                Attempt(r.channel, r.at, r.ok, r.detail, r.notice_id)
                for r in outbox.last_attempts(connection, self.city_number)
            ]
            day = {(r.channel, r.ok): r.count for r in outbox.sent_since(connection, self.city_number, now - DAY)}
            return Outgoing(
                now=now,
                channels=tuple(self._status(channel, last, day) for channel in self.routing.channels.values()),
                on_duty=self.routing.on_duty(now, self.days),
                counts=outbox.counts(connection, self.city_number),
                oldest_owed=outbox.oldest_owed(connection, self.city_number),
                notices=tuple(map(_shown, outbox.listed(connection, self.city_number, states, limit))),
            )

    def attempts(self, notice_id: int) -> tuple[Attempt, ...]:
        """Every attempt to deliver one notice, oldest first."""
        with self.store.picture() as connection:
            rows = outbox.attempts_of(connection, self.city_number, notice_id)
        return tuple(Attempt(row.channel, row.at, row.ok, row.detail, notice_id) for row in rows)

    def notice(self, notice_id: int) -> NoticeStatus | None:
        with self.store.picture() as connection:
            rows = outbox.listed(connection, self.city_number, STATES, 1, [notice_id])
        return _shown(rows[0]) if rows else None

    def try_out(self, name: str, actor: str) -> int:
        """Owes one trial notice through this channel alone, and gives its number; quiet hours do not hold it back.

        Raises Refusal for a channel that is not there, and in a frozen replay.
        """
        self._require_living()
        channel = self.routing.channels.get(name)
        if channel is None:
            known = "、".join(self.routing.channels) or "无"
            raise Refusal("没有这个渠道", name, f"已配置的渠道：{known}。渠道写在 config/channels.yaml。")
        now = self.clock()
        trial = {
            "event_key": f"{TRIAL}/{name}/{token_hex(8)}",
            "kind": TRIAL,
            "recipient": f"channel:{name}",
            "urgent": False,
            "title": f"{self.city.title}：渠道测试",
            "text": f"这是渠道“{channel.label}”的测试通知，收到即表示渠道可用，无需处理。",
            "at": now,
        }
        with self.store.write.begin() as connection:
            (number,) = outbox.owe(connection, self.city_number, [trial])
            audit.record(connection, self.city_number, now, actor, "notice_trial", name, detail={"notice": number})
        return number

    def answer_to(self, notice_id: int, patience_s: float) -> Attempt | None:
        """The first attempt to deliver this notice, waited for; None when there was none in time."""
        end = monotonic() + patience_s
        pause = Event()
        while not (found := self.attempts(notice_id)) and monotonic() < end:
            pause.wait(PAUSE_S)
        return found[0] if found else None

    def owe_again(self, numbers: Iterable[int] | None, actor: str) -> tuple[int, ...]:
        """Failed notices, or those named (also such without a channel), are sent once more; gives which.

        Raises Refusal in a frozen replay.
        """
        self._require_living()
        now = self.clock()
        with self.store.write.begin() as connection:
            found = outbox.owe_again(connection, self.city_number, now, numbers)
            if found:
                detail = {"notices": found[:100], "count": len(found)}
                audit.record(connection, self.city_number, now, actor, "notice_retry", "outbox", detail=detail)
        return tuple(found)

    def _require_living(self) -> None:
        if self.frozen:
            raise Refusal("回放中不发通知", "通知渠道", "请在实时运行的服务里操作；这里什么也没有写入。")

    def _status(self, channel: Channel, last: Sequence[Attempt], day: dict[tuple[str, bool], int]) -> ChannelStatus:
        mine = [attempt for attempt in last if attempt.channel == channel.name]
        now = self.clock()
        free = channel.free_at("", False, now, self.days)
        return ChannelStatus(
            channel=channel,
            routes=tuple(route for route in self.routing.routes if channel.name in route.channels),
            quiet_until=free if free > now else None,
            last_sent=next((attempt for attempt in mine if attempt.ok), None),
            last_failed=next((attempt for attempt in mine if not attempt.ok), None),
            sent=day.get((channel.name, True), 0),
            failed=day.get((channel.name, False), 0),
        )


def _shown(row: Any) -> NoticeStatus:
    return NoticeStatus(
        notice_id=row.notice_id,
        at=row.at,
        kind=row.kind,
        recipient=row.recipient,
        urgent=row.urgent,
        title=row.title,
        case_no=row.case_no,
        state=row.state,
        attempts=row.attempts,
        not_before=row.not_before,
        done_at=row.done_at,
        detail=row.detail or "",
    )
