"""Layers: what their arguments were called in Keras 1 and 2, and their order.

Keys are the old names in today's modules: ``keras.layers.Convolution2D`` and ``keras.layers.Conv2D`` are rows of their
own, since ``(32, 3, 3)`` means a 3x3 kernel to the first and a stride of 3 to the second.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.arguments import ANY_LAYER, IGNORED, SPELLED, WINDOW
from scribal.legacy.changes.call import Arguments, NoModernFormError
from scribal.legacy.changes.form import Form, Gone, Order, Step
from scribal.legacy.changes.inputs import (
    input_from_dimension,
    input_from_length,
    input_from_shape,
    plain_name,
    recurrent_input,
    weights_as_initializers,
)

__all__ = ["ANY", "LAYERS"]

_KERNEL = weights_as_initializers("kernel_initializer", "bias_initializer")
_NORMALIZATION = weights_as_initializers(
    "gamma_initializer", "beta_initializer", "moving_mean_initializer", "moving_variance_initializer"
)
_RECURRENT = weights_as_initializers("kernel_initializer", "recurrent_initializer", "bias_initializer")
_CONVOLUTION_2D = ("filters", "kernel_size", "strides", "padding")
_KERAS_1_REST = ("init", "activation", "weights", "border_mode", "subsample", "dim_ordering")


def _layer(
    modern: str,
    order: tuple[str, ...] = (),
    *,
    old_order: tuple[str, ...] | Order | None = None,
    steps: tuple[Step, ...] = (),
    dimension: Step = input_from_dimension,
    renamed: Mapping[str, str] = MappingProxyType({}),
    gone: Mapping[str, Gone] = MappingProxyType({}),
) -> Form:
    return Form(
        modern=f"keras.layers.{modern}",
        order=order,
        old_order=old_order,
        steps=(*steps, _whole, input_from_shape, dimension, plain_name),
        renamed={**ANY_LAYER, **renamed},
        spelled=SPELLED,
        gone={**IGNORED, **gone},
    )


def _whole(arguments: Arguments[Any]) -> None:
    """``Dense(784 / 2)``: Keras 1 and 2 cut the number of outputs off to a whole one."""
    for name in ("units", "output_dim", "filters", "nb_filter"):
        value = arguments.literal(name)
        if isinstance(value, float):
            arguments.replace([name], name, arguments.values.constant(int(value)))


def _own_dimension(_: Arguments[Any]) -> None:
    """The layer's ``input_dim`` is its own."""


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _dense_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Keras 0.1: ``Dense(784, 10)``; Keras 1: ``Dense(10, "uniform", "relu")``; since then ``Dense(10, "relu")``."""
    if len(positional) > 1 and _is_whole(positional[1]):
        return ("input_dim", "units", "init", "activation")
    keras_1 = len(positional) > 2 and (positional[2] is None or isinstance(positional[2], str))  # noqa: PLR2004 (the third)
    if keras_1 or (len(positional) > 1 and positional[1] in _KERAS_1_INITIALIZERS):
        return ("units", "init", "activation", "weights")
    return ("units", "activation", "use_bias", "kernel_initializer", "bias_initializer")


_KERAS_1_INITIALIZERS = (
    "uniform", "lecun_uniform", "normal", "identity", "orthogonal", "zero", "one",
    "glorot_normal", "glorot_uniform", "he_normal", "he_uniform",
)  # fmt: skip


def _convolution_order(positional: list[object], keywords: set[str]) -> tuple[str, ...]:
    """Keras 0.1: four numbers; Keras 1: rows and columns apart; Keras 2 had the name too, with its own order."""
    if len(positional) > 3 and all(_is_whole(value) for value in positional[:4]):  # noqa: PLR2004 (four numbers)
        return ("nb_filter", "stack_size", "nb_row", "nb_col", *_KERAS_1_REST)
    pair = len(positional) > 1 and isinstance(positional[1], (list, tuple))
    if not pair and (len(positional) > 2 or keywords & {"nb_row", "nb_col"}):  # noqa: PLR2004 (filters, rows, columns)
        return ("nb_filter", "nb_row", "nb_col", *_KERAS_1_REST)
    return _CONVOLUTION_2D


def _conv2d_order(positional: list[object], keywords: set[str]) -> tuple[str, ...]:
    """``Conv2D`` is of Keras 2, unless other arguments are of Keras 1."""
    keras_1 = {"nb_row", "nb_col", "border_mode", "subsample", "dim_ordering", "init", "W_regularizer", "bias"}
    return _convolution_order(positional, keywords) if keywords & keras_1 else _CONVOLUTION_2D


def _joined(modern: str, *old: str) -> Step:
    """Numbers for each direction become one tuple."""

    def step(arguments: Arguments[Any]) -> None:
        there = [name for name in old if name in arguments]
        if there:
            parts = [arguments.get(name) for name in there]
            # A missing direction is as long as the one that was given: windows of old examples are square.
            parts += parts[-1:] * (len(old) - len(parts))
            arguments.replace(there, modern, arguments.values.sequence(parts))

    return step


def _dropped(name: str) -> Step:
    def step(arguments: Arguments[Any]) -> None:
        if name in arguments:
            arguments.drop(name)

    return step


def _default(name: str, value: object) -> Step:
    """What Keras 1 and 2 took where Keras 3 has to be told."""

    def step(arguments: Arguments[Any]) -> None:
        if not any(old in arguments for old in (name, "pool_length", "poolsize")):
            arguments.put(name, arguments.values.constant(value))
            arguments.note("", f"{name}={value}")

    return step


def _separable_init(arguments: Arguments[Any]) -> None:
    if "init" in arguments:
        init = arguments.get("init")
        arguments.replace(["init"], "depthwise_initializer", init)
        arguments.put("pointwise_initializer", init)


def _normalization_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Keras 0.1 begins with a shape, Keras 1 with ``epsilon``, a small fraction; Keras 2 with ``axis``."""
    if positional and isinstance(positional[0], tuple):
        return ("input_shape", "epsilon", "mode")
    keras_1 = bool(positional) and isinstance(positional[0], float)
    return ("epsilon", "mode", "axis", "momentum") if keras_1 else ("axis", "momentum", "epsilon")


def _embedding_dropout(arguments: Arguments[Any]) -> None:
    """``dropout=`` of Keras 1 dropped whole words, where ``Dropout`` alone drops single numbers of their vectors."""
    if arguments.literal("dropout") in {0, None}:
        _dropped("dropout")(arguments)
        return
    given = arguments.get("dropout")
    words = {"noise_shape": arguments.values.constant((None, None, 1))}
    arguments.drop("dropout", f"Dropout({arguments.text(given)}, noise_shape=(None, None, 1)) behind the layer")
    arguments.behind.append(arguments.values.call("keras.layers.Dropout", [given], words))


def _weight_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Keras 2 and ``tf.keras`` begin with the name, Keras 1 and 3 with the shape."""
    if positional and isinstance(positional[0], str):
        return ("name", "shape", "dtype", "initializer")
    return ("shape", "initializer")


_CONVOLUTION_RENAMED = {**WINDOW, "nb_filter": "filters", "atrous_rate": "dilation_rate"}
_POOLING = ("pool_size", "strides", "padding", "data_format")
_POOLING_RENAMED = {
    "border_mode": "padding",
    "dim_ordering": "data_format",
    "poolsize": "pool_size",
    "stride": "strides",
}
_POOLING_1D_RENAMED = {"border_mode": "padding", "pool_length": "pool_size", "stride": "strides"}
_IMAGES = {"dim_ordering": "data_format"}
_RATE = {"p": "rate", "dim_ordering": "data_format"}
_RECURRENT_RENAMED = {
    "U_constraint": "recurrent_constraint",
    "U_regularizer": "recurrent_regularizer",
    "dropout_U": "recurrent_dropout",
    "dropout_W": "dropout",
    "inner_activation": "recurrent_activation",
    "inner_init": "recurrent_initializer",
    "output_dim": "units",
}
_RECURRENT_GONE = {
    "consume_less": Gone(),
    "forget_bias_init": Gone("unit_forget_bias=True", ("one", "ones")),
    "implementation": Gone(),
    "time_major": Gone("keras.ops.swapaxes before the layer", (False,)),
    "truncate_gradient": Gone("a shorter sequence", (-1,)),
}


def _keras_1_recurrent(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Keras 0.1: ``LSTM(128, 64)``; Keras 1: the initializer is second; since then the activation."""
    if len(positional) > 1 and _is_whole(positional[1]):
        return ("input_dim", "output_dim", "init", "inner_init")
    if len(positional) > 1 and positional[1] in _KERAS_1_INITIALIZERS:
        return ("output_dim", "init", "inner_init")
    return ("units", "activation", "recurrent_activation")


def _recurrent(modern: str) -> Form:
    return _layer(
        modern,
        ("units", "activation") if modern == "SimpleRNN" else ("units", "activation", "recurrent_activation"),
        old_order=_keras_1_recurrent,
        steps=(_RECURRENT,),
        dimension=recurrent_input,
        renamed=_RECURRENT_RENAMED,
        gone=_RECURRENT_GONE,
    )


def _convolution_1d(modern: str = "Conv1D") -> Form:
    return _layer(
        modern,
        ("filters", "kernel_size", "strides", "padding"),
        old_order=_order_1d,
        steps=(_KERNEL,),
        dimension=recurrent_input,
        renamed={
            "atrous_rate": "dilation_rate",
            "border_mode": "padding",
            "filter_length": "kernel_size",
            "nb_filter": "filters",
            "subsample_length": "strides",
        },
    )


def _order_1d(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Third, Keras 1 takes an initializer, Keras 2 the strides."""
    if len(positional) > 2 and isinstance(positional[2], str):  # noqa: PLR2004 (the third)
        return ("nb_filter", "filter_length", "init", "activation", "weights", "border_mode", "subsample_length")
    return ("filters", "kernel_size", "strides", "padding")


def _convolution_2d(order: Order, modern: str = "Conv2D", *steps: Step) -> Form:
    return _layer(
        modern,
        _CONVOLUTION_2D,
        old_order=order,
        steps=(
            *(steps or (_KERNEL,)),
            _full_padding,
            _dropped("stack_size"),
            _joined("kernel_size", "nb_row", "nb_col"),
        ),
        renamed=_CONVOLUTION_RENAMED,
    )


def _convolution_lstm(order: Order) -> Form:
    return _layer(
        "ConvLSTM2D",
        _CONVOLUTION_2D,
        old_order=order,
        steps=(_RECURRENT, _joined("kernel_size", "nb_row", "nb_col")),
        renamed={**_CONVOLUTION_RENAMED, **_RECURRENT_RENAMED},
        gone=_RECURRENT_GONE,
    )


def _convolution_3d_order(positional: list[object], keywords: set[str]) -> tuple[str, ...]:
    if len(positional) > 3 or "kernel_dim1" in keywords:  # noqa: PLR2004 (filters and three directions)
        return ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3", *_KERAS_1_REST)
    return _CONVOLUTION_2D


def _transposed_order(positional: list[object], keywords: set[str]) -> tuple[str, ...]:
    order = _convolution_order(positional, keywords)
    return order if order == _CONVOLUTION_2D else ("nb_filter", "nb_row", "nb_col", "output_shape", *_KERAS_1_REST)


def _full_padding(arguments: Arguments[Any]) -> None:
    """Theano's ``"full"``: zeros around the image, wherever a kernel touches it with one corner."""
    name = next((name for name in ("border_mode", "padding") if arguments.literal(name) == "full"), None)
    if name is None:
        return
    sizes = _kernel_sizes(arguments)
    if sizes is None:
        raise NoModernFormError(
            "padding must be 'valid' or 'same'",
            received=arguments.shown(name),
            advice="Put keras.layers.ZeroPadding2D(kernel_size - 1) in front of the layer, with padding='valid'",
        )
    around = arguments.values.constant(tuple(each - 1 for each in sizes))
    channels = next((each for each in ("dim_ordering", "data_format") if each in arguments), None)
    given = {} if channels is None else {channels: arguments.get(channels)}
    arguments.drop(name, f"ZeroPadding2D({arguments.text(around)}) before the layer")
    arguments.before.append(arguments.values.call("keras.layers.ZeroPadding2D", [around], given))


def _kernel_sizes(arguments: Arguments[Any]) -> tuple[int, int] | None:
    """Rows and columns of a kernel, under any of their names; ``None`` where they are known only later."""
    values = arguments.values
    parts = [arguments.get(name) for name in ("nb_row", "nb_col") if name in arguments]
    if not parts and "kernel_size" in arguments:
        size = arguments.get("kernel_size")
        parts = values.parts(size) or [size]
    sizes = [size for size in map(values.literal, parts) if isinstance(size, int) and not isinstance(size, bool)]
    return None if not sizes or len(sizes) < len(parts) else (sizes[0], sizes[-1])


_CONVOLUTION_3D = _layer(
    "Conv3D",
    _CONVOLUTION_2D,
    old_order=_convolution_3d_order,
    steps=(_KERNEL, _joined("kernel_size", "kernel_dim1", "kernel_dim2", "kernel_dim3")),
    renamed=_CONVOLUTION_RENAMED,
)
_TRANSPOSED = _convolution_2d(_transposed_order, "Conv2DTranspose", _KERNEL, _dropped("output_shape"))
_SEPARABLE_RENAMED = {"depthwise_init": "depthwise_initializer", "pointwise_init": "pointwise_initializer"}

ANY: Final = _layer("")
"""What holds for a layer that has no row of its own."""

LAYERS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "Activation": _layer("Activation", ("activation",)),
        "AtrousConvolution1D": _convolution_1d(),
        "AtrousConvolution2D": _convolution_2d(_convolution_order),
        "AveragePooling1D": _layer(
            "AveragePooling1D", _POOLING, steps=(_default("pool_size", 2),), renamed=_POOLING_1D_RENAMED
        ),
        "AveragePooling2D": _layer(
            "AveragePooling2D", _POOLING, steps=(_default("pool_size", 2),), renamed=_POOLING_RENAMED
        ),
        "AveragePooling3D": _layer(
            "AveragePooling3D", _POOLING, steps=(_default("pool_size", 2),), renamed=_POOLING_RENAMED
        ),
        "BatchNormalization": _layer(
            "BatchNormalization",
            ("axis", "momentum", "epsilon"),
            old_order=_normalization_order,
            steps=(_NORMALIZATION,),
            renamed={"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
            gone={
                "adjustment": Gone("keras.layers.BatchNormalization without it", (None,)),
                "fused": Gone(),
                "mode": Gone("mode=0 is BatchNormalization today; mode=1 is keras.layers.LayerNormalization", (0, 2)),
                "virtual_batch_size": Gone("a smaller batch_size", (None,)),
            },
        ),
        "Bidirectional": _layer("Bidirectional", ("layer", "merge_mode")),
        "Conv1D": _convolution_1d(),
        "Conv2D": _convolution_2d(_conv2d_order),
        "Conv2DTranspose": _TRANSPOSED,
        "Conv3D": _CONVOLUTION_3D,
        "ConvLSTM2D": _convolution_lstm(_conv2d_order),
        "Convolution1D": _convolution_1d(),
        "Convolution2D": _convolution_2d(_convolution_order),
        "Convolution2DTranspose": _TRANSPOSED,
        "Convolution3D": _CONVOLUTION_3D,
        "Cropping2D": _layer("Cropping2D", ("cropping", "data_format"), renamed=_IMAGES),
        "Cropping3D": _layer("Cropping3D", ("cropping", "data_format"), renamed=_IMAGES),
        "CuDNNGRU": _recurrent("GRU"),
        "CuDNNLSTM": _recurrent("LSTM"),
        "Deconvolution2D": _TRANSPOSED,
        "Dense": _layer(
            "Dense",
            ("units", "activation", "use_bias"),
            old_order=_dense_order,
            steps=(_KERNEL,),
            renamed={"output_dim": "units"},
        ),
        "DepthwiseConv2D": _layer("DepthwiseConv2D", ("kernel_size", "strides", "padding")),
        "Dropout": _layer("Dropout", ("rate", "noise_shape", "seed"), renamed={"p": "rate"}),
        "ELU": _layer("ELU", ("alpha",)),
        "Embedding": _layer(
            "Embedding",
            ("input_dim", "output_dim"),
            old_order=("input_dim", "output_dim", "init"),
            steps=(input_from_length, _embedding_dropout),
            dimension=_own_dimension,
            renamed={
                "W_constraint": "embeddings_constraint",
                "W_regularizer": "embeddings_regularizer",
                "init": "embeddings_initializer",
            },
        ),
        "Flatten": _layer("Flatten", ("data_format",), renamed=_IMAGES),
        "GRU": _recurrent("GRU"),
        "GaussianDropout": _layer("GaussianDropout", ("rate",), renamed={"p": "rate"}),
        "GaussianNoise": _layer("GaussianNoise", ("stddev",), renamed={"sigma": "stddev"}),
        "GlobalAveragePooling2D": _layer("GlobalAveragePooling2D", ("data_format",), renamed=_IMAGES),
        "GlobalMaxPooling2D": _layer("GlobalMaxPooling2D", ("data_format",), renamed=_IMAGES),
        "Highway": _layer("Highway", ("activation",), old_order=("init", "transform_bias", "activation")),
        "LSTM": _recurrent("LSTM"),
        "Layer.add_weight": Form(
            modern="keras.layers.Layer.add_weight",
            order=("shape", "initializer"),
            old_order=_weight_order,
            gone={
                "aggregation": Gone(),
                "partitioner": Gone(),
                "synchronization": Gone(),
                "use_resource": Gone(),
            },
        ),
        "LeakyReLU": _layer("LeakyReLU", ("negative_slope",), renamed={"alpha": "negative_slope"}),
        "LocallyConnected1D": _convolution_1d("LocallyConnected1D"),
        "LocallyConnected2D": _convolution_2d(_conv2d_order, "LocallyConnected2D"),
        "MaxPooling1D": _layer("MaxPooling1D", _POOLING, renamed=_POOLING_1D_RENAMED),
        "MaxPooling2D": _layer("MaxPooling2D", _POOLING, renamed=_POOLING_RENAMED),
        "MaxPooling3D": _layer("MaxPooling3D", _POOLING, renamed=_POOLING_RENAMED),
        "MaxoutDense": _layer(
            "MaxoutDense",
            ("units", "nb_feature"),
            old_order=("units", "nb_feature", "init"),
            renamed={"output_dim": "units"},
        ),
        "PReLU": _layer(
            "PReLU", steps=(weights_as_initializers("alpha_initializer"),), renamed={"init": "alpha_initializer"}
        ),
        "ParametricSoftplus": _layer("ParametricSoftplus", ("alpha_init", "beta_init")),
        "Permute": _layer("Permute", ("dims",)),
        "RepeatVector": _layer("RepeatVector", ("n",)),
        "Reshape": _layer("Reshape", ("target_shape",), renamed={"dims": "target_shape"}),
        "SeparableConv2D": _convolution_2d(_conv2d_order, "SeparableConv2D", _separable_init),
        "SeparableConvolution2D": _convolution_2d(_convolution_order, "SeparableConv2D", _separable_init),
        "SimpleRNN": _recurrent("SimpleRNN"),
        "SpatialDropout1D": _layer("SpatialDropout1D", ("rate",), renamed={"p": "rate"}),
        "SpatialDropout2D": _layer("SpatialDropout2D", ("rate", "data_format"), renamed=_RATE),
        "ThresholdedReLU": _layer("ReLU", old_order=("theta",), renamed={"theta": "threshold"}),
        "TimeDistributedDense": _layer(
            "Dense",
            ("units", "activation", "use_bias"),
            old_order=_dense_order,
            steps=(_KERNEL,),
            dimension=recurrent_input,
            renamed={"output_dim": "units"},
        ),
        "TimeDistributed": _layer("TimeDistributed", ("layer",)),
        "UpSampling1D": _layer("UpSampling1D", ("size",), renamed={"length": "size"}),
        "UpSampling2D": _layer("UpSampling2D", ("size", "data_format"), renamed=_IMAGES),
        "UpSampling3D": _layer("UpSampling3D", ("size", "data_format"), renamed=_IMAGES),
        "ZeroPadding2D": _layer("ZeroPadding2D", ("padding", "data_format"), renamed=_IMAGES),
        "ZeroPadding3D": _layer("ZeroPadding3D", ("padding", "data_format"), renamed=_IMAGES),
    }
)
"""By the old name in ``keras.layers``."""
