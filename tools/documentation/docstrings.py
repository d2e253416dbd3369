"""The package's docstrings as Markdown: doctests become blocks of code, and marks of reStructuredText are taken out.

Python's own tools read docstrings as reStructuredText. mkdocstrings, which puts them on the site, takes them for
Markdown, where ``>>>`` is a quotation within two others.
"""

import re
from typing import Any

from griffe import Extension, Object

__all__ = ["DocstringsAsMarkdown"]

_DOCTEST = re.compile(r"^>>> .*(?:\n(?!\s*$).*)*", re.MULTILINE)
_ROLE = re.compile(r":(?:mod|class|func|meth|data|attr):(?=`)")
# Of the block that follows; alone on its line, it leaves nothing behind.
_LITERAL = re.compile(r"^::\n|(?<=\S:):$", re.MULTILINE)


class DocstringsAsMarkdown(Extension):
    """Rewrites the docstring of everything that is put on the site."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Called by Griffe for each module, class, function and attribute."""
        if obj.docstring is not None:
            text = _DOCTEST.sub(r"```pycon\n\g<0>\n```", obj.docstring.value)
            obj.docstring.value = _LITERAL.sub("", _ROLE.sub("", text))
