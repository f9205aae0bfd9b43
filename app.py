"""GridWall: create_app and the command line. The only file that knows every part; no logic."""

import hashlib
import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callbacks.commands import CommandLine
from callbacks.commands.usage import in_chinese
from config.settings import Settings, load_settings
from domain.city import City
from domain.refusals import Refusal
from domain.snapshot import Snapshot
from services.parts import Clock, Parts

if TYPE_CHECKING:
    from dash import Dash

    from config.texts import Texts
    from config.walls import Wall
    from services.refresh import Render, Views
    from services.scheduler import Background
    from services.serving import Serving

HOME = Path(__file__).parent
log = logging.getLogger("gridwall")


@dataclass(frozen=True)
class Running:
    """A built application and the work behind it; `background` is None in a process that only serves."""

    dash: "Dash"
    serving: "Serving"
    background: "Background | None"

    def start(self) -> None:
        self.serving.live.start()
        if self.background:
            self.background.start()

    def stop(self) -> None:
        if self.background:
            self.background.stop()
        self.serving.stop()


def system_clock() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings | None = None,
    clock: Clock | None = None,
    frozen_at: datetime | None = None,
    real_clock: Clock = system_clock,
) -> "Dash":
    """The Dash application, not started. `app.server.gridwall` is its Running: start() and stop() the work behind it.

    Raises Refusal when the city, a configuration file or the database cannot be used.
    """
    from dash import Dash  # here and not above: Dash and the map cost a second that no other command should pay

    from callbacks import entrance, security
    from callbacks.admin_audit import AuditCallbacks
    from callbacks.admin_channels import ChannelCallbacks
    from callbacks.admin_users import UserCallbacks
    from callbacks.http import BLUEPRINTS
    from callbacks.pages import Pages, register
    from config.calendars import working_time
    from config.cities import load_city
    from config.texts import LANGUAGES, load_texts
    from config.walls import FOLDER as WALL_FOLDER
    from config.walls import load_walls
    from layouts.frame import INDEX, frame
    from layouts.reports.papers import paper
    from services.demo_city import live_in_demo
    from services.desk_view import DeskView
    from services.dispatch.desk import Desk
    from services.live import LivePicture
    from services.logbook import Logbook
    from services.maps import CityMap
    from services.notices.sending import office_of, send_beside
    from services.people import People
    from services.rankings.rankings import Rankings
    from services.refresh import Refresher
    from services.reports.office import ReportOffice
    from services.reports.schedule import report_beside
    from services.reviews import review_beside
    from services.scheduler import Background
    from services.sealing import seal_beside
    from services.serving import Serving
    from services.stores import register_city

    settings = settings or load_settings()
    frozen = (lambda: frozen_at) if frozen_at else None
    parts = Parts(settings, frozen or clock or real_clock, real_clock, frozen_at)
    city, walls = load_city(settings.city), load_walls(settings.walls or WALL_FOLDER)
    texts = {language: load_texts(language) for language in LANGUAGES}
    store = parts.open_store(city.id, busy_s=5)
    number = register_city(store, city)
    store.close()  # no connection may be carried into another process; each opens its own when it needs one
    picture = f"replay:{frozen_at.isoformat()}"[:60] if frozen_at else "live"
    build = _build_id()
    boot = hashlib.blake2b(f"{build}{store.url}{city.id}{picture}".encode(), digest_size=4).hexdigest()
    people = People(store, city, number, real_clock)
    reports = ReportOffice(people.register, paper, parts.clock, frozen=frozen_at is not None)
    refresher = background = None
    if settings.role != "web":
        refresher = Refresher(store, city, number, picture, parts.clock, real_clock, _renderer(city, walls, texts))
        refresher.replay(frozen_at)
        background = Background(refresher, settings.tick_s)
        if city.demo and not frozen_at:
            live_in_demo(background, store, city, settings, parts.clock, people, click.echo)
        if not frozen_at:
            seal_beside(background, store, city, number, parts.clock)
        send_beside(background, parts, store, city, number, os.environ)
        review_beside(background, parts, store, city, number)
        report_beside(background, reports, parts.clock)
    live = LivePicture(store, number, picture, real_clock)
    if refresher:
        refresher.on_picture = live.look
    desk_view = DeskView(store, city, number, live, parts.clock, texts["zh"], tuple(walls), frozen_at)
    desk = Desk(store, city, number, parts.clock, working_time(city), frozen=frozen_at is not None)
    rankings = Rankings(store, city, number, parts.clock)
    serving = Serving(
        parts, city, walls, live, CityMap(store, number), desk, desk_view, rankings, people, refresher, boot, build
    )
    dash = Dash(
        "gridwall",
        assets_folder=str(HOME / "assets"),
        title=city.title,
        update_title="",
        suppress_callback_exceptions=True,
        index_string=INDEX,
    )
    dash.layout = frame
    entrance.install(dash.server, serving, texts["zh"])
    for routes in BLUEPRINTS:
        dash.server.register_blueprint(routes(serving).blueprint())
    channels = ChannelCallbacks(office_of(parts, store, city, number), texts["zh"])
    channels.register(dash)
    users = UserCallbacks(people, city.title, texts["zh"])
    users.register(dash)
    audit = AuditCallbacks(Logbook(people.register), city.title, texts["zh"])
    audit.register(dash)
    admin = {"channels": channels.page, "users": users.page, "audit": audit.page}
    register(dash, Pages(city, {city.id: city}, walls, texts, admin=admin))
    security.harden(dash)
    dash.server.gridwall = Running(dash, serving, background)
    return dash


def _renderer(city: City, walls: "Mapping[str, Wall]", texts: "Mapping[str, Texts]") -> "Render":
    from layouts.wall import render_wall

    def complain(panel: str, error: Exception) -> None:
        log.error("the panel %s could not be rendered: %r", panel, error)

    def render(snapshot: Snapshot) -> "Views":
        return {key: render_wall(wall, snapshot, city, texts[wall.language], complain) for key, wall in walls.items()}

    return render


def _build_id() -> str:
    """Changes with any shipped file, so that open screens load an upgrade by themselves."""
    folders = ("assets", "layouts", "callbacks", "services", "domain", "data_access", "config")
    files = sorted(
        p for folder in folders for p in (HOME / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts
    )
    facts = "".join(f"{p.relative_to(HOME)}{p.stat().st_size}{p.stat().st_mtime_ns}" for p in files)
    return hashlib.blake2b(facts.encode(), digest_size=4).hexdigest()


@click.group(cls=CommandLine, invoke_without_command=True)
@click.option("--database", help="数据库地址，缺省为数据目录里的 SQLite 文件")
@click.option("--data", type=click.Path(path_type=Path), help="数据目录，缺省 ./var")
@click.pass_context
def command_line(context: click.Context, database: str | None, data: Path | None) -> None:
    """城管指挥大屏 GridWall。不带命令即启动示范大屏。"""
    context.obj = Parts(load_settings(database=database, data=data), system_clock, system_clock)
    context.meta["gridwall.create_app"] = create_app
    if context.invoked_subcommand is None:
        context.invoke(command_line.get_command(context, "serve"))  # type: ignore[arg-type]


def main() -> None:
    try:
        command_line(standalone_mode=False)
    except Refusal as refusal:
        click.echo(f"错误：{refusal}", err=True)
        sys.exit(2)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.ClickException as error:
        click.echo(f"错误：{in_chinese(error)}", err=True)
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except Exception as error:
        from sqlalchemy.exc import SQLAlchemyError  # loaded by whatever command came this far

        from services.causes import cause_in_words

        if not isinstance(error, SQLAlchemyError):
            raise
        log.debug("the database failed", exc_info=error)
        click.echo(f"错误：{cause_in_words(error)}（数据库）。没有写入任何数据；请处理后重试。", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
