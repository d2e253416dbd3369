"""The programs of the gallery: where they are, how they are made shorter, and what accuracy one prints."""

import re
from pathlib import Path

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
MODERN = sorted(EXAMPLES.glob("*.py"))
OLD = sorted(path for path in (EXAMPLES / "old").iterdir() if path.suffix in (".py", ".ipynb"))
NOTEBOOK = EXAMPLES / "from-first-to-last.ipynb"


def shortened(source, **constants):
    """The program with other values for the constants at its top; those it does not have are passed over."""
    for name, value in constants.items():
        source = re.sub(rf"^{name} = .*$", f"{name} = {value!r}", source, flags=re.MULTILINE)
    return source


def accuracy_in(printed):
    """The number at the end of the last line that speaks of accuracy."""
    line = next(line for line in reversed(printed.splitlines()) if "accuracy:" in line.lower())
    return float(line.split()[-1])
