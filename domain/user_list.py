"""Which accounts a tab and a search show, and what their state is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.passwords import WARNED
from domain.people import ADMINISTRATORS, Post

PER_PAGE = 13
TABS: Mapping[str, frozenset[Post]] = {
    "all": frozenset(Post),
    "dispatchers": frozenset({Post.DISPATCHER}),
    "chiefs": frozenset({Post.DUTY_CHIEF}),
    "results": frozenset({Post.EVALUATOR, Post.PUBLISHER}),
    "units": frozenset({Post.UNIT_USER}),
    "admins": ADMINISTRATORS,
}


@dataclass(frozen=True)
class Account:
    """An account as administrators see it."""

    user_id: int
    account: str
    name: str
    posts: tuple[Post, ...]
    unit: str | None
    unit_name: str
    created_at: datetime
    signed_in_at: datetime | None
    password_until: datetime | None  # None: none was chosen, or it was reset
    online: bool
    disabled: bool
    locked_until: datetime | None

    def state(self, now: datetime) -> str:
        """disabled, locked, invited, ran_out, online or used: the first that holds."""
        if self.disabled:
            return "disabled"
        if self.locked_until is not None and self.locked_until > now:
            return "locked"
        if self.password_until is None:
            return "invited"
        if self.password_until <= now:
            return "ran_out"
        return "online" if self.online else "used"

    def days_left(self, now: datetime) -> int | None:
        """Whole days before the password runs out, negative after; None without a password or when disabled."""
        if self.password_until is None or self.disabled:
            return None
        return (self.password_until - now) // timedelta(days=1)

    def soon(self, now: datetime) -> bool:
        """Whether the password runs out within the days that are warned of."""
        return not self.disabled and self.password_until is not None and self.password_until - now < WARNED


@dataclass(frozen=True)
class PostChange:
    """Proposed and not decided."""

    change_id: int
    user_id: int
    posts: tuple[Post, ...]
    proposed_by: int
    proposed_at: datetime


@dataclass(frozen=True)
class UserList:
    """The whole register at one instant; `waiting` by the account's number."""

    now: datetime
    accounts: tuple[Account, ...]
    waiting: Mapping[int, PostChange]
    units: tuple[tuple[str, str], ...]  # key and short name

    def named(self, user_id: int) -> str:
        return next((one.name for one in self.accounts if one.user_id == user_id), f"#{user_id}")


def in_tab(accounts: Iterable[Account], tab: str) -> list[Account]:
    """Those of a tab; accounts without a post are among all."""
    wanted = TABS[tab]
    return [one for one in accounts if tab == "all" or wanted.intersection(one.posts)]


def found(accounts: Sequence[Account], text: str) -> list[Account]:
    """Those whose name, account or unit contains the text."""
    wanted = text.strip().casefold()
    return [one for one in accounts if wanted in f"{one.name}\n{one.account}\n{one.unit_name}".casefold()]
