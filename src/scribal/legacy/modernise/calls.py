"""The pass over calls: arguments get today's names and forms, methods that are gone become those of today.

What old arguments mean is in :mod:`scribal.legacy.changes`; here it is read and written as source code. It comes before
the pass over names, since an old name says how its arguments are meant.
"""

import libcst as cst

from scribal.legacy.changes.call import Call, NoModernFormError
from scribal.legacy.changes.calls import modern_call
from scribal.legacy.changes.names import canonical_name
from scribal.legacy.changes.optimizers import KERAS_2_DEFAULTS
from scribal.legacy.changes.refusals import instead_of
from scribal.legacy.modernise.answers import classes_of, ends_in_sigmoid
from scribal.legacy.modernise.backend import DIM_ORDERINGS, modern_function
from scribal.legacy.modernise.expressions import Expressions, constant, literal, rearranged
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.kinds import Kinds
from scribal.legacy.modernise.phases import without_phase
from scribal.legacy.modernise.places import Place, places, sequential_elements, with_first, with_neighbours
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.public import is_public, plain_name
from scribal.legacy.modernise.rates import is_rate_as_number, sets_rates
from scribal.legacy.modernise.rewriting import Remark, Rewriting

__all__ = ["modernise_calls"]

_METHODS = "keras.Model."
_OF_GENERATORS = {f"{_METHODS}{name}_generator" for name in ("evaluate", "predict")}
_NO_DECAY = constant(0)
_INSTEAD_OF_DECAY = "let what sets the rate make it smaller, by 1 / (1 + decay * steps)"
_LOSS_IS_SECOND = 2


def modernise_calls(program: Program, *, old_defaults: bool) -> tuple[cst.Module, list[Remark]]:
    """Bring every call into today's form.

    Args:
        program: The program, with its names as they were.
        old_defaults: Whether optimizers of ``keras`` mean the learning rates of Keras 1 and 2 where none is given.

    Returns:
        The program, and what has no form in Keras 3.
    """
    transformer = _Calling(program, old_defaults=old_defaults)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted), transformer.remarks


class _Calling(Rewriting):
    def __init__(self, program: Program, *, old_defaults: bool) -> None:
        super().__init__(program)
        self._old_defaults = old_defaults
        self._kinds = Kinds(program)
        self._places = places(program)
        self._values = Expressions(program, self.spelling)
        self._inputs: dict[cst.CSTNode, cst.BaseExpression] = {}  # by the call of the first layer
        self._beside: dict[cst.CSTNode, Call[cst.BaseExpression]] = {}  # with layers before or behind it
        keywords = {arg.keyword.value for arg in program.walk(cst.Arg) if arg.keyword is not None}
        self._counts_samples = bool(keywords & {"nb_epoch", "nb_val_samples", "samples_per_epoch", "val_samples"})
        self._sets_rates = sets_rates(program)
        self._shows_accuracy = "show_accuracy" in keywords
        self._lists = {sequential_elements(program, call) for call in program.walk(cst.Call)} - {None}

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Bring one call into today's form; what is inside it is modern already."""
        if self._is_tensor_as_array(original_node):
            assert isinstance(updated_node.func, cst.Attribute)
            return cst.Call(self.spelling.spell("keras.ops.convert_to_numpy"), [cst.Arg(updated_node.func.value)])
        if is_rate_as_number(self.program, original_node):
            return updated_node.with_changes(func=cst.Name("float"))
        if (layer := self._beside.get(original_node.func)) is not None and len(updated_node.args) == 1:
            return _called_with(layer, updated_node)
        name = self._name(original_node)
        if name is None or any(arg.star == "*" for arg in updated_node.args):
            return updated_node
        if name == f"{_METHODS}reset_states":
            return _states_forgotten(self.program.code(original_node.func.value))  # type: ignore[attr-defined]  # a method
        return self._as_today(original_node, updated_node, name)

    def _as_today(self, original_node: cst.Call, updated_node: cst.Call, name: str) -> cst.BaseExpression:
        self._values.look_at(original_node, updated_node)
        given = [arg for arg in updated_node.args if not arg.star]
        positional = [arg.value for arg in given if arg.keyword is None]
        keywords = {arg.keyword.value: arg.value for arg in given if arg.keyword is not None}
        if self._counts_samples and name in _OF_GENERATORS and len(positional) == 2:  # noqa: PLR2004 (and a number)
            keywords["val_samples"] = positional.pop()
        if self._sets_rates and ".optimizers." in name and literal(keywords.get("decay", _NO_DECAY)) not in {0, None}:
            decay = self.program.code(keywords.pop("decay"))
            self.remark(original_node, f"decay={decay} beside a rate that is set", _INSTEAD_OF_DECAY)
        call = Call(name.rpartition(".")[2], list(positional), dict(keywords))
        try:
            modern = modern_call(name, call, self._values)
        except NoModernFormError as error:
            if instead_of(name) is None:  # of what is gone altogether, the last look speaks
                self.remark(original_node, f"{error.rule}, received {error.received}", error.advice)
            return updated_node
        if modern.before or modern.behind:
            self._note_beside(original_node, modern)
        if modern.name == f"{_METHODS}compile":
            self._complete_compile(modern)
        self._place_input(original_node, modern, call)
        result = self._with_name(self._with_arguments(updated_node, call, modern), name, modern)
        if name == f"{_METHODS}predict_classes":
            assert isinstance(original_node.func, cst.Attribute)
            of_one_output = ends_in_sigmoid(self.program, original_node.func.value)
            return classes_of(result, of_one_output=of_one_output, spelling=self.spelling)
        return modern_function(_with_modern_module(name), result, self.spelling) or result

    def leave_Comparison(self, original_node: cst.Comparison, updated_node: cst.Comparison) -> cst.BaseExpression:
        """``K.image_dim_ordering() == "th"``: what it is compared with."""
        operands = [original_node.left, *(target.comparator for target in original_node.comparisons)]
        calls = [operand.func for operand in operands if isinstance(operand, cst.Call)]
        if not any(self.program.canonical(call) == "keras.backend.image_dim_ordering" for call in calls):
            return updated_node
        targets = [
            target.with_changes(comparator=_data_format(target.comparator)) for target in updated_node.comparisons
        ]
        return updated_node.with_changes(left=_data_format(updated_node.left), comparisons=targets)

    def leave_List(self, original_node: cst.List, updated_node: cst.List) -> cst.BaseExpression:
        """Put the input before the first layer of ``Sequential([…])``."""
        if isinstance(self.program.parents[original_node], cst.Arg) and original_node not in self._lists:
            return without_phase(self.program, original_node, updated_node)
        if original_node not in self._lists or not original_node.elements:
            return updated_node
        for place in reversed(range(len(original_node.elements))):
            layer = self._beside.get(original_node.elements[place].value)
            if layer is not None:
                updated_node = with_neighbours(updated_node, place, layer.before, layer.behind)
        new = self._inputs.get(original_node.elements[0].value)
        return updated_node if new is None else with_first(updated_node, new)

    def leave_Expr(
        self, original_node: cst.Expr, updated_node: cst.Expr
    ) -> cst.BaseSmallStatement | cst.FlattenSentinel[cst.BaseSmallStatement]:
        """Put ``model.add(keras.Input(…))`` before the first layer that is added, and what stands beside a layer."""
        call = original_node.value
        if not (isinstance(call, cst.Call) and call.args and isinstance(updated_node.value, cst.Call)):
            return updated_node
        is_add = isinstance(call.func, cst.Attribute) and call.func.attr.value == "add"
        if not is_add:
            return updated_node
        layer = call.args[0].value
        beside = self._beside.get(layer, Call(""))
        before = [*([self._inputs[layer]] if layer in self._inputs else []), *beside.before]
        if not before and not beside.behind:
            return updated_node
        add = updated_node.value.func
        first, last = (
            [cst.Expr(cst.Call(add.deep_clone(), [cst.Arg(each)])) for each in layers]
            for layers in (before, beside.behind)
        )
        return cst.FlattenSentinel([*first, updated_node, *last])

    def _note_beside(self, original: cst.Call, modern: Call[cst.BaseExpression]) -> None:
        """Keep the layers that come before and behind one, where they can be put there."""
        parent = self.program.parents[original]
        is_called = isinstance(parent, cst.Call) and parent.func is original and len(parent.args) == 1
        is_element = isinstance(parent, cst.Element) and self.program.parents[parent] in self._lists
        whole = self.program.parents[parent] if isinstance(parent, cst.Arg) else None
        added = isinstance(whole, cst.Call) and isinstance(self.program.parents[whole], cst.Expr)
        added = added and isinstance(whole, cst.Call) and self.program.code(whole.func).endswith(".add")
        if is_called or is_element or added:
            self._beside[original] = modern
            return
        for note in modern.notes:
            if note.modern.endswith(" the layer") and not note.modern.startswith("keras.Input"):
                self.remark(original, note.old, f"put {note.modern}")

    def _is_tensor_as_array(self, call: cst.Call) -> bool:
        """Whether a call is TensorFlow's ``tensor.numpy()``."""
        is_method = isinstance(call.func, cst.Attribute) and call.func.attr.value == "numpy"
        is_users_or_tensors = self.program.qualified(call.func) is None
        return is_method and not call.args and self.program.uses_tensorflow and is_users_or_tensors

    def _name(self, call: cst.Call) -> str | None:
        """What is called, as the tables name it; None for what is neither Keras' nor another library's."""
        name = self.program.qualified(call.func)
        if name is not None and not name.startswith("builtins."):
            from_keras = name.startswith("keras.optimizers.") and not self._old_defaults
            return f"tensorflow.{canonical_name(name)}" if from_keras else name
        if isinstance(call.func, cst.Attribute) and self._kinds.is_model_call(call):
            return _METHODS + call.func.attr.value
        if isinstance(call.func, cst.Attribute) and self.program.code(call.func) == "self.add_weight":
            return "keras.layers.Layer.add_weight"
        return None

    def _complete_compile(self, modern: Call[cst.BaseExpression]) -> None:
        """Say what old Keras meant: its learning rate of an optimizer by name, the accuracy that ``fit`` would show."""
        given = modern.keywords.get("optimizer", modern.positional[0] if modern.positional else None)
        name = literal(given) if given is not None else None
        by_name = {optimizer.lower(): (optimizer, defaults) for optimizer, defaults in KERAS_2_DEFAULTS.items()}
        if self._old_defaults and isinstance(name, str) and name.lower() in by_name:
            optimizer, defaults = by_name[name.lower()]
            said = {key: constant(value) for key, value in defaults.items()}
            new = self._values.call(f"keras.optimizers.{optimizer}", [], said)
            if "optimizer" in modern.keywords:
                modern.keywords["optimizer"] = new
            else:
                modern.positional[0] = new
        if self._shows_accuracy and "metrics" not in modern.keywords and len(modern.positional) <= _LOSS_IS_SECOND:
            modern.keywords["metrics"] = self._values.listed([constant("accuracy")])

    def _place_input(
        self, original: cst.Call, modern: Call[cst.BaseExpression], call: Call[cst.BaseExpression]
    ) -> None:
        """Take what a layer says of its input where it stands: before the layer, nowhere, or still in the layer."""
        if not modern.input:
            return
        place = self._places.get(original, Place.UNKNOWN)
        if modern.name == "keras.layers.InputLayer":
            modern.keywords = {**modern.input, **modern.keywords}
            return
        if place is Place.FIRST:
            arguments = dict(modern.input)
            shape = [arguments.pop("shape")] if "shape" in arguments else []
            self._inputs[original] = self._values.call("keras.Input", shape, arguments)
        elif place is Place.UNKNOWN:
            names = {"shape": "input_shape", "batch_shape": "batch_input_shape", "dtype": "input_dtype"}
            kept = {names.get(name, name): value for name, value in modern.input.items()}
            # In the order in which it was written, so that a layer which says nothing old stays as it is.
            order = [name for name in call.keywords if name in kept or name in modern.keywords]
            both = {**modern.keywords, **kept}
            modern.keywords = {name: both[name] for name in [*order, *(each for each in both if each not in order)]}

    def _with_arguments(
        self, updated: cst.Call, call: Call[cst.BaseExpression], modern: Call[cst.BaseExpression]
    ) -> cst.Call:
        same_names = list(call.keywords) == list(modern.keywords)
        before = [*call.positional, *call.keywords.values()]
        after = [*modern.positional, *modern.keywords.values()]
        if same_names and len(before) == len(after) and all(map(_is_same, before, after)):
            return updated
        new: list[tuple[str | None, cst.BaseExpression]] = [(None, value) for value in modern.positional]
        new += modern.keywords.items()
        stars = [arg for arg in updated.args if arg.star]
        plain = [arg for arg in updated.args if not arg.star]
        if not new and not stars:
            return updated.with_changes(args=[], whitespace_before_args=cst.SimpleWhitespace(""))
        return updated.with_changes(args=[*rearranged(plain, new), *stars] if not stars else _before(plain, new, stars))

    def _with_name(self, result: cst.Call, name: str, modern: Call[cst.BaseExpression]) -> cst.Call:
        if name.startswith(_METHODS) and isinstance(result.func, cst.Attribute):
            method = modern.name.removeprefix(_METHODS)
            same = method == result.func.attr.value
            return result if same else result.with_changes(func=result.func.with_changes(attr=cst.Name(method)))
        if is_public(plain_name(name)) or not is_public(modern.name):
            return result  # a new name of the same thing is the next pass's
        return result.with_changes(func=self.spelling.spell(modern.name))


def _called_with(layer: Call[cst.BaseExpression], call: cst.Call) -> cst.Call:
    """A layer that is called on a tensor, with what stands before it called first and what stands behind it last."""
    arg = call.args[0]
    for each in layer.before:
        arg = arg.with_changes(value=cst.Call(each, [cst.Arg(arg.value)]))
    result = call.with_changes(args=[arg])
    for each in layer.behind:
        result = cst.Call(each, [cst.Arg(result)])
    return result


def _with_modern_module(name: str) -> str:
    """The name with its module's modern name, but itself as it was: ``K.dot`` is ``keras.backend.dot``."""
    module, _, last = name.rpartition(".")
    # The functions of keras.initializations took a shape; the classes of the same names are called behind it.
    return name if module == "keras.initializations" else f"{plain_name(module)}.{last}"


def _states_forgotten(model: str) -> cst.BaseExpression:
    """``model.reset_states()``, layer by layer."""
    return cst.parse_expression(f'[layer.reset_state() for layer in {model}.layers if hasattr(layer, "reset_state")]')


def _data_format(expression: cst.BaseExpression) -> cst.BaseExpression:
    """A word of Keras 1 for the place of the channels as that of Keras 3; anything else as it is."""
    word = literal(expression)
    return constant(DIM_ORDERINGS[word]) if isinstance(word, str) and word in DIM_ORDERINGS else expression


def _is_same(one: object, other: object) -> bool:
    return one is other


def _before(
    plain: list[cst.Arg], new: list[tuple[str | None, cst.BaseExpression]], stars: list[cst.Arg]
) -> list[cst.Arg]:
    """Arguments before ``**kwargs``."""
    if not new:
        return stars
    *others, last = rearranged(plain, new)
    space = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    comma = last.comma if isinstance(last.comma, cst.Comma) else space
    return [*others, last.with_changes(comma=comma), *stars]
