"""Callbacks: checkpoints every few epochs, monitors of anything, and TensorBoard without TensorFlow."""

import contextlib
import functools
import os
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_checkpoint", "adapt_monitors", "adapt_schedules", "adapt_tensorboard"]


def adapt_checkpoint(patches: Patches) -> None:
    """``ModelCheckpoint`` knows ``period``, a number of epochs, and keeps the name that the program means."""
    from keras.callbacks import ModelCheckpoint

    original_init, original_end = ModelCheckpoint.__init__, ModelCheckpoint.on_epoch_end

    @functools.wraps(original_init)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        period = kwargs.get("period", args[6] if len(args) > 6 else 1)  # noqa: PLR2004 (the seventh, in Keras 2)
        call = modern_arguments("keras.callbacks.ModelCheckpoint", args, kwargs)
        original_init(self, *call.positional, **call.keywords)
        self._period = period if isinstance(period, int) else 1
        self.filepath = os.fspath(kwargs["filepath"] if "filepath" in kwargs else args[0])

    @functools.wraps(original_end)
    def on_epoch_end(self: Any, epoch: int, logs: Any = None) -> None:
        if (epoch + 1) % getattr(self, "_period", 1) == 0:
            original_end(self, epoch, logs)

    patches.put(ModelCheckpoint, "__init__", __init__)
    patches.put(ModelCheckpoint, "on_epoch_end", on_epoch_end)


def adapt_monitors(patches: Patches) -> None:
    """A callback finds out by itself whether more is better, whatever it monitors.

    As in Keras 1 and 2: more of everything that is called an accuracy, less of everything else. Keras 3 asks the
    metric, and refuses one that does not say.
    """
    import keras
    from keras.src.callbacks.monitor_callback import MonitorCallback

    original = MonitorCallback._set_monitor_op  # noqa: SLF001 (the one place where it is decided)

    @functools.wraps(original)
    def set_monitor_op(self: Any) -> None:
        if self.mode == "auto":
            try:
                original(self)
            except ValueError:
                more = "acc" in self.monitor or self.monitor.startswith("fmeasure")
                self.monitor_op = keras.ops.greater if more else keras.ops.less
                self.min_delta *= 1 if more else -1
        else:
            original(self)

    patches.put(MonitorCallback, "_set_monitor_op", set_monitor_op)


def adapt_schedules(patches: Patches) -> None:
    """A schedule may give a tensor or a whole number: Keras 3 takes floats."""
    from keras.callbacks import LearningRateScheduler

    original = LearningRateScheduler.__init__

    @functools.wraps(original)
    def __init__(self: Any, schedule: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        @functools.wraps(schedule)
        def in_float(*numbers: Any) -> Any:
            rate = schedule(*numbers)
            return float(rate) if getattr(rate, "ndim", 1) == 0 or isinstance(rate, int) else rate

        original(self, in_float, *args, **kwargs)

    patches.put(LearningRateScheduler, "__init__", __init__)


def adapt_tensorboard(patches: Patches) -> None:
    """Without TensorFlow, which writes its files, ``TensorBoard`` lets the training go on and writes nothing."""
    from keras.callbacks import TensorBoard

    original = TensorBoard.__init__

    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        call = modern_arguments("keras.callbacks.TensorBoard", args, kwargs)
        original(self, *call.positional, **call.keywords)
        if not _has_tensorflow():
            current_journal().refused(
                "TensorBoard(…)", "keras.callbacks.CSVLogger('log.csv'); TensorBoard's files need TensorFlow"
            )

    patches.put(TensorBoard, "__init__", __init__)
    if not _has_tensorflow():
        for name in [name for name in vars(TensorBoard) if name.startswith("on_") or name == "set_model"]:
            patches.remove(TensorBoard, name)


@functools.cache
def _has_tensorflow() -> bool:
    """Whether TensorFlow itself is installed: an import may find what stands in for it while a program runs."""
    for name in ("tensorflow", "tensorflow-cpu", "tf-nightly"):
        with contextlib.suppress(PackageNotFoundError):
            return bool(distribution(name))
    return False
