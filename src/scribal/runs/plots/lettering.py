"""Text that can be drawn: in fonts that are there, no longer than its place, never read as mathematics.

Matplotlib brings DejaVu Sans, which has no Chinese, Japanese or Korean; where the machine has a font that does, it
stands in. A character that no font has would be drawn as a box, and a warning given, for every class of the plot:
such a name is replaced by the class's number instead.
"""

import functools
import unicodedata
from collections.abc import Sequence
from typing import Any

_OWN_FONT = "DejaVu Sans"
# Common on Linux, macOS and Windows, in this order; the first that is installed is used.
_EAST_ASIAN_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "Arial Unicode MS",
    "Microsoft YaHei",
    "SimHei",
)
_MISSING = "□"


@functools.cache
def font_families() -> tuple[str, ...]:
    """Give the font families to draw with, as Matplotlib's ``fontfamily`` takes them: the first that has a letter."""
    from matplotlib import font_manager

    installed = set(font_manager.get_font_names())
    return (_OWN_FONT, *[name for name in _EAST_ASIAN_FONTS if name in installed][:1])


def bold_font(text: str) -> dict[str, Any]:
    """Give the font arguments for ``text`` in bold; not bold where it needs an East Asian font, which may have none."""
    if drawable_characters((_OWN_FONT,)).issuperset(map(ord, text)):
        return {"fontfamily": (_OWN_FONT,), "fontweight": "bold"}
    return {"fontfamily": font_families(), "fontweight": "normal"}


@functools.cache
def drawable_characters(families: tuple[str, ...]) -> frozenset[int]:
    """Collect the code points of all characters that one of the ``families`` can draw."""
    from matplotlib import font_manager

    characters: set[int] = set()
    for family in families:
        properties = font_manager.FontProperties(family=family)
        characters.update(font_manager.get_font(font_manager.findfont(properties)).get_charmap())
    return frozenset(characters)


def fitting_text(text: str, width: int, families: tuple[str, ...] | None = None) -> str:
    """Make ``text`` safe to draw.

    Args:
        text: Anything a user may have named something.
        width: The most columns it may take; a Chinese character takes two. A longer text ends with "…".
        families: The font families it is drawn with; :func:`font_families` by default.

    Returns:
        One line. ``->`` becomes a real arrow, a character that cannot be drawn a box, and ``$`` stays a dollar.
    """
    drawable = drawable_characters(families or font_families())
    line = "".join(" " if character.isspace() else character for character in text.strip()).replace("->", "→")
    line = "".join(character if ord(character) in drawable else _MISSING for character in line)
    return _cut(line, width).replace("$", r"\$")


def fitting_lines(text: str, width: int, most_lines: int) -> str:
    """Make ``text`` safe to draw, broken between words into lines of at most ``width`` columns.

    Args:
        text: What to draw; where it fits, it stays one line.
        width: The most columns of a line; a longer word ends with "…".
        most_lines: What does not fit into these is left out, which the last line shows by "…".
    """
    if text_columns(text) <= width:
        return fitting_text(text, width)
    lines: list[str] = []
    for word in text.split():
        if lines and text_columns(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = [*lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])]
    return "\n".join(fitting_text(line, width) for line in kept if line)


def class_labels(class_names: Sequence[str], width: int, families: tuple[str, ...] | None = None) -> list[str]:
    """Make the names of all classes safe to draw and still different from each other.

    Args:
        class_names: The names, in the order of their numbers.
        width: The most columns a label may take.
        families: The font families they are drawn with; :func:`font_families` by default.

    Returns:
        One label a class. A name that cannot be drawn becomes ``class 3``; names that are the same once they are
        cut begin with their number.
    """
    labels = []
    for number, name in enumerate(class_names):
        label = fitting_text(name, width, families)
        labels.append(f"class {number}" if _MISSING in label or not label else label)
    return [
        label if labels.count(label) == 1 else fitting_text(f"{number} {class_names[number]}", width, families)
        for number, label in enumerate(labels)
    ]


def text_columns(line: str) -> int:
    """Count the columns that ``line`` takes: two for a Chinese character, one for a Latin letter."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def _cut(line: str, width: int) -> str:
    if text_columns(line) <= width:
        return line
    while text_columns(line) > width - 1:
        line = line[:-1]
    return line.rstrip() + "…"
