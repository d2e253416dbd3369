"""The pass over initializers of one's own: Keras 1 called them with a shape and a name, Keras 3 with shape and type."""

import libcst as cst

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_initializers"]


def modernise_initializers(program: Program) -> cst.Module:
    """Let each function that is given as an initializer take ``dtype``."""
    return program.module.visit(_Initializing(program))


class _Initializing(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        given = [
            arg.value
            for arg in program.walk(cst.Arg)
            if arg.keyword is not None and arg.keyword.value.endswith("_initializer")
        ]
        self._lambdas = {value for value in given if isinstance(value, cst.Lambda)}
        self._names = {value.value for value in given if isinstance(value, cst.Name)}

    def leave_Lambda(self, original_node: cst.Lambda, updated_node: cst.Lambda) -> cst.Lambda:
        if original_node not in self._lambdas:
            return updated_node
        return updated_node.with_changes(params=self._with_type(updated_node.params, original_node.body))

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        is_method = isinstance(self.program.parents.get(self.program.parents[original_node]), cst.ClassDef)
        if original_node.name.value not in self._names or is_method:
            return updated_node
        return updated_node.with_changes(params=self._with_type(updated_node.params, original_node.body))

    def _with_type(self, params: cst.Parameters, body: cst.CSTNode) -> cst.Parameters:
        names = [param.name.value for param in params.params]
        if "dtype" in names or names[:1] != ["shape"] or params.star_kwarg is not None:
            return params
        read = {name.value for name in self.program.walk(cst.Name, body)}
        kept = [param for param in params.params if param.name.value != "name" or "name" in read]
        with_defaults = [param if number == 0 else _optional(param) for number, param in enumerate(kept)]
        comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        before = [param.with_changes(comma=comma) for param in with_defaults]
        return params.with_changes(params=[*before, _optional(cst.Param(cst.Name("dtype")))])


def _optional(param: cst.Param) -> cst.Param:
    if param.default is not None:
        return param
    none = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=none, whitespace_after=none)
    return param.with_changes(default=cst.Name("None"), equal=equal)
