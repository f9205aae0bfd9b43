"""The addresses of the channels with their secrets in place: known only to the process that sends."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from config.channels import FILE, Channels, Target, load_channels
from config.problems import ConfigError, Problem, shown
from config.secret_references import Reference
from domain.notices import Channel, Way

SHORTEST_SECRET = 16  # characters


@dataclass(frozen=True)
class Address:
    """Where a channel leads, secrets included. No repr shows it."""

    channel: Channel
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)


def resolve(channels: Channels, environment: Mapping[str, str], file: Path | None = None) -> Mapping[str, Address]:
    """The address of every channel. Raises ConfigError naming every variable that is not set and every address that
    nothing understands; a problem never quotes a value.
    """
    addresses, problems = {}, []
    for name, target in channels.targets.items():
        found = [Problem(shown(file or FILE), f"渠道 {name}", reason) for reason in _missing(target, environment)]
        if not found:
            addresses[name] = _address(target, environment)
            found = [Problem(shown(file or FILE), f"渠道 {name}", reason) for reason in _unfit(addresses[name])]
        problems += found
    if problems:
        raise ConfigError(problems)
    return addresses


def check_channels(file: Path | None, environment: Mapping[str, str]) -> None:
    """Raises ConfigError with every problem of the file and of the variables that it names."""
    resolve(load_channels(file), environment, file)


def _missing(target: Target, environment: Mapping[str, str]) -> Iterator[str]:
    for reference in (target.address, target.secret or Reference("")):
        for name in reference.variables:
            if not environment.get(name):
                yield f"环境变量 {name} 没有设置；请在运行刷新进程的环境里设置它"


def _address(target: Target, environment: Mapping[str, str]) -> Address:
    secret = target.secret.resolve(environment) if target.secret else ""
    return Address(target.channel, target.address.resolve(environment), secret)


def _unfit(address: Address) -> Iterator[str]:
    if address.channel.way is Way.WEBHOOK:
        if not _is_web(address.url):
            yield "webhook 不是 https:// 或 http:// 开头的完整地址"
        if len(address.secret) < SHORTEST_SECRET:
            yield f"secret 太短，至少 {SHORTEST_SECRET} 个字符"
    elif not _is_known(address.url):
        yield f"apprise 不认识这个地址（{address.channel.service or '整个地址在环境变量里'}），请核对写法"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _is_known(url: str) -> bool:
    return load_apprise().Apprise.instantiate(url, suppress_exceptions=True) is not None


def load_apprise() -> ModuleType:
    """The library, which takes a moment to load: only a configured channel pays for it.

    Its log, and that of the library it speaks HTTP with, goes nowhere: both quote addresses, and those hold secrets.
    """
    import apprise

    for name in ("apprise", "urllib3", "requests"):
        logger = logging.getLogger(name)
        logger.propagate = False
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    return apprise
