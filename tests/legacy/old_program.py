"""An old program in tests: its files written to a folder, run by plain Python and by scribal."""

import contextlib
import io
import os
import subprocess
import sys
from dataclasses import dataclass

from scribal.legacy.journal import Journal
from scribal.legacy.script import run_file


@dataclass(frozen=True)
class Ran:
    """A program that scribal ran in this process."""

    error: BaseException | None
    journal: Journal
    out: str
    err: str

    @property
    def shown(self):
        """What the program itself left on standard error."""
        return self.err.partition("scribal: ")[0]

    @property
    def changes(self):
        return {(change.place.line, change.old): change.modern for change in self.journal.changes}


def written(folder, files):
    """Write files, given by their names as keyword arguments; the first is the program."""
    for name, source in files.items():
        (folder / name).write_bytes(source if isinstance(source, bytes) else source.encode())
    return next(iter(files))


def run_here(folder, files, *arguments, **options):
    """Run a program in this process, in a folder of its own."""
    name = written(folder, files)
    out, err = io.StringIO(), io.StringIO()
    modules = set(sys.modules)
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        ending = run_file(name, arguments, **options)
    for module in set(sys.modules) - modules:
        if getattr(sys.modules[module], "__file__", None) and sys.modules[module].__file__.startswith(str(folder)):
            del sys.modules[module]
    return Ran(ending.error, ending.journal, out.getvalue(), err.getvalue())


def run_plainly(folder, files, *arguments):
    """Run a program as a process of plain Python."""
    name = written(folder, files)
    command = [sys.executable, name, *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
