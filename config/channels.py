"""Channels of notices, routes, quiet hours and duty: config/channels.yaml, read strictly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from config.channel_days import DaysWritten
from config.cities import ClockTime
from config.problems import CONFIG_FOLDER, ConfigError, Problem, shown
from config.secret_references import Reference, ReferenceWritten
from config.strict import StrictModel, load_and_note
from domain.hours import EVERY_DAY, NO_DAY, CityDays, Hours, free_at
from domain.notices import RECIPIENT, Channel, Duty, Route, Routing, Way
from domain.people import Post

FILE = CONFIG_FOLDER / "channels.yaml"
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _recipient(pattern: str) -> str:
    if not RECIPIENT.fullmatch(pattern):
        raise ValueError(
            f"“{pattern}”应写成 unit:键、post:岗位、user:号、duty:名 或 source:名，例如 unit:shizheng、unit:*"
        )
    prefix, _, key = pattern.partition(":")
    if prefix == "post" and "*" not in key and key not in set(Post):
        raise ValueError(f"没有岗位“{key}”；可选：{'、'.join(Post)}")
    return pattern


def _added(recipient: str) -> str:
    if "*" in recipient:
        raise ValueError("值班加发给谁须逐个写明，不能用 *")
    return _recipient(recipient)


def _at_least_one(recipients: tuple[str, ...]) -> tuple[str, ...]:
    """Said only where every one of them could be read, unlike pydantic's own min_length."""
    if not recipients:
        raise ValueError("至少要有 1 项")
    return recipients


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,23}$")]
Kinds = Annotated[tuple[Kind, ...], Field(strict=False)]
Patterns = Annotated[
    tuple[Annotated[str, AfterValidator(_recipient)], ...], Field(strict=False), AfterValidator(_at_least_one)
]
Added = Annotated[
    tuple[Annotated[str, AfterValidator(_added)], ...], Field(strict=False), AfterValidator(_at_least_one)
]


class HoursFile(StrictModel):
    start: ClockTime
    end: ClockTime
    days: DaysWritten = EVERY_DAY
    except_days: DaysWritten = NO_DAY

    @property
    def hours(self) -> Hours:
        return Hours(self.start, self.end, self.days, self.except_days)


class ChannelFile(StrictModel):
    """Either `address`, which apprise understands, or `webhook` with the `secret` that signs it."""

    name: Name
    label: Annotated[str, Field(min_length=1, max_length=20)]
    address: ReferenceWritten | None = None
    webhook: ReferenceWritten | None = None
    secret: ReferenceWritten | None = None
    quiet: Annotated[tuple[HoursFile, ...], Field(strict=False)] = ()
    urgent_passes: bool = True
    passing_kinds: Kinds = ()
    per_minute: Annotated[int, Field(ge=1, le=600)] = 20

    @model_validator(mode="after")
    def _one_way(self) -> "ChannelFile":
        if (self.address is None) == (self.webhook is None):
            raise ValueError("应写 address（apprise 地址）或 webhook（签名回调）中的一个")
        if (self.webhook is None) != (self.secret is None):
            raise ValueError("webhook 和 secret 须同时写，address 不用 secret")
        if self.webhook is not None and not _is_web(self.webhook):
            raise ValueError("webhook 应以 https:// 或 http:// 开头")
        if self.secret is not None and not self.secret.is_one_variable:
            raise ValueError("secret 应整个写成环境变量，例如 ${GRIDWALL_HOOK_SECRET}，不能直接写在文件里")
        if self.address is not None and _holds_a_password(self.address):
            raise ValueError("address 里的口令应写成环境变量，例如 mailtos://user:${GRIDWALL_MAIL_PASSWORD}@host")
        if _always_quiet(tuple(stretch.hours for stretch in self.quiet)):
            raise ValueError("quiet 排满了全年，这个渠道永远发不出通知；请留出时间")
        return self

    @property
    def service(self) -> str:
        """What it speaks to; never more of the address than that."""
        return (self.address or self.webhook or Reference("")).scheme

    def channel(self) -> Channel:
        return Channel(
            name=self.name,
            label=self.label,
            way=Way.WEBHOOK if self.webhook else Way.APPRISE,
            service=self.service,
            quiet=tuple(stretch.hours for stretch in self.quiet),
            urgent_passes=self.urgent_passes,
            passing_kinds=frozenset(self.passing_kinds),
            per_minute=self.per_minute,
        )


class RouteFile(StrictModel):
    to: Patterns
    channels: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    kinds: Kinds = ()


class DutyFile(HoursFile):
    name: Annotated[str, Field(min_length=1, max_length=20)]
    to: Patterns
    adds: Added
    kinds: Kinds = ()

    def duty(self) -> Duty:
        return Duty(self.name, self.hours, self.to, self.adds, frozenset(self.kinds))


class ChannelsFile(StrictModel):
    channels: Annotated[tuple[ChannelFile, ...], Field(strict=False)] = ()
    routes: Annotated[tuple[RouteFile, ...], Field(strict=False)] = ()
    duty: Annotated[tuple[DutyFile, ...], Field(strict=False)] = ()


@dataclass(frozen=True)
class Target:
    """Where a channel leads. References stay references here; config.channel_addresses gives the values."""

    channel: Channel
    address: Reference
    secret: Reference | None = None


@dataclass(frozen=True)
class Channels:
    """The file: what may be shown, and where each channel leads."""

    routing: Routing
    targets: dict[str, Target] = field(default_factory=dict)


def load_channels(file: Path | None = None) -> Channels:
    """The channels. Raises ConfigError with every problem of the file; reads no environment."""
    path = file or FILE
    written, problems = load_and_note(path, ChannelsFile)
    if written is not None:
        problems += [Problem(shown(path), place, reason) for place, reason in _contradictions(written)]
    if problems or written is None:
        raise ConfigError(problems)
    channels = {one.name: one.channel() for one in written.channels}
    routes = tuple(Route(one.to, one.channels, frozenset(one.kinds)) for one in written.routes)
    targets = {
        one.name: Target(channels[one.name], one.address or one.webhook or Reference(""), one.secret)
        for one in written.channels
    }
    return Channels(Routing(channels, routes, tuple(one.duty() for one in written.duty)), targets)


def _contradictions(written: ChannelsFile) -> Iterator[tuple[str, str]]:
    """What no single entry can see. Parts of the file that could not be read are None here."""
    names = [one.name for one in _entries(written.channels)]
    for place, name in enumerate(names):
        if name is not None and name in names[:place]:
            yield f"channels.{place}.name", f"渠道“{name}”写了两次，请改名"
    for place, route in enumerate(_entries(written.routes)):
        for name in set(route.channels or ()) - set(names):
            yield f"routes.{place}.channels", f"没有渠道“{name}”；已有：{'、'.join(filter(None, names)) or '无'}"
    yield from _unheard(written)


def _unheard(written: ChannelsFile) -> Iterator[tuple[str, str]]:
    """What duty adds and no route takes would be lost without a word."""
    routed = Route(tuple(pattern for route in _entries(written.routes) for pattern in route.to or ()), ())
    for place, turn in enumerate(_entries(written.duty)):
        for added in turn.adds or ():
            if not routed.takes(added, ""):
                yield f"duty.{place}.adds", f"没有任何 routes 接收“{added}”，加发会落空；请为它写一条"


def _entries(read: Any) -> tuple[Any, ...]:
    """The entries of a list; none where the file holds something else, which is a problem of its own."""
    return read if isinstance(read, tuple) else ()


def _is_web(address: Reference) -> bool:
    return address.is_one_variable or address.scheme in ("http", "https")


def _holds_a_password(address: Reference) -> bool:
    try:
        password = urlsplit(address.written).password
    except ValueError:
        return False
    return bool(password) and "${" not in str(password)


def _always_quiet(quiet: tuple[Hours, ...]) -> bool:
    return bool(quiet) and free_at(SOME_DAY, quiet, CityDays(ZoneInfo("UTC"))) is None
