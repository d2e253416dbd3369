"""Names that Keras gives to layers itself: Keras 1 and 2 counted them from 1, today the first of a kind has no number.

Keras 1 wrote the class without underscores, and called classes differently. ``tf.keras`` counted as Keras does today,
but for inputs. Sources: ``keras/engine/topology.py`` of Keras 1.2, ``keras/backend/common.py`` of Keras 2.3.
"""

import re

__all__ = ["automatic_name"]

_KINDS = (
    "activation", "activity_regularization", "add", "average", "average_pooling1d", "average_pooling2d",
    "batch_normalization", "bidirectional", "concatenate", "conv1d", "conv2d", "conv2d_transpose", "conv3d",
    "conv_lstm2d", "cropping2d", "dense", "dot", "dropout", "elu", "embedding", "flatten", "gaussian_dropout",
    "gaussian_noise", "global_average_pooling1d", "global_average_pooling2d", "global_max_pooling1d",
    "global_max_pooling2d", "gru", "lambda", "leaky_re_lu", "lstm", "masking", "max_pooling1d", "max_pooling2d",
    "maximum", "multiply", "p_re_lu", "permute", "re_lu", "repeat_vector", "reshape", "separable_conv2d",
    "sequential", "simple_rnn", "softmax", "spatial_dropout1d", "spatial_dropout2d", "subtract",
    "time_distributed", "up_sampling1d", "up_sampling2d", "zero_padding2d",
)  # fmt: skip
_RENAMED = {
    "convolution1d": "conv1d",
    "convolution2d": "conv2d",
    "convolution3d": "conv3d",
    "deconvolution2d": "conv2d_transpose",
    "input": "input_layer",
    "model": "functional",
    "separableconvolution2d": "separable_conv2d",
}
_TODAY = {kind.replace("_", ""): kind for kind in _KINDS} | _RENAMED
_NAME = re.compile(r"([a-z][a-z0-9_]*?)_([1-9]\d*)")


def automatic_name(old: str, *, tensorflow: bool) -> str | None:
    """What Keras calls a layer today that it called ``old`` by itself.

    Examples:
        >>> automatic_name("dense_1", tensorflow=False), automatic_name("maxpooling2d_3", tensorflow=False)
        ('dense', 'max_pooling2d_2')
        >>> automatic_name("dense_1", tensorflow=True), automatic_name("input_1", tensorflow=True)
        ('dense_1', 'input_layer')

    Args:
        old: A name.
        tensorflow: Whether it is one of ``tf.keras``.

    Returns:
        Today's name; ``None`` if Keras did not give such a name.
    """
    found = _NAME.fullmatch(old)
    kind = _TODAY.get(found[1].replace("_", "")) if found is not None else None
    if found is None or kind is None:
        return None
    from_one = not tensorflow or found[1] == "input"
    number = int(found[2]) - from_one
    return f"{kind}_{number}" if number else kind
