"""The sender: takes notices that are owed, one at a time, and delivers each once through every channel it is routed to.

At least once: a process that dies after a receiver took a message and before that was written down sends it again, with
the same id. Nothing else repeats: a notice is held by one sender, and a channel that has delivered it is never asked
again.
"""

import logging
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from config.channel_addresses import Address
from data_access import outbox
from data_access.store import Store
from domain.city import City
from domain.hours import CityDays
from domain.notices import MOST_ATTEMPTS, TRIAL, Channel, Routing, Way, wait_after
from services.causes import cause_in_words
from services.notices.attempts import Abandoned, NotDelivered, within
from services.notices.message import Message
from services.notices.through_apprise import AppriseChannel
from services.notices.webhook import post
from services.parts import Clock

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)  # longer than one attempt may take; renewed after each
ATTEMPT_S = 20.0
BATCH = 50  # notices of one run; the next run follows at once
MINUTE = timedelta(minutes=1)
NO_ANSWER_JUST_NOW = "这个渠道刚刚没有回应，本轮没有再试"
STILL_SENDING = "这个渠道的上一次发送还没有结束"
BROKEN = "渠道出错，没有发出"

Deliver = Callable[[Message, datetime], None]


def deliverer(address: Address) -> Deliver:
    """How messages go out through this channel."""
    if address.channel.way is Way.WEBHOOK:
        return partial(post, address)
    through = AppriseChannel(address)
    return lambda message, _now: through.send(message)


@dataclass
class _Notice:
    """A notice in our hands: what it is, the token of its lease, and how its channels fared in this round."""

    row: Mapping[str, Any]
    token: datetime
    tried: bool = False  # some channel has been used: its words must not change any more
    failed: bool = False
    later: list[datetime] = field(default_factory=list)  # when channels held back are free


@dataclass
class Sender:
    """Sends for one city. One thread uses it at a time; any number of senders may work on one database."""

    store: Store
    city: City
    city_number: int
    days: CityDays
    routing: Routing
    delivers: Mapping[str, Deliver]  # by channel
    clock: Clock
    stopping: threading.Event = field(default_factory=threading.Event)
    attempt_s: float = ATTEMPT_S
    _recent: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))
    _unwritten: dict[tuple[int, str], datetime] = field(default_factory=dict)  # delivered, and not yet recorded
    _busy: set[str] = field(default_factory=set)  # channels with an attempt under way, given up by us or not
    _failing: bool = False

    def run(self) -> int:
        """Sends what is owed now, at most a batch; gives how many notices it took. Never raises."""
        taken = 0
        silent: set[str] = set()  # channels that did not answer in this run: they keep nobody else waiting
        try:
            while taken < BATCH and self._send_next(silent):
                taken += 1
        except SQLAlchemyError as error:
            if not self._failing:  # said once when it breaks
                log.error("notices cannot be sent: %s", cause_in_words(error), exc_info=error)
            self._failing = True
        else:
            self._failing = False
        return taken

    def send_one(self, notice_id: int) -> bool:
        """Sends this notice now; False when it is not owed, not yet due, or somebody else is at it."""
        return self._send_next(set(), notice_id)

    def _send_next(self, silent: set[str], only: int | None = None) -> bool:
        now = self.clock()
        if self.stopping.is_set():
            return False
        with self.store.read.connect() as connection:
            if not outbox.has_owed(connection, self.city_number, now):
                return False
        token = now + LEASE
        with self.store.write.begin() as connection:
            row = outbox.take(connection, self.city_number, now, token, only)
            if row is None:
                return False
            served = outbox.served(connection, self.city_number, row.notice_id)
        self._send(_Notice(dict(row._mapping), token), served, silent)
        return True

    def _send(self, notice: _Notice, served: set[str], silent: set[str]) -> None:
        row, now = notice.row, self.clock()
        names = self.routing.channels_for(row["recipient"], row["kind"], now, self.days)
        if not names and not served:
            self._let_go(notice, {"state": outbox.UNROUTED, "done_at": now})
            return
        message = Message.of(row, self.city)
        for name in names:
            if name in served:
                continue
            if self.stopping.is_set():
                self._let_go(notice, {"attempts": row["attempts"] + notice.tried})
                return
            if not self._through(self.routing.channels[name], message, notice, silent):
                return
        self._let_go(notice, self._outcome(notice))

    def _through(self, channel: Channel, message: Message, notice: _Notice, silent: set[str]) -> bool:
        """One channel's turn; False when the notice is no longer ours."""
        row, now = notice.row, self.clock()
        delivered = self._unwritten.get((row["notice_id"], channel.name))
        if delivered is None:
            free = max(channel.free_at(row["kind"], row["urgent"], now, self.days), self._free_again(channel, now))
            if free > now:
                notice.later.append(free)
                return True
        try:
            words = "" if delivered else self._attempt(channel, message, silent)
        except Abandoned:
            return False  # the lease runs out by itself: nobody knows whether it was delivered
        notice.failed = notice.failed or bool(words)
        return self._record(notice, channel.name, words)

    def _attempt(self, channel: Channel, message: Message, silent: set[str]) -> str:
        """Nothing when it was delivered, else why not."""
        if channel.name in silent:
            return NO_ANSWER_JUST_NOW
        if channel.name in self._busy:
            return STILL_SENDING
        now = self.clock()
        self._recent[channel.name].append(now)
        self._busy.add(channel.name)
        try:
            within(self.attempt_s, partial(self._deliver, channel.name, message, now), self.stopping)
        except NotDelivered as failure:
            if not failure.answered:
                silent.add(channel.name)
            return failure.words
        return ""

    def _deliver(self, channel: str, message: Message, now: datetime) -> None:
        try:
            self.delivers[channel](message, now)
        except NotDelivered:
            raise
        except Exception as error:  # a library's own: its words might quote the address, its class does not
            log.error("the channel %s is broken: %s", channel, type(error).__name__)
            raise NotDelivered(BROKEN, answered=False) from None
        finally:
            self._busy.discard(channel)

    def _free_again(self, channel: Channel, now: datetime) -> datetime:
        """When the channel may be used again without exceeding its messages a minute."""
        recent = self._recent[channel.name]
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        return now if len(recent) < channel.per_minute else recent[0] + MINUTE

    def _record(self, notice: _Notice, channel: str, words: str) -> bool:
        """Writes the attempt down and renews the lease; False when somebody else has the notice."""
        notice_id, now = notice.row["notice_id"], self.clock()
        if not words:
            self._unwritten[notice_id, channel] = now
        with self.store.write.begin() as connection:
            outbox.record(connection, self.city_number, notice_id, channel, now, not words, words)
            token = now + LEASE
            ours = outbox.hold_on(connection, self.city_number, notice_id, notice.token, token)
        self._unwritten.pop((notice_id, channel), None)
        notice.token, notice.tried = token, True
        return ours

    def _outcome(self, notice: _Notice) -> dict[str, Any]:
        now, attempts = self.clock(), notice.row["attempts"] + notice.tried
        most = 1 if notice.row["kind"] == TRIAL else MOST_ATTEMPTS  # who tries a channel out waits for the answer
        if notice.failed and (attempts < most or notice.later):
            return {"attempts": attempts, "not_before": now + wait_after(attempts)}
        if notice.failed:
            return {"state": outbox.FAILED, "attempts": attempts, "done_at": now}
        if notice.later:
            return {"attempts": attempts, "not_before": min(notice.later)}
        return {"state": outbox.SENT, "attempts": attempts, "done_at": now}

    def _let_go(self, notice: _Notice, changes: Mapping[str, Any]) -> None:
        with self.store.write.begin() as connection:
            outbox.let_go(connection, self.city_number, notice.row["notice_id"], notice.token, changes)
