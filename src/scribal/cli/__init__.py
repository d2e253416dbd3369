"""The command line: thin commands over the packages below.

A wrong call or bad input ends with one line on standard error and exit code 2; ``--debug`` shows the traceback.
"""

import itertools
import os
import shlex
import sys
from typing import Annotated

import typer
from rich.console import Console

from scribal._version import __version__
from scribal.cli.catalogues import datasets, recipes
from scribal.cli.training import train
from scribal.cli.using import convert, errors, evaluate, predict
from scribal.exceptions import ScribalError

__all__ = ["app", "main"]

_INTERRUPTED = 130  # what a shell reports for a process ended by Ctrl-C
_USAGE = 2

app = typer.Typer(
    name="scribal",
    help="Train, look at and use small convolutional networks on ordinary computers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (train, evaluate, predict, errors, convert, recipes, datasets):
    app.command()(command)


def _print_version(value: bool) -> None:  # noqa: FBT001 (Typer hands a flag's value over)
    if value:
        print(f"scribal {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Options that stand before every command."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    if not debug:
        # XLA, in C++, tells of itself on standard error; its own errors still show.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    try:
        code = app(arguments, prog_name="scribal", standalone_mode=False) or 0
    except ScribalError as error:
        code = _fail(str(error), error.exit_code, debug=debug)
    except typer.TyperException as error:
        code = _fail(_usage(error, arguments), _USAGE, debug=debug)
    except BrokenPipeError:
        # The reader of a pipe has gone, as head does: no more output, and no complaint at exit about the flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except (KeyboardInterrupt, typer.Abort):
        code = _fail("Interrupted; nothing was left half-written.", _INTERRUPTED, debug=debug)
    sys.exit(code)


def _usage(error: typer.TyperException, arguments: list[str]) -> str:
    """Typer's message on a wrong call, with what was received and where to read on."""
    names = getattr(getattr(error, "param", None), "opts", [])
    given = [f"{name} {value}" for name, value in itertools.pairwise(arguments) if name in names]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "scribal"
    words = given or [shlex.join(["scribal", *arguments])]
    return f"{error.format_message().rstrip('.')}. Received: {words[0]}. See: {command} --help"


def _fail(message: str, code: int, *, debug: bool) -> int:
    if debug:
        Console(stderr=True).print_exception()
    print(f"scribal: {' '.join(message.split())}", file=sys.stderr)
    return code
