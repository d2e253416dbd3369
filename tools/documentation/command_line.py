"""The help of every command as Markdown, by the generator that comes with Typer."""

import typer
from typer.cli import get_docs_for_click

from scribal.cli import app

__all__ = ["help_of_every_command"]


def help_of_every_command() -> str:
    """One section for each command, with its usage, arguments and options."""
    group = typer.main.get_group(app)
    context = typer.Context(group, info_name="scribal")
    return "".join(
        get_docs_for_click(obj=command, ctx=context, indent=1, name=name, call_prefix="scribal")
        for name, command in group.commands.items()
    )
