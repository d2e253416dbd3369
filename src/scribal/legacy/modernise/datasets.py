"""The pass over ``tf.data``: arrays that are only shuffled and put into batches for a model are given to it as arrays.

A dataset is followed from ``from_tensor_slices`` through ``shuffle``, ``batch``, ``cache`` and ``prefetch``. If the
program only gives it to ``fit``, ``evaluate`` or ``predict``, its variable becomes the tuple of arrays, and those
methods shuffle and make the batches. Anything else stays as it is.
"""

import dataclasses

import libcst as cst

from scribal.legacy.modernise.expressions import constant, rearranged
from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["give_arrays"]

_SOURCE = "tensorflow.data.Dataset.from_tensor_slices"
_STEPS = ("batch", "cache", "prefetch", "shuffle")
_METHODS = ("evaluate", "fit", "predict")
_OTHERS = {"batch_size", "shuffle", "steps", "steps_per_epoch", "validation_batch_size", "validation_steps", "y"}
"""Arguments that no call with a dataset has, or that count its batches."""


@dataclasses.dataclass(frozen=True)
class _Batches:
    """What a dataset gives.

    Attributes:
        arrays: The expression that ``from_tensor_slices`` was given.
        size: How many samples make a batch.
        shuffled: Whether they are shuffled.
    """

    arrays: cst.BaseExpression
    size: cst.BaseExpression
    shuffled: bool

    @property
    def pair(self) -> list[cst.BaseExpression] | None:
        """Inputs and targets, if both are written down."""
        if not isinstance(self.arrays, cst.Tuple) or len(self.arrays.elements) != 2:  # noqa: PLR2004 (x and y)
            return None
        return [element.value for element in self.arrays.elements]


def give_arrays(program: Program) -> cst.Module:
    """Write ``fit(*arrays, batch_size=…)`` where ``fit`` is given a dataset of arrays."""
    if not any(program.canonical(call.func) == _SOURCE for call in program.walk(cst.Call)):
        return program.module
    return program.module.visit(_Giving(program))


class _Giving(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)
        self._variables: dict[str, _Batches] = {}
        self._first: dict[cst.BaseExpression, _Batches] = {}  # by the first value of a variable
        self._later: set[cst.BaseExpression] = set()  # the values that it is given then
        for assign in program.walk(cst.Assign):
            target = assign.targets[0].target
            if self._is_source(_chain(assign.value)[0]) and isinstance(target, cst.Name):
                self._follow(target)

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """The variable is the arrays."""
        if original_node.value in self._later:
            return cst.RemoveFromParent()
        batches = self._first.get(original_node.value)
        return updated_node if batches is None else updated_node.with_changes(value=batches.arrays)

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """The model is given arrays, and makes the batches."""
        places = [self._is_place(original_node, arg) for arg in original_node.args]
        given = zip(original_node.args, places, strict=True)
        found = [self._batches_of(arg.value) if is_place else None for arg, is_place in given]
        if found.count(None) == len(found):
            return updated_node
        new: list[tuple[str | None, cst.BaseExpression]] = []
        size = ""
        for arg, batches in zip(updated_node.args, found, strict=True):
            keyword = arg.keyword.value if arg.keyword is not None else None
            if batches is None:
                new.append((keyword, arg.value))
            elif keyword == "validation_data":
                new.append((keyword, arg.value if isinstance(arg.value, cst.Name) else batches.arrays))
                if self.program.code(batches.size) != size:
                    new.append(("validation_batch_size", batches.size.deep_clone()))
            else:
                size = self.program.code(batches.size)
                new += [(None, value) for value in _inputs(_method(original_node), arg.value, batches)]
                new.append(("batch_size", batches.size.deep_clone()))
                if _method(original_node) == "fit" and not batches.shuffled:
                    new.append(("shuffle", constant(False)))  # noqa: FBT003 (a value that is written down)
        is_variable = found[0] is not None and isinstance(original_node.args[0].value, cst.Name)
        is_tuple = is_variable and _method(original_node) != "predict"
        first, *others = rearranged(updated_node.args, new)
        return updated_node.with_changes(args=[first.with_changes(star="*" if is_tuple else ""), *others])

    def _follow(self, variable: cst.Name) -> None:
        """Note what a variable gives, if it comes by its value in one block and then goes to models alone."""
        values = self.program.assigned(variable) or []
        assigns = [assign for assign in self.program.walk(cst.Assign) if assign.value in values]
        blocks = {self.program.parents[self.program.parents[assign]] for assign in assigns}
        chains = [_chain(assign.value) for assign in assigns]
        roots = [root for root, _ in chains[1:]]
        steps = [step for _, chain in chains for step in chain]
        batches = self._batches(chains[0][0], steps) if chains else None
        if batches is None or len(blocks) != 1 or len(values) != len(assigns):
            return
        names = [name for name in self.program.walk(cst.Name) if name.value == variable.value]
        written = [name for name in names if name in roots or not self.program.is_read(name)]
        read = names[len(written) :]
        only_own = all(isinstance(root, cst.Name) and root.value == variable.value for root in roots)
        to_models = all(self._is_given(name, values, batches) for name in read)
        if only_own and to_models and names[: len(written)] == written:
            self._variables[variable.value] = batches
            self._first[assigns[0].value] = batches
            self._later.update(assign.value for assign in assigns[1:])

    def _is_given(self, name: cst.Name, values: list[cst.BaseExpression], batches: _Batches) -> bool:
        """Whether a variable that has these values goes to a model where it is read."""
        arg = self.program.parents[name]
        call = self.program.parents[arg]
        if not (isinstance(arg, cst.Arg) and isinstance(call, cst.Call) and self._is_place(call, arg)):
            return False
        same = self.program.assigned(name) or []
        return set(same) == set(values) and (batches.pair is not None or _method(call) == "predict")

    def _is_place(self, call: cst.Call, arg: cst.Arg) -> bool:
        """Whether an argument is where a model takes a dataset, and nothing beside it counts its batches."""
        keywords = [each.keyword.value for each in call.args if each.keyword is not None]
        only_keywords = len(keywords) >= len(call.args) - 1 and not any(each.star for each in call.args)
        if _method(call) not in _METHODS or not only_keywords or _OTHERS & set(keywords):
            return False
        keyword = arg.keyword.value if arg.keyword is not None else "x"
        taken = keyword == "validation_data" if arg is not call.args[0] else keyword == "x"
        assert isinstance(call.func, cst.Attribute)
        return taken and (self._kinds.of(call.func.value) is Kind.MODEL or self._kinds.is_model_call(call))

    def _batches_of(self, value: cst.BaseExpression) -> _Batches | None:
        """What an argument gives: a variable, or a dataset that is made where it is used."""
        if isinstance(value, cst.Name):
            return self._variables.get(value.value)
        batches = self._batches(*_chain(value))
        return batches if batches is not None and batches.pair is not None else None

    def _batches(self, root: cst.BaseExpression, steps: list[cst.Call]) -> _Batches | None:
        if not isinstance(root, cst.Call) or not self._is_source(root) or len(root.args) != 1 or root.args[0].star:
            return None
        methods = [_method(step) for step in steps]
        if methods.count("batch") != 1 or "shuffle" in methods[methods.index("batch") :]:
            return None
        given = steps[methods.index("batch")].args
        if len(given) != 1 or given[0].star or not self._is_constant(given[0].value):
            return None
        return _Batches(root.args[0].value, given[0].value, "shuffle" in methods)

    def _is_constant(self, size: cst.BaseExpression) -> bool:
        if isinstance(size, cst.Name):
            return len(self.program.assigned(size) or ()) == 1
        return isinstance(size, cst.Integer)

    def _is_source(self, node: cst.BaseExpression) -> bool:
        return isinstance(node, cst.Call) and self.program.canonical(node.func) == _SOURCE


def _chain(value: cst.BaseExpression) -> tuple[cst.BaseExpression, list[cst.Call]]:
    """What a dataset is made of, and the steps from there on."""
    steps: list[cst.Call] = []
    while isinstance(value, cst.Call) and isinstance(value.func, cst.Attribute) and _method(value) in _STEPS:
        steps.insert(0, value)
        value = value.func.value
    return value, steps


def _inputs(method: str, given: cst.BaseExpression, batches: _Batches) -> list[cst.BaseExpression]:
    """What stands in the place of a dataset: its variable, which is a tuple now, or the arrays."""
    if isinstance(given, cst.Name):
        first_of = method == "predict" and batches.pair is not None
        return [cst.parse_expression(f"{given.value}[0]") if first_of else given]
    pair = batches.pair or [batches.arrays]
    return pair[:1] if method == "predict" else pair


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
