"""The command line: one file per command, loaded when it is asked for; each pays only for the libraries it uses."""

from importlib import import_module

import click

from callbacks.commands.options import with_database

COMMANDS = {  # name -> (file, object in it)
    "serve": ("serve", "command"),
    "import": ("import_cases", "command"),
    "grids": ("grids", "command"),
    "indicators": ("indicators", "indicators"),
    "cases": ("indicators", "cases"),
    "migrate": ("migrate", "command"),
    "check": ("check", "command"),
    "due": ("due", "command"),
    "simulate": ("simulate", "command"),
    "users": ("users", "command"),
    "notices": ("notices", "command"),
    "verify": ("verify", "command"),
    "report": ("report", "command"),
}


class CommandLine(click.Group):
    """Knows its commands by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        file, name = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"callbacks.commands.{file}"), name)
        return with_database(command)
