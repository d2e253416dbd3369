"""What the lesson docs/from-scratch.md shows besides numbers: functions as they stand in the package, and drawings."""

import ast
import inspect
import io
import subprocess
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from ruff import find_ruff_bin

from tools.documentation import drawings

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["code", "draw"]

_LINE = 82


def code(*functions: Callable[..., Any]) -> str:
    """The source of functions without their docstrings, as a block of Markdown under the name of their file."""
    module = inspect.getmodule(functions[0])
    assert module is not None
    path = module.__name__.replace(".", "/") + ".py"
    sources = "\n\n".join(_without_docstring(function) for function in functions)
    return f'```python title="{path}"\n{sources}\n```'


def draw(figure: "Figure", caption: str) -> str:
    """A figure as SVG inside the page, in the ink of the page's own text, above its caption."""
    file = io.StringIO()
    with rc_context(drawings.LOOK):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(drawings.INK, "currentColor")
    label = caption.replace('"', "'")
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return f"<figure>{svg}<figcaption>{caption}</figcaption></figure>"


def _without_docstring(function: Callable[..., Any]) -> str:
    source = textwrap.dedent(inspect.getsource(function))
    definition = ast.parse(source).body[0]
    assert isinstance(definition, ast.FunctionDef)
    lines = source.splitlines()
    if ast.get_docstring(definition) is not None:
        docstring = definition.body[0]
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    # Narrower than the package's own lines, so that a page need not be scrolled sideways.
    command = [find_ruff_bin(), "format", "--line-length", str(_LINE), "-"]
    formatted = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)  # noqa: S603
    return formatted.stdout.rstrip()
