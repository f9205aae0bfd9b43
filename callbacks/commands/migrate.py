"""`migrate`: bring the database to this release's schema, as its owner."""

import click

from services.parts import Parts
from services.stores import migrate_store


@click.command("migrate")
@click.option("--city", default="", help="没有配置数据库时：demo 或其他城市")
@click.pass_obj
def command(parts: Parts, city: str) -> None:
    """把数据库升级到本版本的结构（SQLite 文件会先复制一份）。"""
    revision = migrate_store(parts.settings.database_of(city), parts.real_clock())
    click.echo(f"数据库结构已是 {revision}。")
