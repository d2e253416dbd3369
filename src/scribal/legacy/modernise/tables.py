"""The pass over pandas: methods that are gone, arguments that have to be named, indicators that are numbers."""

from collections.abc import Sequence

import libcst as cst

from scribal.legacy.modernise.expressions import argument, literal
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_tables"]

_RENAMED = {"applymap": "map", "iteritems": "items"}


def modernise_tables(program: Program) -> cst.Module:
    """Write ``.values``, ``.iloc``, ``drop(…, axis=1)``, ``get_dummies(…, dtype=int)`` and ``pd.concat``."""
    if "pandas" not in program.libraries:
        return program.module
    transformer = _Tables(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted)


class _Tables(Rewriting):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Methods by names that only pandas has, and ``drop`` with a second argument."""
        if self.program.qualified(original_node.func) == "pandas.get_dummies":
            named = {arg.keyword.value for arg in original_node.args if arg.keyword is not None}
            dtype = [] if "dtype" in named else [argument(cst.Name("int"), "dtype")]
            return updated_node.with_changes(args=[*_apart(updated_node.args, dtype), *dtype])
        func = updated_node.func
        if not isinstance(func, cst.Attribute) or self.program.qualified(original_node.func) is not None:
            return updated_node
        method = func.attr.value
        if method in _RENAMED:
            return updated_node.with_changes(func=func.with_changes(attr=cst.Name(_RENAMED[method])))
        if method == "as_matrix":
            columns = [cst.SubscriptElement(cst.Index(arg.value)) for arg in updated_node.args]
            owner = cst.Subscript(func.value, columns) if columns else func.value
            return func.with_changes(value=owner, attr=cst.Name("values"))
        if method == "drop" and len(updated_node.args) > 1 and updated_node.args[1].keyword is None:
            labels, axis, *rest = updated_node.args
            named_axis = argument(axis.value, "axis").with_changes(comma=axis.comma)
            return updated_node.with_changes(args=[labels, named_axis, *rest])
        return updated_node

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        """``table = table.append(row)``: lists give nothing back, so that it is a table."""
        value = updated_node.value
        if not (isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute) and value.args):
            return updated_node
        target = self.program.code(original_node.targets[0].target)
        assert isinstance(original_node.value, cst.Call)
        is_append = value.func.attr.value == "append"
        owner = original_node.value.func
        if not is_append or not isinstance(owner, cst.Attribute) or self.program.code(owner.value) != target:
            return updated_node
        added, *rest = value.args
        row = added.value
        if isinstance(row, cst.Dict):
            row = cst.Call(self.spelling.spell("pandas.DataFrame"), [cst.Arg(cst.List([cst.Element(row)]))])
        both = cst.List([cst.Element(value.func.value), cst.Element(row)])
        whole = value.with_changes(
            func=self.spelling.spell("pandas.concat"), args=[added.with_changes(value=both), *rest]
        )
        return updated_node.with_changes(value=whole)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """``table.ix[…]``: by position where numbers say columns, by label otherwise."""
        if original_node.attr.value != "ix" or self.program.qualified(original_node) is not None:
            return updated_node
        subscript = self.program.parents.get(original_node)
        if not isinstance(subscript, cst.Subscript):
            return updated_node
        parts = [self.program.code(element).strip(" ,") for element in subscript.slice]
        by_position = len(parts) > 1 and all(_is_number(part) for part in parts)
        return updated_node.with_changes(attr=cst.Name("iloc" if by_position else "loc"))


def _apart(args: Sequence[cst.Arg], more: Sequence[cst.Arg]) -> list[cst.Arg]:
    if not args or not more:
        return list(args)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    return [*args[:-1], args[-1].with_changes(comma=comma)]


def _is_number(part: str) -> bool:
    """Whether a part of an index is a position, or a range of them."""
    words = [word.strip() for word in part.split(":")]
    return all(not word or isinstance(literal(cst.parse_expression(word)), int) for word in words)
