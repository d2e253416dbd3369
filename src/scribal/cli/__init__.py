"""The command line: thin commands over the packages below.

A wrong call or bad input ends with one line on standard error and exit code 2; ``--debug`` shows the traceback.
"""

import _thread
import gc
import io
import itertools
import logging
import os
import shlex
import sys
import threading
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from scribal._version import __version__
from scribal.cli.catalogues import datasets, recipes
from scribal.cli.comparing import compare
from scribal.cli.doctoring import doctor
from scribal.cli.explaining import explain
from scribal.cli.handwriting import score, sheet, tune
from scribal.cli.modernising import modernise
from scribal.cli.reading import read
from scribal.cli.reporting import report
from scribal.cli.studying import study
from scribal.cli.training import train
from scribal.cli.tutorials import ScriptInterrupted, run
from scribal.cli.using import convert, errors, evaluate, predict
from scribal.exceptions import ScribalError

__all__ = ["app", "main"]

_INTERRUPTED = 130  # what a shell reports for a process ended by Ctrl-C
_USAGE = 2
_LONGEST_NAME = 100
_LATER = 0.05  # seconds

app = typer.Typer(
    name="scribal",
    help="Train, look at and use small convolutional networks on ordinary computers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    read,
    doctor,
    train,
    evaluate,
    predict,
    errors,
    explain,
    report,
    compare,
    convert,
    sheet,
    score,
    tune,
    modernise,
    recipes,
    datasets,
):
    app.command()(command)
app.add_typer(study)
# What stands after the name of a script is the script's.
app.command(context_settings={"allow_interspersed_args": False})(run)


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
    arguments, debug = _without_debug(sys.argv[1:])
    if not debug:
        # XLA, in C++, tells of itself on standard error; its own errors still show.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # XLA's highest level takes three times as long, mostly over the drawing of initial weights, and to the same bits.
    os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=2")
    _prepare_output()
    sys.unraisablehook = _keep_interrupts
    try:
        code = _call(arguments or ["--help"])
        sys.stdout.flush()
    except ScribalError as error:
        code = _fail(str(error), error.exit_code, debug=debug)
    except typer.TyperException as error:
        code = _fail(_usage(error, arguments), _USAGE, debug=debug)
    except BrokenPipeError:
        # The reader of a pipe has gone, as head does: no more output, and no complaint at exit about the flush.
        _discard_output()
        code = 0
    except OSError as error:
        if error.filename is None:  # standard output itself cannot be written
            _discard_output()
        code = _fail(_refusal(error), _USAGE, debug=debug)
    except ScriptInterrupted:
        sys.excepthook = lambda *_: None
        raise KeyboardInterrupt from None
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        goes_on = ", and --resume goes on" if "train" in arguments else ""
        print(f"scribal: Interrupted; what is written is whole{goes_on}.", file=sys.stderr)
    _leave(code, arguments)


def _call(arguments: list[str]) -> int:
    try:
        return app(arguments, prog_name="scribal", standalone_mode=False) or 0
    except SystemExit as ended:
        # Typer makes an exit code of a broken pipe.
        if isinstance(ended.__context__, BrokenPipeError):
            raise ended.__context__ from None
        raise


def _leave(code: int, arguments: list[str]) -> NoReturn:
    if arguments[:1] != ["run"]:
        # On its way out Python would otherwise look through all that Keras and JAX have made, several times.
        gc.freeze()
    sys.exit(code)


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """Take ``--debug`` out, wherever it stands, except among what ``run`` hands on to a script."""
    end = next((index for index, argument in enumerate(arguments) if not argument.startswith("-")), len(arguments))
    if arguments[end : end + 1] != ["run"]:
        end = len(arguments)
    while (end := end + 1) < len(arguments) and arguments[end].startswith("-"):
        end += arguments[end] in ("--figures", "--engine")
    kept = [argument for argument in arguments[:end] if argument != "--debug"]
    return [*kept, *arguments[end:]], len(kept) < len(arguments[:end])


def _prepare_output() -> None:
    if sys.stdout is None:  # closed by who calls
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open as long as the program runs)
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal's encoding lacks is shown by its code points, rather than not at all.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # Matplotlib's remarks on its cache are of no use to who trains a network.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    # Pillow's on damaged files come again in the error that follows.
    logging.getLogger("PIL").setLevel(logging.CRITICAL)


def _keep_interrupts(unraisable: "sys.UnraisableHookArgs") -> None:
    """Send a Ctrl-C again that fell into a place Python cannot raise from, such as a callback of the collector.

    A little later, as from here nothing can be raised either.
    """
    if unraisable.exc_type is KeyboardInterrupt:
        threading.Timer(_LATER, _thread.interrupt_main).start()
    else:
        sys.__unraisablehook__(unraisable)


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refusal(error: OSError) -> str:
    """What the system would not do, such as open a name that is too long, or write to a full disk."""
    names = " ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
    where = f"{names[:_LONGEST_NAME]}: " if names else ""
    received = f"{where}{error.strerror or error}"
    return f"The system must let files be read and written. Received: {received}. Choose another place."


def _usage(error: typer.TyperException, arguments: list[str]) -> str:
    """Typer's message on a wrong call, with what was received and where to read on."""
    names = getattr(getattr(error, "param", None), "opts", [])
    given = [f"{name} {value}" for name, value in itertools.pairwise(arguments) if name in names]
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "scribal"
    words = given or [shlex.join(["scribal", *arguments])]
    message = error.format_message()
    stop = "" if message.endswith(("?", "!")) else "."
    return f"{message.rstrip('.')}{stop} Received: {words[0]}. See: {command} --help"


def _fail(message: str, code: int, *, debug: bool) -> int:
    if debug:
        from rich.console import Console

        Console(stderr=True).print_exception()
    print(f"scribal: {' '.join(message.split())}", file=sys.stderr)
    return code
