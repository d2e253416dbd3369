"""Functions of TensorFlow whose modern form has other arguments, and the arguments that only have another name.

Sources: the documentation of TensorFlow 2.0 (``tf``, ``tf.image``, ``tf.math``, ``tf.nn``) and of ``keras.ops``.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["ARGUMENTS", "FUNCTIONS"]

_CONFUSION_MATRIX = (
    "labels, predictions, num_classes=None",
    "<sklearn.metrics.confusion_matrix>({labels}, {predictions}, labels=range({num_classes}))",
)
_NORMAL = (
    "shape, mean=0.0, stddev=1.0, dtype=None",
    "<keras.random.normal>({shape}, mean={mean}, stddev={stddev}, dtype={dtype})",
)
_UNIFORM = (
    "shape, minval=0, maxval=1, dtype=None",
    "<keras.random.uniform>({shape}, minval={minval}, maxval={maxval}, dtype={dtype})",
)
_ARGMAX = ("input, axis=0", "<keras.ops.argmax>({input}, axis={axis})")
_NO_DEVICES = ("device_type=None", "[]")
# TensorFlow resizes to floating-point numbers, whatever it is given.
_RESIZED = '<keras.ops.image.resize>(<keras.ops.cast>({images}, "float32"), {size})'
_PADDED = (
    '<keras.ops.image.resize>(<keras.ops.cast>({image}, "float32"), ({target_height}, {target_width}), '
    "pad_to_aspect_ratio=True)"
)

FUNCTIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "TensorShape": ("dims", "tuple({dims})"),
        "Variable": (
            "initial_value, trainable=True, name=None, dtype=None",
            "<keras.Variable>({initial_value}, trainable={trainable}, name={name}, dtype={dtype})",
        ),
        "add_n": ("inputs", "sum({inputs})"),
        "argmax": _ARGMAX,
        "argmin": ("input, axis=0", "<keras.ops.argmin>({input}, axis={axis})"),
        "clip_by_value": (
            "t, clip_value_min, clip_value_max",
            "<keras.ops.clip>({t}, {clip_value_min}, {clip_value_max})",
        ),
        "config.experimental.list_physical_devices": _NO_DEVICES,
        "config.list_physical_devices": _NO_DEVICES,
        "confusion_matrix": _CONFUSION_MATRIX,
        "constant": ("value, dtype=None", "<keras.ops.convert_to_tensor>({value}, dtype={dtype})"),
        "expand_dims": ("input, axis", "<keras.ops.expand_dims>({input}, axis={axis})"),
        "gather": ("params, indices, axis=0", "<keras.ops.take>({params}, {indices}, axis={axis})"),
        "image.flip_left_right": ("image", "<keras.ops.flip>({image}, axis=-2)"),
        "image.flip_up_down": ("image", "<keras.ops.flip>({image}, axis=-3)"),
        "image.grayscale_to_rgb": ("images", "<keras.ops.repeat>({images}, 3, axis=-1)"),
        "image.resize": ("images, size", _RESIZED),
        "image.resize_images": ("images, size", _RESIZED),
        "image.resize_with_pad": ("image, target_height, target_width", _PADDED),
        "image.rgb_to_grayscale": ("images", "<keras.ops.image.rgb_to_grayscale>({images})"),
        "log": ("x", "<keras.ops.log>({x})"),
        "math.argmax": _ARGMAX,
        "math.confusion_matrix": _CONFUSION_MATRIX,
        "nn.bias_add": ("value, bias", "<keras.ops.add>({value}, {bias})"),
        "pow": ("x, y", "<keras.ops.power>({x}, {y})"),
        "random.normal": _NORMAL,
        "random.uniform": _UNIFORM,
        "random_normal": _NORMAL,
        "random_uniform": _UNIFORM,
        "size": ("input", "<keras.ops.size>({input})"),
        "test.gpu_device_name": ("", "''"),
        "test.is_gpu_available": ("", "False"),
        "train.latest_checkpoint": (
            "checkpoint_dir",
            "str(max(<pathlib.Path>({checkpoint_dir}).iterdir(), key=lambda path: path.stat().st_mtime))",
        ),
    }
)
"""Parameters with their defaults, and the modern expression for a call, by the name below ``tensorflow``."""

_ONE = dict.fromkeys(("a", "indices", "input", "input_tensor", "tensor", "value", "values"), "x")
_TWO = {"a": "x1", "b": "x2", "x": "x1", "y": "x2"}
_AXIS = {"keep_dims": "keepdims", "reduction_indices": "axis"}

ARGUMENTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        **{name: {**_ONE, **_AXIS} for name in ("max", "mean", "min", "prod", "std", "sum", "var", "all", "any")},
        **dict.fromkeys(
            ("cast", "ones_like", "pad", "repeat", "shape", "sort", "squeeze", "stack", "zeros_like"), _ONE
        ),
        **{
            name: {**_TWO}
            for name in ("add", "divide", "equal", "matmul", "maximum", "minimum", "multiply", "subtract")
        },
        "concatenate": {"values": "xs"},
        "one_hot": {"indices": "x", "depth": "num_classes"},
        "pad": {"tensor": "x", "paddings": "pad_width"},
        "reshape": {"tensor": "x", "shape": "newshape"},
        "tile": {"input": "x", "multiples": "repeats"},
        "transpose": {"a": "x", "perm": "axes"},
    }
)
"""The names of arguments of TensorFlow's, by the function of ``keras.ops`` that is the same otherwise."""
