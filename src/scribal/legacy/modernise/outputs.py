"""The pass over what is given for each output of a network.

Keras 2 took one list of metrics for all outputs, and words for a network that has only one. Keras 3 wants metrics for
each output, and no words for a single one.
"""

import libcst as cst

from scribal.legacy.modernise.expressions import literal
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["give_each_output_its_own"]

_FOR_OUTPUTS = {"loss", "loss_weights", "metrics"}
_TRAINING = {"evaluate", "fit", "fit_generator", "test_on_batch", "train_on_batch"}


def give_each_output_its_own(program: Program) -> cst.Module:
    """Write ``loss={"ctc": f}`` as ``loss=f``, and ``metrics=["accuracy"]`` of two outputs for each of them."""
    return program.module.visit(_Outputs(program))


class _Outputs(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        made = [call for call in program.walk(cst.Call) if program.canonical(call.func) == "keras.Model"]
        self._single = bool(made) and all(self._outputs(call) == 1 for call in made)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``compile``, and what is given as targets."""
        if not isinstance(original_node.func, cst.Attribute):
            return updated_node
        method = original_node.func.attr.value
        if method == "compile" and self._single:
            return updated_node.with_changes(args=[_of_one_output(arg) for arg in updated_node.args])
        if method == "compile" and (count := self._count(original_node.func.value)) != 1:
            times = f"len({self.program.code(original_node.func.value)}.outputs)" if count is None else str(count)
            args = [_for_each(arg, count, cst.parse_expression(times)) for arg in updated_node.args]
            return updated_node.with_changes(args=args)
        if method not in _TRAINING or not self._single:
            return updated_node
        args = [
            arg.with_changes(value=_without_word(arg.value)) if _is_targets(arg, place) else arg
            for place, arg in enumerate(updated_node.args)
        ]
        return updated_node.with_changes(args=args)

    def leave_Yield(self, original_node: cst.Yield, updated_node: cst.Yield) -> cst.Yield:
        """``yield x, {"ctc": y}``."""
        value, old = updated_node.value, original_node.value
        is_pair = isinstance(value, cst.Tuple) and isinstance(old, cst.Tuple) and len(value.elements) > 1
        if not (self._single and is_pair and isinstance(value, cst.Tuple) and isinstance(old, cst.Tuple)):
            return updated_node
        target = old.elements[1].value
        new = _without_word(value.elements[1].value)
        if isinstance(target, cst.Name):
            given = self.program.assigned(target)
            if not (given and all(_only_value(each) is not None for each in given)):
                return updated_node
            new = cst.parse_expression(f"next(iter({target.value}.values()))")
        elements = [value.elements[0], value.elements[1].with_changes(value=new), *value.elements[2:]]
        return updated_node.with_changes(value=value.with_changes(elements=elements))

    def _count(self, model: cst.BaseExpression) -> int | None:
        """How many outputs a model has; 1 if the source does not show it, and None if they are some list."""
        made = self.program.assigned(model) if isinstance(model, cst.Name) else None
        calls = [each for each in made or () if isinstance(each, cst.Call)]
        if not calls or any(self.program.canonical(call.func) != "keras.Model" for call in calls):
            return 1
        counts = {self._outputs(call) for call in calls}
        return counts.pop() if len(counts) == 1 else 1

    def _outputs(self, call: cst.Call) -> int | None:
        """How many outputs are written down where a model is made."""
        named = {arg.keyword.value: arg.value for arg in call.args if arg.keyword is not None}
        places = [arg.value for arg in call.args if arg.keyword is None]
        value = named.get("outputs", places[1] if len(places) > 1 else None)
        given = self.program.assigned(value) if isinstance(value, cst.Name) else [value]
        found = {_length(each) for each in given or ()}
        return found.pop() if len(found) == 1 else 1


def _length(value: cst.BaseExpression | None) -> int | None:
    """How many elements an expression has, if it is a list or tuple; None where they are made, 1 of anything else."""
    if isinstance(value, cst.List | cst.Tuple):
        return len(value.elements) or None
    return None if isinstance(value, cst.ListComp) else 1


def _only_value(value: cst.BaseExpression) -> cst.BaseExpression | None:
    """What stands under the only word of a dict."""
    only = value.elements[0] if isinstance(value, cst.Dict) and len(value.elements) == 1 else None
    is_word = isinstance(only, cst.DictElement) and isinstance(literal(only.key), str)
    return only.value if is_word and isinstance(only, cst.DictElement) else None


def _without_word(value: cst.BaseExpression) -> cst.BaseExpression:
    """``{"ctc": y}`` as ``y``; in a pair, too."""
    if isinstance(value, cst.Tuple) and len(value.elements) > 1:
        first, second, *rest = value.elements
        return value.with_changes(elements=[first, second.with_changes(value=_without_word(second.value)), *rest])
    only = _only_value(value)
    return value if only is None else only


def _of_one_output(arg: cst.Arg) -> cst.Arg:
    name = arg.keyword.value if arg.keyword is not None else ""
    only = _only_value(arg.value) if name in _FOR_OUTPUTS else None
    if only is None:
        return arg
    if name == "metrics" and not isinstance(only, cst.List):
        only = cst.List([cst.Element(only)])
    return arg.with_changes(value=only)


def _for_each(arg: cst.Arg, count: int | None, times: cst.BaseExpression) -> cst.Arg:
    value = arg.value
    is_metrics = arg.keyword is not None and arg.keyword.value == "metrics" and isinstance(value, cst.List)
    if not is_metrics or not isinstance(value, cst.List) or len(value.elements) in {0, count}:
        return arg
    if any(isinstance(each.value, cst.List | cst.Dict) for each in value.elements):
        return arg
    whole = cst.List([cst.Element(value)])
    return arg.with_changes(value=cst.BinaryOperation(whole, cst.Multiply(), times))


def _is_targets(arg: cst.Arg, place: int) -> bool:
    if arg.keyword is not None:
        return arg.keyword.value in {"y", "validation_data"}
    return place == 1 and not arg.star
