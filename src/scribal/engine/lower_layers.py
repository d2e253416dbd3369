"""The configuration of one Keras layer -> the operations it stands for.

Every function here reads the dictionary that ``layer.get_config()`` gives, which is also what a saved file holds. A
layer with an activation becomes two operations. Options without a form in the engine raise LoweringError.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast, get_args

from scribal.engine import operations as op
from scribal.engine.errors import LoweringError
from scribal.engine.regularizer import NO_PENALTY, Regularizer
from scribal.engine.window import Window

__all__ = ["lower_layer", "require"]

Config = Mapping[str, Any]


def lower_layer(class_name: str, config: Config) -> tuple[op.Operation, ...]:
    """Lower one layer.

    Args:
        class_name: Name of the Keras layer's class, such as ``"Conv2D"``.
        config: Its configuration.

    Returns:
        The operations to apply one after the other.

    Raises:
        LoweringError: The layer, or one of its options, has no form in the engine.
        ValueError: An option is out of range.
    """
    rule = _RULES.get(class_name)
    if rule is None:
        raise LoweringError(_says(config, "must be of a class the engine knows"), received=class_name)
    require(config, "dtype", "be float32", _type_name(config.get("dtype")) in (None, "float32"))
    require(config, "data_format", "be channels_last", config.get("data_format") in (None, "channels_last"))
    for name, value in config.items():
        if name.endswith("_constraint") or name in ("activity_regularizer", "quantization_config"):
            require(config, name, "not be used", value is None)
    return rule(config)


def require(config: Config, option: str, rule: str, holds: object) -> None:
    """Raise LoweringError, naming layer and option, unless what the engine needs holds."""
    if not holds:
        raise LoweringError(_says(config, f"must have an option {option} to {rule}"), received=config.get(option))


def _says(config: Config, rule: str) -> str:
    return f"Layer {config.get('name')!r} {rule} for the engine to run it"


def _type_name(dtype: object) -> object:
    """A dtype is a name, or a serialized policy that has one."""
    return dtype["config"].get("name") if isinstance(dtype, Mapping) else dtype


def _window(config: Config, size: str) -> Window:
    strides = config["strides"] if config.get("strides") is not None else config[size]
    return Window(
        _pair(config[size]),
        _pair(strides),
        _pair(config.get("dilation_rate", 1)),
        config.get("padding", "valid").lower(),
    )


def _pair(value: Any) -> tuple[int, int]:
    first, second = (value, value) if isinstance(value, int) else value
    return int(first), int(second)


def _regularizer(config: Config, option: str) -> Regularizer:
    value = config.get(option)
    if value is None:
        return NO_PENALTY
    require(config, option, "be L1, L2 or L1L2", value["class_name"] in ("L1", "L2", "L1L2"))
    factors = {name: float(value["config"][name] or 0) for name in ("l1", "l2") if name in value["config"]}
    return Regularizer(**factors)


def _activation_argument(config: Config) -> tuple[op.Operation, ...]:
    value = config.get("activation")
    if value in (None, "linear"):
        return ()
    name = value["class_name"] if isinstance(value, Mapping) else value
    name = "silu" if name == "swish" else str(name)
    require(config, "activation", "be one the engine knows", name in get_args(op.ActivationName))
    alpha = {"leaky_relu": 0.2, "elu": 1.0}.get(name, 0.0)
    return (op.Activation(cast("op.ActivationName", name), alpha),)


def _dense(config: Config) -> tuple[op.Operation, ...]:
    dense = op.Dense(
        config["units"],
        config.get("use_bias", True),
        _regularizer(config, "kernel_regularizer"),
        _regularizer(config, "bias_regularizer"),
    )
    return (dense, *_activation_argument(config))


def _convolution(config: Config) -> tuple[op.Operation, ...]:
    require(config, "groups", "be 1", config.get("groups", 1) == 1)
    convolution = op.Conv2D(
        config["filters"],
        _window(config, "kernel_size"),
        config.get("use_bias", True),
        _regularizer(config, "kernel_regularizer"),
        _regularizer(config, "bias_regularizer"),
    )
    return (convolution, *_activation_argument(config))


def _depthwise_convolution(config: Config) -> tuple[op.Operation, ...]:
    convolution = op.DepthwiseConv2D(
        _window(config, "kernel_size"),
        config.get("depth_multiplier", 1),
        config.get("use_bias", True),
        _regularizer(config, "depthwise_regularizer"),
        _regularizer(config, "bias_regularizer"),
    )
    return (convolution, *_activation_argument(config))


def _relu(config: Config) -> tuple[op.Operation, ...]:
    require(config, "max_value", "not be used", config.get("max_value") is None)
    require(config, "threshold", "be 0", not config.get("threshold"))
    slope = float(config.get("negative_slope") or 0)
    return (op.Activation("leaky_relu", slope) if slope else op.Activation("relu"),)


def _softmax(config: Config) -> tuple[op.Operation, ...]:
    require(config, "axis", "be -1", config.get("axis", -1) == -1)
    return (op.Activation("softmax"),)


def _batch_normalization(config: Config) -> tuple[op.Operation, ...]:
    axis = config.get("axis", -1)
    # Nothing here has more axes than images, whose last is the third behind the batch.
    require(config, "axis", "be the last", (axis[0] if isinstance(axis, list | tuple) else axis) in {-1, 3})
    require(config, "renorm", "be off", not config.get("renorm"))
    normalization = op.BatchNormalization(
        config["momentum"],
        config["epsilon"],
        config["center"],
        config["scale"],
        _regularizer(config, "gamma_regularizer"),
        _regularizer(config, "beta_regularizer"),
    )
    return (normalization,)


def _rescaling(config: Config) -> tuple[op.Operation, ...]:
    numbers = all(isinstance(config[name], int | float) for name in ("scale", "offset"))
    require(config, "scale", "be one number, like offset", numbers)
    return (op.Rescaling(float(config["scale"]), float(config["offset"])),)


def _zero_padding(config: Config) -> tuple[op.Operation, ...]:
    (top, bottom), (left, right) = config["padding"]
    return (op.ZeroPadding2D(((top, bottom), (left, right))),)


def _concatenate(config: Config) -> tuple[op.Operation, ...]:
    axis = config.get("axis", -1)
    require(config, "axis", "not be the batch", axis != 0)
    return (op.Concatenate(axis - 1 if axis > 0 else axis),)


_RULES: dict[str, Callable[[Config], tuple[op.Operation, ...]]] = {
    "Dense": _dense,
    "Conv2D": _convolution,
    "DepthwiseConv2D": _depthwise_convolution,
    "MaxPooling2D": lambda config: (op.MaxPool2D(_window(config, "pool_size")),),
    "AveragePooling2D": lambda config: (op.AveragePooling2D(_window(config, "pool_size")),),
    "GlobalMaxPooling2D": lambda config: (op.GlobalMaxPooling2D(config.get("keepdims", False)),),
    "GlobalAveragePooling2D": lambda config: (op.GlobalAveragePooling2D(config.get("keepdims", False)),),
    "ZeroPadding2D": _zero_padding,
    "Flatten": lambda _: (op.Flatten(),),
    "Reshape": lambda config: (op.Reshape(tuple(config["target_shape"])),),
    "Dropout": lambda config: (op.Dropout(config["rate"]),),
    "Activation": lambda config: _activation_argument(config) or (op.Activation("linear"),),
    "ReLU": _relu,
    "LeakyReLU": lambda config: (op.Activation("leaky_relu", float(config["negative_slope"])),),
    "ELU": lambda config: (op.Activation("elu", float(config["alpha"])),),
    "Softmax": _softmax,
    "BatchNormalization": _batch_normalization,
    "Rescaling": _rescaling,
    "Add": lambda _: (op.Add(),),
    "Concatenate": _concatenate,
}
