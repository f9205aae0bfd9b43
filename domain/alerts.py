"""The alerts of the desk: rules over what is known of one case, and when somebody has taken an alert on.

Which alerts a hall needs: the set that domain research 7 recommends after the screens it has seen. Each rule names its
own source.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

TIMES = 2  # returned, or reworked, so often: a special case
NEWLY = timedelta(minutes=15)  # an alert is news for so long, as on the wall
EXTENSION_CEILING = Fraction(1, 10)  # where the city names none


class Alert(StrEnum):
    """The worst first. The value is stored with its acknowledgement."""

    OVERDUE = "overdue"
    SUPERVISION_OVERDUE = "supervision_overdue"  # 督办通知单 or 领导批示
    PROMISE_PASSED = "promise_passed"
    NOT_RECEIVED = "not_received"
    SPECIAL_CASE = "special_case"
    REWORK = "rework"
    DUE_SOON = "due_soon"


WORST_FIRST = tuple(Alert)
RANK: Mapping[Alert, int] = {alert: place for place, alert in enumerate(WORST_FIRST)}


class Attention(StrEnum):
    """Whether somebody is on a case's alerts."""

    NONE = "none"  # nothing to be alarmed about
    NEW = "new"  # nobody has taken it on
    TAKEN = "taken"
    BACK = "back"  # somebody had, and it is no longer enough


@dataclass(frozen=True)
class Acknowledgement:
    """认领: who has taken the alert on, since when, and what was promised until when."""

    alert: Alert
    at: datetime
    owner_id: int = 0
    note: str = ""
    promised_at: datetime | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What the rules look at. `running`: registered, not closed, void or suspended (在办, DECISIONS 2).

    `returns` and `reworks` are the instants of each; `supervised_until` the due times of notices not met yet.
    """

    running: bool
    due: datetime | None = None
    due_soon: datetime | None = None
    urgent: bool = False
    dispatched_at: datetime | None = None
    received: bool = False  # or already handled
    returns: Sequence[datetime] = ()
    reworks: Sequence[datetime] = ()
    supervised_until: Sequence[datetime] = ()
    acknowledged: Sequence[Acknowledgement] = ()
    changed_at: datetime | None = None  # when the last thing happened to the case

    @property
    def latest(self) -> Acknowledgement | None:
        return max(self.acknowledged, key=lambda one: one.at, default=None)


def alerts_of(facts: CaseFacts, at: datetime, urgent_receive: timedelta) -> dict[Alert, datetime]:
    """Every alert that holds at the instant, and since when; the worst first. A case that does not run has none,
    except that a notice or a promise of a suspended one can run out.

    Sources: `overdue` and `due_soon` are the wall's 超期 and 将到期 (DECISIONS 3 and 8); each other rule names its own.
    """
    rules = {
        Alert.OVERDUE: _overdue(facts, at),
        Alert.SUPERVISION_OVERDUE: _supervision_overdue(facts, at),
        Alert.PROMISE_PASSED: _promise_passed(facts, at),
        Alert.NOT_RECEIVED: _not_received(facts, at, urgent_receive),
        Alert.SPECIAL_CASE: _so_often(facts, facts.returns),
        Alert.REWORK: _so_often(facts, facts.reworks),
        Alert.DUE_SOON: _due_soon(facts, at),
    }
    return {alert: since for alert, since in rules.items() if since is not None}


def _overdue(facts: CaseFacts, at: datetime) -> datetime | None:
    """Strictly past the effective due time. Source: DECISIONS 3, as `overdue_open` of domain.counting."""
    return facts.due if facts.running and facts.due is not None and facts.due < at else None


def _due_soon(facts: CaseFacts, at: datetime) -> datetime | None:
    """80 % (city setting) of the working time used, not overdue. Source: DECISIONS 8."""
    if not facts.running or facts.due is None or facts.due_soon is None:
        return None
    return facts.due_soon if facts.due_soon <= at <= facts.due else None


def _not_received(facts: CaseFacts, at: datetime, within: timedelta) -> datetime | None:
    """An urgent case dispatched `within` ago or longer, and not received. Source: domain research 7; the
    minutes are the city's own setting, as no document names a time for 签收."""
    if not (facts.running and facts.urgent and facts.dispatched_at is not None) or facts.received:
        return None
    since = facts.dispatched_at + within
    return since if since <= at else None


def _so_often(facts: CaseFacts, moments: Sequence[datetime]) -> datetime | None:
    """The second time makes it a special case. Source: 汝州's 特殊案件 for what is given back again and again
    (domain research 2.2, 10); the number, and the same line for 返工, after domain research 7."""
    return sorted(moments)[TIMES - 1] if facts.running and len(moments) >= TIMES else None


def _supervision_overdue(facts: CaseFacts, at: datetime) -> datetime | None:
    """A 督办通知单, or a 领导批示, whose own deadline has passed and that is not met. Source: domain research 7; 启东's
    领导移动督办 (2.3)."""
    return min((due for due in facts.supervised_until if due < at), default=None)


def _promise_passed(facts: CaseFacts, at: datetime) -> datetime | None:
    """What was promised with the latest acknowledgement has not come by then. Ours."""
    latest = facts.latest
    promised = latest.promised_at if latest else None
    return promised if promised is not None and promised < at else None


def standing(
    facts: CaseFacts, alerts: Mapping[Alert, datetime], at: datetime, keeps: timedelta
) -> tuple[Attention, datetime | None]:
    """Whether somebody is on the case, and since when it has been calling for somebody (None while it does not).

    An acknowledgement ages: the case is back when its promise has passed, when nothing has happened to it for `keeps`,
    or when an alert worse than the acknowledged one has come since. Ours.
    """
    latest = facts.latest
    if not alerts:
        return Attention.NONE, None
    if latest is None:
        return Attention.NEW, max(alerts.values())
    back = [since for alert, since in alerts.items() if RANK[alert] < RANK[latest.alert] and since > latest.at]
    if Alert.PROMISE_PASSED in alerts:
        back.append(alerts[Alert.PROMISE_PASSED])
    quiet_until = max(latest.at, facts.changed_at or latest.at) + keeps
    if quiet_until <= at:
        back.append(quiet_until)
    return (Attention.BACK, max(back)) if back else (Attention.TAKEN, None)


def newly(since: datetime | None, at: datetime) -> bool:
    """Whether the case has begun to call for somebody within the last quarter of an hour."""
    return since is not None and at - since <= NEWLY


def too_many_extensions(asked: int, registered: int, ceiling: Fraction | None) -> bool:
    """Applications for 延期 ÷ cases registered to the unit in the month, above the ceiling: an alert of the unit.

    Source: 肃宁 Art. 27 (reading l of domain research 2.4.3): more than 10 %.
    """
    return Fraction(asked) > (EXTENSION_CEILING if ceiling is None else ceiling) * registered
