"""Callbacks: keys of the history, and arguments that are gone.

Sources: the Keras 1.2, 2.3 and TensorFlow 2.0 documentation of callbacks.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone
from scribal.legacy.changes.spellings import MONITORS

__all__ = ["CALLBACKS", "modern_file_name", "modern_keys"]

_MONITOR = {"monitor": MONITORS}


def modern_keys(name: str) -> str:
    """A file name with today's names of metrics in its braces.

    Examples:
        >>> modern_keys("{epoch:02d}-{val_acc:.2f}.hdf5")
        '{epoch:02d}-{val_accuracy:.2f}.hdf5'
    """
    for old, new in MONITORS.items():
        name = re.sub(rf"\{{{old}(?=[:!}}])", "{" + new, name)
    return name


def modern_file_name(name: str, *, weights: bool) -> str:
    """A name that Keras 3 takes for what is saved.

    Args:
        name: As the old program has it; ``{epoch}`` and metrics in braces are kept.
        weights: Whether weights alone are saved.

    Examples:
        >>> modern_file_name("best-{val_acc:.2f}.hdf5", weights=False)
        'best-{val_accuracy:.2f}.h5'
        >>> modern_file_name("mnist_weights.h5", weights=True)
        'mnist_weights.weights.h5'
        >>> modern_file_name("lenet.weights.h5", weights=True)
        'lenet.weights.h5'
    """
    name = modern_keys(name)
    if weights:
        if name.endswith(".weights.h5"):
            return name
        return name.removesuffix(".h5").removesuffix(".hdf5").removesuffix(".keras") + ".weights.h5"
    if name.endswith((".keras", ".h5")):
        return name
    return name.removesuffix(".hdf5") + (".h5" if name.endswith(".hdf5") else ".keras")


def _file_name(arguments: Arguments[Any]) -> None:
    name = arguments.literal("filepath")
    if isinstance(name, str):
        modern = modern_file_name(name, weights=arguments.literal("save_weights_only", default=False) is True)
        if modern != name:
            arguments.replace(["filepath"], "filepath", arguments.values.constant(modern))


def _save_freq(arguments: Arguments[Any]) -> None:
    """``period=1`` is each epoch; Keras 3 can count batches, not epochs."""
    if "period" in arguments:
        arguments.drop("period", "" if arguments.literal("period") == 1 else "save_freq='epoch'")


CALLBACKS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.callbacks.EarlyStopping": Form(
            modern="keras.callbacks.EarlyStopping",
            order=("monitor", "min_delta", "patience", "verbose", "mode"),
            spelled=_MONITOR,
        ),
        "keras.callbacks.ModelCheckpoint": Form(
            modern="keras.callbacks.ModelCheckpoint",
            order=("filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode"),
            old_order=("filepath", "monitor", "verbose", "save_best_only", "save_weights_only", "mode", "period"),
            steps=(_file_name, _save_freq),
            spelled=_MONITOR,
            gone={"load_weights_on_restart": Gone(), "options": Gone()},
        ),
        "keras.callbacks.ReduceLROnPlateau": Form(
            modern="keras.callbacks.ReduceLROnPlateau",
            order=("monitor", "factor", "patience", "verbose", "mode", "min_delta", "cooldown", "min_lr"),
            renamed={"epsilon": "min_delta"},
            spelled=_MONITOR,
        ),
        "keras.callbacks.TensorBoard": Form(
            modern="keras.callbacks.TensorBoard",
            order=("log_dir", "histogram_freq"),
            old_order=("log_dir", "histogram_freq", "batch_size", "write_graph", "write_grads", "write_images"),
            gone={
                "batch_size": Gone(),
                "embeddings_data": Gone(),
                "embeddings_layer_names": Gone(),
                "write_grads": Gone(),
            },
        ),
    }
)
"""By their qualified names."""
