"""The pass over numbers from arrays: NumPy makes one of an array of one only where its ``item`` is asked for.

Keras 3 takes no number of NumPy's for how many outputs a layer has.
"""

import libcst as cst

from scribal.legacy.modernise.answers import ends_in_one_filter
from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_scalars"]

_PRODUCTS = {"numpy.prod", "numpy.product", "numpy.max", "numpy.sum"}
_PLACE_IN_IMAGES = 3
"""Indices of one place: image, row, column."""


def modernise_scalars(program: Program) -> cst.Module:
    """Write ``int(model.predict(x))`` with ``.item()``, and ``Dense(np.prod(shape))`` with ``int``."""
    return program.module.visit(_Scalars(program))


class _Scalars(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``int(x)`` and ``float(x)``, where ``x`` is what a network answers; how many outputs a layer has."""
        if self.program.canonical(original_node.func) == "keras.layers.Dense":
            return self._with_whole_units(original_node, updated_node)
        if self.program.qualified(original_node.func) not in {"builtins.int", "builtins.float"}:
            return updated_node
        if len(original_node.args) != 1 or original_node.args[0].keyword or original_node.args[0].star:
            return updated_node
        value = updated_node.args[0].value
        asked = original_node.args[0].value
        is_array = self._kinds.of(asked) in {Kind.ANSWER, Kind.CLASSES, Kind.ROW} or self._is_place_of_one(asked)
        if not is_array:
            return updated_node
        if not isinstance(value, cst.Name | cst.Attribute | cst.Call | cst.Subscript) and not value.lpar:
            value = value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        item = cst.Call(cst.Attribute(value, cst.Name("item")))
        return updated_node.with_changes(args=[updated_node.args[0].with_changes(value=item)])

    def leave_Subscript(self, original_node: cst.Subscript, updated_node: cst.Subscript) -> cst.BaseExpression:
        """``model.output[:, np.argmax(answer)]``: Keras' tensors take no numbers of NumPy's."""
        if self._kinds.of(original_node.value) is not Kind.TENSOR:
            return updated_node
        pairs = zip(original_node.slice, updated_node.slice, strict=True)
        return updated_node.with_changes(slice=[self._whole(old, new) for old, new in pairs])

    def _whole(self, old: cst.SubscriptElement, new: cst.SubscriptElement) -> cst.SubscriptElement:
        value = old.slice.value if isinstance(old.slice, cst.Index) else None
        values = self.program.assigned(value) if isinstance(value, cst.Name) else [value]
        calls = [each.func for each in values or () if isinstance(each, cst.Call)]
        if not calls or not all(self.program.qualified(each) == "numpy.argmax" for each in calls):
            return new
        assert isinstance(new.slice, cst.Index)
        return new.with_changes(slice=cst.Index(cst.Call(cst.Name("int"), [cst.Arg(new.slice.value)])))

    def _with_whole_units(self, original: cst.Call, updated: cst.Call) -> cst.Call:
        args = list(updated.args)
        for place, (old, new) in enumerate(zip(original.args, updated.args, strict=True)):
            is_units = old.keyword.value == "units" if old.keyword is not None else place == 0 and not old.star
            is_call = is_units and isinstance(old.value, cst.Call)
            if is_call and isinstance(old.value, cst.Call) and self.program.qualified(old.value.func) in _PRODUCTS:
                args[place] = new.with_changes(value=cst.Call(cst.Name("int"), [cst.Arg(new.value)]))
        return updated.with_changes(args=args)

    def _is_place_of_one(self, value: cst.BaseExpression) -> bool:
        """Whether ``sums[0, 0, i]`` is the place of an answer that has one channel, and so an array of one."""
        whole = isinstance(value, cst.Subscript) and all(isinstance(each.slice, cst.Index) for each in value.slice)
        if not (isinstance(value, cst.Subscript) and whole and len(value.slice) == _PLACE_IN_IMAGES):
            return False
        answers = self.program.assigned(value.value) if isinstance(value.value, cst.Name) else [value.value]
        return bool(answers) and all(
            self._kinds.of(answer) is Kind.ANSWER
            and isinstance(answer, cst.Call)
            and isinstance(answer.func, cst.Attribute)
            and ends_in_one_filter(self.program, answer.func.value)
            for answer in answers or ()
        )
