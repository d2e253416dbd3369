"""A worker's process: started, spoken to, stopped while others are measured, ended."""

import json
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.contestants import Contestant
from bench.environments import environment_python

__all__ = ["TOO_LONG", "Process", "WorkerError", "all_started"]

TOO_LONG = "took more than"
"""What stands in the reason of a worker that was not waited for."""

_ROOT = Path(__file__).parent.parent
# Threads of some frameworks go on spinning for a while when there is nothing left to do.
_SECONDS_TO_SETTLE = 0.3
_PATIENCE = 600.0
# Some compile for minutes what they then run no faster than others.
_SECONDS_TO_START = 120.0


class WorkerError(Exception):
    """A worker could not do what it was told to."""


class Process:
    """A contestant's process. It is stopped by a signal whenever it has answered, and continued to be spoken to.

    Args:
        contestant: Who works in it.
        variables: Further environment variables.
    """

    def __init__(self, contestant: Contestant, variables: dict[str, str] | None = None) -> None:
        self.contestant = contestant
        python = environment_python(contestant.environment)
        path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
        isolated = {"PYTHONPATH": path if contestant.environment == "scribal" else str(_ROOT)}
        self.started = time.perf_counter()
        self._popen = subprocess.Popen(
            [python, "-m", f"bench.workers.{contestant.worker}", json.dumps(dict(contestant.setting))],
            env=os.environ | isolated | dict(contestant.variables) | (variables or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._is_stopped = False

    def ask(self, do: str, *, patience: float = _PATIENCE, **arguments: Any) -> dict[str, Any]:
        """Give a command and wait for the answer.

        Args:
            do: The command.
            patience: Seconds to wait.
            **arguments: Of the command.

        Raises:
            WorkerError: The worker could not obey, has died, or takes too long; in the last case it is ended.
        """
        if self._is_stopped:
            self._popen.send_signal(signal.SIGCONT)
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        try:
            self._popen.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
            self._popen.stdin.flush()
        except BrokenPipeError:
            pass
        if not select.select([self._popen.stdout], [], [], patience)[0]:
            self._popen.kill()
            raise WorkerError(f"{self.contestant.name}: {do} {TOO_LONG} {patience:.0f} s")
        line = self._popen.stdout.readline()
        if not line:
            raise WorkerError(f"{self.contestant.name}: the process ended with {self._popen.wait()} while told to {do}")
        self._popen.send_signal(signal.SIGSTOP)
        self._is_stopped = True
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise WorkerError(f"{self.contestant.name}: {reply['error']}")
        return reply

    def time(self, do: str, *, patience: float = _PATIENCE, **arguments: Any) -> float:
        """Give a command once the machine has settled, and tell the seconds the worker took."""
        time.sleep(_SECONDS_TO_SETTLE)
        return float(self.ask(do, patience=patience, **arguments)["seconds"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._popen.kill()
        self._popen.communicate()


@contextmanager
def all_started(
    contestants: Sequence[Contestant], commands: Sequence[dict[str, Any]]
) -> Iterator[tuple[list[Process], dict[str, str]]]:
    """Start contestants, one after the other, and give each the same first commands.

    Yields:
        Those that obeyed, and for each of the others, by name, why not.
    """
    with ExitStack() as stack:
        ready, refused = [], {}
        for contestant in contestants:
            process = stack.enter_context(Process(contestant))
            try:
                for command in commands:
                    process.ask(**command, patience=_SECONDS_TO_START)
                ready.append(process)
            except WorkerError as error:
                refused[contestant.name] = str(error)
        yield ready, refused
