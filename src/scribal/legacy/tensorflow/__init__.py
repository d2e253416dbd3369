"""``import tensorflow as tf`` in a program whose networks are Keras': what such programs use around them.

Networks are real Keras 3 models and tensors are JAX's arrays; nothing here is TensorFlow's. What belongs to graphs and
sessions is refused by name.
"""

from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.legacy.tensorflow.compiled_functions import CompiledFunction, printed
from scribal.legacy.tensorflow.functions import (
    argmax,
    argmin,
    cast,
    clip_by_value,
    concat,
    constant,
    expand_dims,
    fill,
    is_tensor,
    one_hot,
    range_of,
    rank,
    reduced,
    reshape,
    size,
    split,
    squeeze,
    transpose,
    unstack,
)
from scribal.legacy.tensorflow.logging import get_logger
from scribal.legacy.tensorflow.mathematics import reduce_max, reduce_mean, reduce_min, reduce_prod, reduce_sum
from scribal.legacy.tensorflow.random import normal as random_normal
from scribal.legacy.tensorflow.random import uniform as random_uniform
from scribal.legacy.tensorflow.sessions import ConfigProto, GPUOptions, Graph, Nothing, OptimizerOptions, Session
from scribal.legacy.tensorflow.tape import GradientTape
from scribal.legacy.tensorflow.types import NumberType, TensorShape, TensorSpec
from scribal.legacy.tensorflow.version import VERSION

__all__ = [
    "VERSION",
    "ConfigProto",
    "GPUOptions",
    "GradientTape",
    "Graph",
    "InteractiveSession",
    "OptimizerOptions",
    "Session",
    "Tensor",
    "TensorShape",
    "TensorSpec",
    "Variable",
    "argmax",
    "argmin",
    "bool",
    "cast",
    "clip_by_value",
    "concat",
    "constant",
    "device",
    "disable_eager_execution",
    "disable_v2_behavior",
    "enable_eager_execution",
    "enable_v2_behavior",
    "executing_eagerly",
    "expand_dims",
    "fill",
    "float16",
    "float32",
    "float64",
    "function",
    "get_default_graph",
    "get_logger",
    "global_variables_initializer",
    "initialize_all_variables",
    "int8",
    "int16",
    "int32",
    "int64",
    "is_tensor",
    "local_variables_initializer",
    "name_scope",
    "newaxis",
    "one_hot",
    "print",
    "random_normal",
    "random_uniform",
    "range",
    "rank",
    "reduce_all",
    "reduce_any",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_sum",
    "reset_default_graph",
    "reshape",
    "round",
    "size",
    "split",
    "squeeze",
    "string",
    "to_float",
    "to_int32",
    "transpose",
    "uint8",
    "unstack",
]

__version__ = VERSION
newaxis = None

bool = NumberType("bool")  # noqa: A001
float16 = NumberType("float16")
float32 = NumberType("float32")
float64 = NumberType("float64")
int8 = NumberType("int8")
int16 = NumberType("int16")
int32 = NumberType("int32")
int64 = NumberType("int64")
string = NumberType("object")
uint8 = NumberType("uint8")

InteractiveSession = Session
print = printed  # noqa: A001
range = range_of  # noqa: A001
reduce_all = reduced("all")
reduce_any = reduced("any")

_TYPES = ("bool", "float16", "float32", "float64", "int16", "int32", "int64", "int8", "uint8")
_WITHOUT_MEANING = (
    *("ConfigProto", "GPUOptions", "Graph", "InteractiveSession", "OptimizerOptions", "Session", "device"),
    *("disable_eager_execution", "disable_v2_behavior", "enable_eager_execution", "enable_v2_behavior"),
    *("executing_eagerly", "function", "get_default_graph", "get_logger", "global_variables_initializer"),
    *("initialize_all_variables", "local_variables_initializer", "name_scope"),
)
MODERN = {
    **dict.fromkeys(_WITHOUT_MEANING, ""),
    **{name: f"{name!r}" for name in _TYPES},
    "Tensor": "jax.Array",
    "TensorShape": "tuple",
    "TensorSpec": "",
    "print": "print",
    "split": "keras.ops.split",
    "unstack": "keras.ops.unstack",
    "VERSION": "keras.__version__",
    "GradientTape": "fit(), or jax.value_and_grad of model.stateless_call",
    "Variable": "keras.Variable",
    "argmax": "keras.ops.argmax",
    "argmin": "keras.ops.argmin",
    "clip_by_value": "keras.ops.clip",
    "constant": "keras.ops.convert_to_tensor",
    "fill": "keras.ops.full",
    "is_tensor": "keras.ops.is_tensor",
    "newaxis": "None",
    "one_hot": "keras.ops.one_hot",
    "random_normal": "keras.random.normal",
    "random_uniform": "keras.random.uniform",
    "range": "keras.ops.arange",
    "rank": "keras.ops.ndim",
    "reduce_all": "keras.ops.all",
    "reduce_any": "keras.ops.any",
    "reset_default_graph": "keras.utils.clear_session",
    "round": "keras.ops.round",
    "size": "keras.ops.size",
    "string": "str",
    "to_float": "keras.ops.cast",
    "to_int32": "keras.ops.cast",
}


def __getattr__(name: str) -> Any:
    if name == "Tensor":
        import jax

        return jax.Array
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def Variable(  # noqa: N802
    initial_value: Any,
    trainable: Any = True,  # noqa: FBT002
    name: str | None = None,
    dtype: str | None = None,
    **_: Any,
) -> Any:
    """``tf.Variable``."""
    values = initial_value() if callable(initial_value) else initial_value
    array = np.asarray(values)
    if dtype is None and not hasattr(values, "dtype"):
        dtype = {"i": "int32", "f": "float32"}.get(array.dtype.kind)
    return import_keras().Variable(array, dtype=dtype, trainable=trainable, name=name)


def function(func: Any = None, **_: Any) -> Any:
    """``tf.function``: a function that is compiled once it has run, with or without arguments of the decorator."""
    return CompiledFunction if func is None else CompiledFunction(func)


def device(device_name: str) -> Graph:
    """``with tf.device("/gpu:0")``: the CPU, whatever is asked for."""
    del device_name
    return Graph()


def name_scope(name: str, *_: Any) -> Graph:
    """``with tf.name_scope(...)``: nothing."""
    del name
    return Graph()


def get_default_graph() -> Graph:
    """A graph that holds nothing."""
    return Graph()


def reset_default_graph() -> None:
    """Forget names that layers were given."""
    import_keras().utils.clear_session()


def global_variables_initializer() -> Nothing:
    """Weights have their first values."""
    return Nothing()


initialize_all_variables = local_variables_initializer = global_variables_initializer


def enable_eager_execution(*_: Any, **__: Any) -> None:
    """Do nothing: functions are executed at once."""


disable_eager_execution = disable_v2_behavior = enable_v2_behavior = enable_eager_execution


def executing_eagerly() -> Any:
    """Whether functions are executed at once: they are."""
    return True


def to_float(x: Any, name: str | None = None) -> Any:
    """``tf.to_float`` of TensorFlow 1."""
    return cast(x, "float32", name)


def to_int32(x: Any, name: str | None = None) -> Any:
    """``tf.to_int32`` of TensorFlow 1."""
    return cast(x, "int32", name)


def round(x: Any, name: str | None = None) -> Any:  # noqa: A001
    """``tf.round``: halves to the even neighbour."""
    del name
    return import_keras().ops.round(x)
