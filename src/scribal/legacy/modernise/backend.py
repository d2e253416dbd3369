"""Functions of Keras' old ``backend`` and of TensorFlow whose modern form has other arguments or is no call at all.

Those that only have another name are in :mod:`scribal.legacy.changes.names`.
"""

import dataclasses
import re
from collections.abc import Mapping
from types import MappingProxyType

import libcst as cst

from scribal.legacy.changes.names import modern_name
from scribal.legacy.modernise.expressions import constant, literal, rearranged
from scribal.legacy.modernise.spelling import Spelling
from scribal.legacy.modernise.tensorflow_functions import ARGUMENTS, FUNCTIONS

__all__ = ["CONSTANTS", "DIM_ORDERINGS", "modern_function"]

DIM_ORDERINGS = MappingProxyType({"th": "channels_first", "tf": "channels_last"})
"""Keras 1's words for the place of the channels, and today's."""


@dataclasses.dataclass(frozen=True)
class _Form:
    """A function's parameters with their defaults, and the modern expression for a call.

    In the expression ``{x}`` is an argument and ``<keras.ops.sum>`` a name, written as the program's imports allow.
    """

    parameters: str
    expression: str


def _same(modern: str) -> _Form:
    return _Form("", f"<{modern}>(…)")


_BACKEND = {
    "all": _same("keras.ops.all"),
    "any": _same("keras.ops.any"),
    "argmax": _Form("x, axis=-1", "<keras.ops.argmax>({x}, axis={axis})"),
    "argmin": _Form("x, axis=-1", "<keras.ops.argmin>({x}, axis={axis})"),
    "batch_get_value": _Form("ops", "[<keras.ops.convert_to_numpy>(variable) for variable in {ops}]"),
    "batch_set_value": _Form("tuples", "[variable.assign(value) for variable, value in {tuples}]"),
    "bias_add": _Form("x, bias", "<keras.ops.add>({x}, {bias})"),
    "conv2d": _Form(
        "x, kernel, strides=1, padding='valid'",
        "<keras.ops.conv>({x}, {kernel}, strides={strides}, padding={padding})",
    ),
    "batch_flatten": _Form("x", "<keras.layers.Flatten>()({x})"),
    "cast_to_floatx": _Form("x", "<keras.ops.cast>({x}, <keras.config.floatx>())"),
    "concatenate": _Form("tensors, axis=-1", "<keras.ops.concatenate>({tensors}, axis={axis})"),
    "constant": _Form("value, dtype=None", "<keras.ops.convert_to_tensor>({value}, dtype={dtype})"),
    "count_params": _Form("x", "<math.prod>({x}.shape)"),
    "cumprod": _Form("x, axis=0", "<keras.ops.cumprod>({x}, axis={axis})"),
    "cumsum": _Form("x, axis=0", "<keras.ops.cumsum>({x}, axis={axis})"),
    "dot": _same("keras.ops.dot"),
    "dropout": _Form("x, level", "<keras.random.dropout>({x}, {level})"),
    "dtype": _Form("x", "{x}.dtype"),
    "epsilon": _same("keras.config.epsilon"),
    "expand_dims": _Form("x, axis=-1", "<keras.ops.expand_dims>({x}, axis={axis})"),
    "flatten": _Form("x", "<keras.ops.reshape>({x}, (-1,))"),
    "floatx": _same("keras.config.floatx"),
    "image_data_format": _same("keras.config.image_data_format"),
    "image_dim_ordering": _same("keras.config.image_data_format"),
    "int_shape": _Form("x", "{x}.shape"),
    "gather": _Form("reference, indices", "<keras.ops.take>({reference}, {indices}, axis=0)"),
    "get_variable_shape": _Form("x", "{x}.shape"),
    "hard_sigmoid": _Form("x", "<keras.ops.clip>(0.2 * {x} + 0.5, 0, 1)"),
    "identity": _Form("x", "{x}"),
    "in_top_k": _Form("predictions, targets, k", "<keras.ops.in_top_k>({targets}, {predictions}, {k})"),
    "l2_normalize": _Form("x, axis", "<keras.ops.normalize>({x}, axis={axis})"),
    "map_fn": _Form("fn, elems", "<keras.ops.vectorized_map>({fn}, {elems})"),
    "ndim": _Form("x", "len({x}.shape)"),
    "placeholder": _Form("shape, dtype=None", "<keras.Input>(batch_shape={shape}, dtype={dtype})"),
    "random_binomial": _Form("shape, p=0.0", "<keras.random.binomial>({shape}, 1, {p})"),
    "random_normal": _Form(
        "shape, mean=0.0, stddev=1.0", "<keras.random.normal>({shape}, mean={mean}, stddev={stddev})"
    ),
    "random_normal_variable": _Form(
        "shape, mean, scale", "<keras.Variable>(<keras.random.normal>({shape}, mean={mean}, stddev={scale}))"
    ),
    "random_uniform_variable": _Form(
        "shape, low, high", "<keras.Variable>(<keras.random.uniform>({shape}, minval={low}, maxval={high}))"
    ),
    "random_uniform": _Form(
        "shape, minval=0.0, maxval=1.0", "<keras.random.uniform>({shape}, minval={minval}, maxval={maxval})"
    ),
    "repeat": _Form("x, n", "<keras.ops.repeat>(<keras.ops.expand_dims>({x}, axis=1), {n}, axis=1)"),
    "repeat_elements": _Form("x, rep, axis", "<keras.ops.repeat>({x}, {rep}, axis={axis})"),
    "resize_images": _Form(
        "x, height_factor, width_factor, data_format",
        "<keras.layers.UpSampling2D>(({height_factor}, {width_factor}), data_format={data_format})({x})",
    ),
    "reverse": _Form("x, axes", "<keras.ops.flip>({x}, axis={axes})"),
    "set_epsilon": _same("keras.config.set_epsilon"),
    "set_floatx": _same("keras.config.set_floatx"),
    "set_image_data_format": _same("keras.config.set_image_data_format"),
    "set_image_dim_ordering": _Form("dim_ordering", "<keras.config.set_image_data_format>({dim_ordering})"),
    "set_value": _Form("x, value", "{x}.assign({value})"),
    "spatial_2d_padding": _Form("x, padding", "<keras.ops.pad>({x}, ((0, 0), *{padding}, (0, 0)))"),
    "squeeze": _Form("x, axis", "<keras.ops.squeeze>({x}, axis={axis})"),
    "switch": _Form(
        "condition, then_expression, else_expression",
        "<keras.ops.where>({condition}, {then_expression}, {else_expression})",
    ),
    "truncated_normal": _Form(
        "shape, mean=0.0, stddev=1.0", "<keras.random.truncated_normal>({shape}, mean={mean}, stddev={stddev})"
    ),
    "update": _Form("x, new_x", "{x}.assign({new_x})"),
    "update_add": _Form("x, increment", "{x}.assign_add({increment})"),
    "update_sub": _Form("x, decrement", "{x}.assign_sub({decrement})"),
}
_UTILITIES = {
    "categorical_probas_to_classes": _Form("p", "<numpy.argmax>({p}, axis=1)"),
    "multi_gpu_model": _Form("model, gpus=None", "{model}"),
    "print_summary": _Form("model", "{model}.summary()"),
    "probas_to_classes": _Form("y_pred", "<numpy.argmax>({y_pred}, axis=1)"),
}
_INITIALIZATIONS = {
    **{
        name: _Form("shape", f"<keras.initializers.{modern}>()({{shape}})")
        for name, modern in (
            ("glorot_normal", "GlorotNormal"),
            ("glorot_uniform", "GlorotUniform"),
            ("he_normal", "HeNormal"),
            ("he_uniform", "HeUniform"),
            ("lecun_uniform", "LecunUniform"),
            ("one", "Ones"),
            ("zero", "Zeros"),
        )
    },
    "identity": _Form("shape, scale=1.0", "<keras.initializers.Identity>(gain={scale})({shape})"),
    "normal": _Form("shape, scale=0.05", "<keras.initializers.RandomNormal>(stddev={scale})({shape})"),
    "orthogonal": _Form("shape, scale=1.1", "<keras.initializers.Orthogonal>(gain={scale})({shape})"),
    "uniform": _Form("shape, scale=0.05", "<keras.initializers.RandomUniform>(-{scale}, {scale})({shape})"),
}
_FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        **{f"keras.initializations.{name}": form for name, form in _INITIALIZATIONS.items()},
        **{f"keras.backend.{name}": form for name, form in _BACKEND.items()},
        **{f"keras.utils.{name}": form for name, form in _UTILITIES.items()},
        "keras.slice_X": _Form("X, start=None, stop=None", "{X}[{start}:{stop}]"),
        **{f"tensorflow.{name}": _Form(*form) for name, form in FUNCTIONS.items()},
        "tensorflow.range": _same("keras.ops.arange"),
    }
)

_ABSENT = re.compile(r", (dtype=None|labels=range\(None\)|name=None|trainable=True)")

_TYPES = ("bool", "float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32")
CONSTANTS: Mapping[str, str] = MappingProxyType(
    {
        **{f"tensorflow.{name}": f'"{name}"' for name in _TYPES},
        **{f"tensorflow.dtypes.{name}": f'"{name}"' for name in _TYPES},
        **dict.fromkeys(("tensorflow.data.AUTOTUNE", "tensorflow.data.experimental.AUTOTUNE"), "-1"),
        "tensorflow.newaxis": "None",
    }
)
"""Names of TensorFlow's that are plain values."""


def modern_function(name: str, call: cst.Call, spelling: Spelling) -> cst.BaseExpression | None:
    """The modern form of a call, or None if the function is not of those here or has arguments that are unknown.

    Args:
        name: The function's qualified name, with its module's modern name.
        call: The call, its arguments modern already.
        spelling: How names are written in the program.
    """
    form = _FORMS.get(name)
    if any(arg.star for arg in call.args):
        return None
    if form is None:
        return _with_arguments_of_keras(name, call)
    if form.expression.endswith(">(…)"):
        return call.with_changes(func=spelling.spell(form.expression.split(">")[0][1:]))
    given = _bound(form, call)
    if given is None:
        return None
    words = {parameter: _code(value) for parameter, value in given.items()}
    text = re.sub(r"<([\w.]+)>", lambda found: _code(spelling.spell(found[1])), form.expression)
    text = _ABSENT.sub("", re.sub(r"\{(\w+)\}", lambda found: words[found[1]], text))
    expression = cst.parse_expression(text)
    return expression.with_changes(lpar=[*call.lpar, *expression.lpar], rpar=[*expression.rpar, *call.rpar])


def _with_arguments_of_keras(name: str, call: cst.Call) -> cst.Call | None:
    """A call of a function of TensorFlow that only has another name in ``keras.ops``; the next pass gives it that."""
    modern = modern_name(name)
    if not (name.startswith("tensorflow.") and modern.startswith("keras.ops.")):
        return None
    names = ARGUMENTS.get(modern.removeprefix("keras.ops."), {})
    before: list[tuple[str | None, cst.BaseExpression]] = [
        (arg.keyword.value if arg.keyword is not None else None, arg.value) for arg in call.args
    ]
    after = [
        (names.get(keyword or "", keyword), _in_lower_case(value) if keyword == "mode" else value)
        for keyword, value in before
        if keyword != "name"
    ]
    same = len(before) == len(after) and all(
        old[0] == new[0] and old[1] is new[1] for old, new in zip(before, after, strict=False)
    )
    return None if same or not after else call.with_changes(args=rearranged(call.args, after))


def _in_lower_case(mode: cst.BaseExpression) -> cst.BaseExpression:
    word = literal(mode)
    return constant(word.lower()) if isinstance(word, str) and word != word.lower() else mode


def _bound(form: _Form, call: cst.Call) -> dict[str, cst.BaseExpression] | None:
    """The arguments by the parameters' names."""
    parameters = [each.partition("=") for each in form.parameters.split(", ") if each]
    names = [name for name, _, _ in parameters]
    given = {name: cst.parse_expression(default) for name, _, default in parameters if default}
    by_position = [arg.value for arg in call.args if arg.keyword is None]
    if len(by_position) > len(names):
        return None
    given |= dict(zip(names, by_position, strict=False))
    for arg in call.args:
        if arg.keyword is not None:
            if arg.keyword.value not in (*names, "name"):
                return None
            given[arg.keyword.value] = arg.value
    if any(name not in given for name in names):
        return None
    return {name: _spelled(name, value) for name, value in given.items()}


def _spelled(parameter: str, value: cst.BaseExpression) -> cst.BaseExpression:
    word = literal(value)
    if parameter == "dim_ordering" and isinstance(word, str) and word in DIM_ORDERINGS:
        return cst.SimpleString(f'"{DIM_ORDERINGS[word]}"')
    return value


def _code(expression: cst.BaseExpression) -> str:
    text = cst.Module([]).code_for_node(expression).strip()
    simple = isinstance(expression, cst.Name | cst.Attribute | cst.Call | cst.Subscript | cst.Integer | cst.Float)
    simple |= isinstance(expression, cst.SimpleString | cst.List | cst.Dict) or bool(expression.lpar)
    return text if simple or isinstance(expression, cst.UnaryOperation) else f"({text})"
