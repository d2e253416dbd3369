"""The command line in tests, as a process, and how a call ended."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

SCRIBAL = Path(sys.executable).parent / "scribal"

# A shell without a terminal starts background jobs deaf to Ctrl-C, and they hand that on: hearing is given back first.
_HEAR = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from scribal.cli import main; main()"
INTERRUPTIBLE = [sys.executable, "-c", _HEAR]


@dataclass(frozen=True)
class Ended:
    """A call that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        """The object on the last line of standard output."""
        return json.loads(self.out.strip().splitlines()[-1])

    def teaches(self, *words):
        """Whether it ended as bad input must: exit code 2, one line, no traceback, all of ``words`` in it."""
        lines = self.err.strip().splitlines()
        assert self.code == 2, (self.code, self.out, self.err)
        assert len(lines) == 1, self.err
        assert lines[0].startswith("scribal: ")
        assert "Traceback" not in self.out + self.err
        for word in words:
            assert word in lines[0], lines[0]
        return True


def run_process(arguments, cwd, environment, timeout=240):
    """Run the command line as a process."""
    process = subprocess.run(
        [SCRIBAL, *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
        check=False,
    )
    return Ended(process.returncode, process.stdout, process.stderr)
