"""`migrate`: bring the database to this release's schema, as its owner."""

import click

from services.parts import Parts
from services.stores import migrate_store


@click.command("migrate")
@click.option("--city", default="", help="whose database, where none is configured: demo, or any other city")
@click.pass_obj
def command(parts: Parts, city: str) -> None:
    """Bring the database to this release's schema (SQLite files are copied first)."""
    revision = migrate_store(parts.settings.database_of(city), parts.real_clock())
    click.echo(f"数据库结构已是 {revision}。")
