"""`--database` and `--data` on every command that touches data."""

from pathlib import Path
from typing import Any

import click

from config.settings import load_settings
from services.parts import Parts


def with_database(command: click.Command) -> click.Command:
    """Adds the two options, once; they replace the settings in the context before the command runs."""
    if any(parameter.name == "database" for parameter in command.params):
        return command
    command.params += [
        click.Option(["--database"], expose_value=False, callback=_choose, is_eager=True, help="数据库地址"),
        click.Option(["--data"], type=click.Path(path_type=Path), expose_value=False, callback=_choose, is_eager=True,
                     help="数据目录，缺省 ./var"),
    ]  # fmt: skip
    return command


def _choose(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value is None or context.resilient_parsing:
        return
    parts: Parts = context.obj
    chosen = parts.settings.model_dump(exclude_unset=True) | {str(parameter.name): value}
    context.obj = Parts(load_settings(**chosen), parts.clock, parts.real_clock, parts.frozen_at)
