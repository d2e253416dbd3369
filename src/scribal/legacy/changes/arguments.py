"""Arguments that layers share: their names in Keras 1 and today.

Source: the Keras 1.2 and 2.0 documentation of layers, and ``keras/legacy/interfaces.py`` of Keras 2.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.form import Gone
from scribal.legacy.changes.spellings import CONSTRAINTS, DATA_FORMATS, PADDINGS, REGULARIZERS

__all__ = ["ANY_LAYER", "IGNORED", "SPELLED", "WINDOW"]

ANY_LAYER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "W_constraint": "kernel_constraint",
        "W_regularizer": "kernel_regularizer",
        "b_constraint": "bias_constraint",
        "b_regularizer": "bias_regularizer",
        "bias": "use_bias",
        "init": "kernel_initializer",
    }
)
"""Layers with a kernel and a bias."""

WINDOW: Final[Mapping[str, str]] = MappingProxyType(
    {"border_mode": "padding", "dim_ordering": "data_format", "subsample": "strides"}
)
"""Layers that move a window over images."""

SPELLED: Final[Mapping[str, Mapping[Any, Any]]] = MappingProxyType(
    {
        **dict.fromkeys(("bias_constraint", "kernel_constraint", "recurrent_constraint"), CONSTRAINTS),
        **dict.fromkeys(("bias_regularizer", "kernel_regularizer", "recurrent_regularizer"), REGULARIZERS),
        "data_format": DATA_FORMATS,
        "padding": PADDINGS,
    }
)
"""Words in these arguments, whichever layer has them."""

IGNORED: Final[Mapping[str, Gone]] = MappingProxyType(
    {
        "dynamic": Gone(),
        "batch_size": Gone("keras.Input(batch_size=…)"),
        "input_dtype": Gone("keras.Input(dtype=…)"),
        "input_length": Gone("keras.Input(shape=…)"),
    }
)
"""What a layer may still carry after its input was described."""
