"""`serve`: the web process, and with it the refresher unless another process does that."""

import ctypes
import errno
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from typing import Any

import click

from callbacks.commands.moments import moment_of
from config.cities import load_city
from config.settings import Settings, load_settings
from domain.refusals import Refusal
from services.parts import Parts

M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8  # glibc, malloc.h
REFRESHER_PORT = 8051  # beside the web process on the same machine; only /healthz and its kin are of use there


@click.command("serve")
@click.option("--city", help="城市；缺省为示范城市")
@click.option("--host", help="监听地址，缺省 127.0.0.1")
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口，缺省 8050")
@click.option("--demo/--no-demo", default=None, help="显示虚构的示范城市")
@click.option("--role", type=click.Choice(["all", "web", "refresher"]), help="本进程的职责，缺省 all")
@click.option("--as-of", "as_of", help="定格回放：时钟停在这一刻（城市当地时间）")
@click.pass_context
def command(context: click.Context, /, as_of: str | None, demo: bool | None, **given: Any) -> None:
    """提供大屏；没有配置数据库时显示示范城市。"""
    parts: Parts = context.obj
    chosen = {name: value for name, value in given.items() if value is not None}
    if demo:
        chosen["city"] = "demo"
    settings = load_settings(**(parts.settings.model_dump(exclude_unset=True) | chosen))
    if settings.role == "refresher" and "port" not in settings.model_fields_set:
        settings = settings.model_copy(update={"port": REFRESHER_PORT})
    if demo is False and settings.city == "demo":
        raise Refusal("没有指定城市", "--no-demo", "请用 --city 指定要显示的城市。")
    _require_token(settings)
    _require_free_port(settings)
    frozen_at = moment_of(as_of, load_city(settings.city).zone) if as_of else None
    if frozen_at and frozen_at > parts.real_clock():
        raise Refusal("回放的时刻还没有到", f"--as-of {as_of}", "请写一个已经过去的时刻。")
    app = context.meta["gridwall.create_app"](settings, frozen_at=frozen_at)
    page = "/healthz（只刷新，不供大屏）" if settings.role == "refresher" else "/wall/main"
    click.echo(f"{app.title}  http://{_shown(settings.host)}:{settings.port}{page}")
    _serve(app, settings, frozen_at)


def _require_token(settings: Settings) -> None:
    if settings.host == "localhost" or (_is_address(settings.host) and ip_address(settings.host).is_loopback):
        return
    if not settings.wall_token:
        then = "请设置 GRIDWALL_WALL_TOKEN（屏幕首次打开时在地址后加 ?token=…），或改回 127.0.0.1。"
        raise Refusal("对外开放大屏需要口令", f"--host {settings.host}", then)


def _require_free_port(settings: Settings) -> None:
    """Said before anything is built: a second process on the port would only fail later, and in English."""
    try:
        family, kind, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        then = "请停掉占用它的程序，或用 --port 换一个端口。"
        raise Refusal("不能在这个地址上监听", f"{settings.host}:{settings.port}：{_why(error)}", then) from error


def _why(error: OSError) -> str:
    known = {errno.EADDRINUSE: "端口已被占用", errno.EACCES: "没有权限", errno.EADDRNOTAVAIL: "本机没有这个地址"}
    return known.get(error.errno or 0, error.strerror or str(error))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _shown(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host


def _serve(app: Any, settings: Settings, frozen_at: datetime | None) -> None:
    running = app.server.gridwall
    _keep_memory_flat()
    if sys.platform == "win32":
        from waitress import serve

        running.start()
        try:
            serve(app.server, host=settings.host, port=settings.port, threads=settings.threads, connection_limit=1000)
        finally:
            running.stop()
        return
    _gunicorn(app.server, running, settings).run()


def _keep_memory_flat() -> None:
    """On glibc: what hashing a password took (19 MiB) goes back at once, and 160 threads share a few arenas."""
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # another C library has no such knobs and needs none
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(M_MMAP_THRESHOLD, 1 << 20)
            mallopt(M_ARENA_MAX, 4)


def _gunicorn(server: Any, running: Any, settings: Settings) -> Any:
    from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

    class Application(BaseApplication):  # type: ignore[misc]
        """One worker with threads: a stream holds a thread, all of them read the same bytes."""

        def load_config(self) -> None:
            options: dict[str, object] = {
                "bind": f"{settings.host}:{settings.port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": settings.threads,
                "timeout": 120,
                "graceful_timeout": 2,
                "keepalive": 15,
                "loglevel": "warning",
                "post_worker_init": lambda _worker: running.start(),
                "worker_exit": lambda _master, _worker: running.stop(),
                "worker_int": lambda _worker: running.serving.live.stop(),
            }
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Callable[..., object]:
            signal.signal(signal.SIGPIPE, signal.SIG_IGN)
            return server  # type: ignore[no-any-return]

    return Application()
