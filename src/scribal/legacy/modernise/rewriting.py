"""What all passes share: a transformer that loses no comment, leaves no empty block, and keeps one import a line."""

import dataclasses
import functools
from collections.abc import Sequence
from typing import TypeVar

import libcst as cst
from libcst import matchers

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.spelling import Spelling

__all__ = ["Remark", "Rewriting"]

_GONE = cst.Pass()
"""Stands, as this very object, for the statements of a line that has none any more."""

_Block = TypeVar("_Block", cst.Module, cst.IndentedBlock)


@dataclasses.dataclass(frozen=True, order=True)
class Remark:
    """Something that is left to the reader.

    Attributes:
        line: Where it stands in the source as it was given, counted from 1.
        what: What the program says.
        modern: What to write instead.
        cell: In a notebook, the cell in which the line is, counted from 1 among those with code.
    """

    line: int
    what: str
    modern: str
    cell: int = 0

    def __str__(self) -> str:
        place = f"cell {self.cell}, line {self.line}" if self.cell else f"line {self.line}"
        return f"{place}: {self.what}: {self.modern}"


class Rewriting(cst.CSTTransformer):
    """A pass over a program.

    Args:
        program: What is rewritten; metadata is that of its nodes, which are the *original* nodes of the transformer.

    Attributes:
        program: The program.
        remarks: What the pass leaves to the reader, with lines of ``program``.
    """

    def __init__(self, program: Program) -> None:
        super().__init__()
        self.program = program
        self.remarks: list[Remark] = []

    @functools.cached_property
    def spelling(self) -> Spelling:
        """How qualified names are written, and which imports that needs."""
        return Spelling(self.program)

    def remark(self, node: cst.CSTNode, what: str, modern: str) -> None:
        """Leave something to the reader."""
        self.remarks.append(Remark(self.program.line(node), what, modern))

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """Give each of several statements that came of one a line of its own, and keep the comments inside."""
        if updated_node is original_node or updated_node.deep_equals(original_node):
            return updated_node
        line = updated_node.with_changes(leading_lines=_with_lost_comments(original_node, updated_node))
        if not line.body:  # libcst would drop it together with the comments above it
            return line.with_changes(body=[_GONE])
        if len(line.body) <= 1 or len(line.body) <= len(original_node.body):
            return line
        *others, last = (statement.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for statement in line.body)
        first = cst.SimpleStatementLine([others[0]], leading_lines=line.leading_lines)
        middle = [cst.SimpleStatementLine([statement]) for statement in others[1:]]
        return cst.FlattenSentinel([first, *middle, line.with_changes(body=[last], leading_lines=[])])

    def leave_IndentedBlock(self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock) -> cst.BaseSuite:
        """Drop lines that became empty."""
        del original_node
        block = _without_empty_lines(updated_node)
        return block if block.body else block.with_changes(body=[cst.SimpleStatementLine([cst.Pass()])])

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        """Drop lines that became empty."""
        del original_node
        return _without_empty_lines(updated_node)


def _comments(node: cst.CSTNode) -> list[str]:
    return [comment.value for comment in matchers.findall(node, matchers.Comment()) if isinstance(comment, cst.Comment)]


def _with_lost_comments(original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine) -> Sequence[cst.EmptyLine]:
    kept = _comments(updated)
    lost = []
    for comment in _comments(original):
        if comment in kept:
            kept.remove(comment)
        else:
            lost.append(cst.EmptyLine(comment=cst.Comment(comment)))
    return [*updated.leading_lines, *lost]


def _is_empty(statement: cst.BaseStatement) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and [*statement.body] == [_GONE]


def _without_empty_lines(block: _Block) -> _Block:
    """Comments above a line that goes stay, above the line that follows."""
    if not any(_is_empty(statement) for statement in block.body if isinstance(statement, cst.BaseStatement)):
        return block
    body: list[cst.BaseStatement] = []
    waiting: list[cst.EmptyLine] = []
    first_is_gone = False
    statement: cst.BaseStatement
    for number, statement in enumerate(block.body):
        if isinstance(statement, cst.SimpleStatementLine) and _is_empty(statement):
            first_is_gone |= number == 0
            comment = statement.trailing_whitespace.comment
            waiting += [line for line in statement.leading_lines if line.comment is not None or not waiting]
            waiting += [cst.EmptyLine(comment=comment)] if comment is not None else []
            continue
        if waiting or (first_is_gone and not body):
            statement = _below(statement, waiting, is_first=first_is_gone and not body)  # noqa: PLW2901
            waiting = []
        body.append(statement)
    footer = [*(line for line in waiting if line.comment is not None), *block.footer]
    return block.with_changes(body=body, footer=footer)


def _below(statement: cst.BaseStatement, lines: list[cst.EmptyLine], *, is_first: bool) -> cst.BaseStatement:
    own = list(getattr(statement, "leading_lines", ()))
    if not any(line.comment is not None for line in lines):  # as many blank lines as the longer of both
        blank = lines if len(lines) > len(own) and not own else []
        lines = [] if is_first else blank
        own = own[next((i for i, line in enumerate(own) if line.comment is not None), len(own)) :] if is_first else own
    return statement.with_changes(leading_lines=[*lines, *own])
