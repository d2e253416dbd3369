"""Pages of the documentation as programs: their blocks of code, and what a command is said to print."""

import re
from pathlib import Path
from typing import NamedTuple

DOCS = Path(__file__).parent.parent / "docs"

_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A block of code: its language, what follows that in the first line, and its text."""

    language: str
    options: str
    text: str

    @property
    def title(self):
        found = re.search(r'title="([^"]+)"', self.options)
        return found and found[1]


def blocks(page):
    """The blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall((DOCS / page).read_text(encoding="utf-8"))]


def calls(block):
    """The commands of a ``console`` block, as lists of words, each with the lines it is said to print."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *printed = part.rstrip("\n").splitlines()
        yield command.split(), printed


def without_numbers(line):
    """What stays the same on another processor, at another speed, in a wider terminal."""
    return re.sub(r"\s+", " ", re.sub(r"\d[\d.,]*", "#", line)).strip()
