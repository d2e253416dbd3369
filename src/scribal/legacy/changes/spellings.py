"""Values that old code gives as words, and the words of Keras 3. Words that Keras 3 still takes are not here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["CONSTRAINTS", "DATA_FORMATS", "LOSSES", "METRICS", "MONITORS", "PADDINGS", "REGULARIZERS", "WHOLE_LOSSES"]

CONSTRAINTS: Final[Mapping[str, str]] = MappingProxyType(
    {"maxnorm": "max_norm", "nonneg": "non_neg", "unitnorm": "unit_norm"}
)
"""Constraints of weights."""

REGULARIZERS: Final[Mapping[str, str]] = MappingProxyType({"l1l2": "l1_l2"})
"""Regularizers of weights."""

DATA_FORMATS: Final[Mapping[str, str | None]] = MappingProxyType(
    {"th": "channels_first", "tf": "channels_last", "default": None}
)
"""Where an image's channels are (Keras 1: ``dim_ordering``)."""

PADDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {word: word.lower() for padding in ("causal", "same", "valid") for word in (padding.upper(), padding.title())}
)
"""What is around an image or sequence: Keras 2 did not mind capitals."""

LOSSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cosine": "cosine_similarity",
        "cosine_proximity": "cosine_similarity",
        "kullback_leibler_divergence": "kl_divergence",
        "logcosh": "log_cosh",
    }
)
"""Losses."""

WHOLE_LOSSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bce": "binary_crossentropy",
        "kld": "kl_divergence",
        "mae": "mean_absolute_error",
        "mape": "mean_absolute_percentage_error",
        "mse": "mean_squared_error",
        "msle": "mean_squared_logarithmic_error",
    }
)
"""Losses that Keras 3 takes by a short word too, but does not find by it in a model that comes back from HDF5."""

METRICS: Final[Mapping[str, str]] = MappingProxyType({**LOSSES, "acc": "accuracy"})
"""Metrics; losses may stand among them."""

MONITORS: Final[Mapping[str, str]] = MappingProxyType({"acc": "accuracy", "val_acc": "val_accuracy"})
"""Keys of a history, as callbacks and plots use them."""
