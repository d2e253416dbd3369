"""What Python says of a script whose bytes are no text, which it says otherwise of source that is no file.

A script of years ago may be saved in the encoding of its author's computer, without a line that says which:
https://peps.python.org/pep-0263/.
"""

import re

__all__ = ["as_of_a_file"]

_DECLARED = re.compile(rb"(?:[ \t\f]*(?:#[^\r\n]*)?(?:\r\n?|\n))?[ \t\f]*#[^\r\n]*?coding[:=][ \t]*([-\w.]+)")
_LINE_END = re.compile(rb"\r\n?|\n")


def as_of_a_file(error: SyntaxError, source: bytes, file: str) -> SyntaxError:
    """The error that Python shows when it runs a file.

    Args:
        error: What `compile` raises for the file's bytes.
        source: These.
        file: What a traceback calls the file.

    Returns:
        Another error where the bytes cannot be decoded; else the same.
    """
    if b"\0" in source:
        line, text = _line(source, source.index(b"\0"))
        return SyntaxError("source code cannot contain null bytes", (file, line, None, text))
    declared = _DECLARED.match(source)
    if not error.lineno:
        if declared is None or error.msg.startswith("encoding problem"):
            return SyntaxError(error.msg)
        return SyntaxError(f"encoding problem: {declared[1].decode()}")
    if declared is None:
        try:
            source.decode()
        except UnicodeDecodeError as undecodable:
            line, _ = _line(source, undecodable.start)
            byte = source[undecodable.start]
            return SyntaxError(
                f"Non-UTF-8 code starting with '\\x{byte:02x}' in file {file} on line {line}, "
                "but no encoding declared; see https://peps.python.org/pep-0263/ for details"
            )
    return error


def _line(source: bytes, place: int) -> tuple[int, str]:
    """The number of the line that a byte is in, from 1, and the line up to this byte."""
    lines = _LINE_END.split(source[:place])
    return len(lines), lines[-1].decode(errors="replace")
