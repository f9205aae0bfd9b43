"""The command line: one file per command."""

from callbacks.commands import check, due, grids, import_cases, indicators, migrate, serve
from callbacks.commands.options import with_database

COMMANDS = (
    with_database(serve.command),
    with_database(import_cases.command),
    with_database(grids.command),
    with_database(indicators.indicators),
    with_database(indicators.cases),
    with_database(migrate.command),
    with_database(check.command),
    due.command,
)
