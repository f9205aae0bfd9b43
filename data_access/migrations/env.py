"""Run by Alembic; the connection is handed in by data_access/schema.py."""

from alembic import context

from data_access import desk_tables, report_tables  # noqa: F401 - their tables belong to the same metadata
from data_access.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
