"""``tf.distribute``: strategies for several devices, of which there is one."""

import contextlib
from collections.abc import Callable
from typing import Any

__all__ = [
    "MirroredStrategy",
    "MultiWorkerMirroredStrategy",
    "OneDeviceStrategy",
    "Strategy",
    "get_strategy",
]

MODERN = dict.fromkeys(__all__, "")


class Strategy:
    """Everything happens on the one device.

    Args:
        devices: Ignored.
    """

    num_replicas_in_sync = 1

    def __init__(self, *devices: Any, **_: Any) -> None:
        del devices

    def scope(self) -> contextlib.AbstractContextManager[None]:
        """Give what a ``with`` statement takes."""
        return contextlib.nullcontext()

    def run(self, fn: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
        """Call a function once."""
        return fn(*args, **(kwargs or {}))

    experimental_run_v2 = run

    def reduce(self, reduce_op: Any, value: Any, axis: Any = None) -> Any:
        """Give the value of the one device."""
        del reduce_op, axis
        return value

    def experimental_distribute_dataset(self, dataset: Any, *_: Any) -> Any:
        """Give the dataset."""
        return dataset


MirroredStrategy = MultiWorkerMirroredStrategy = OneDeviceStrategy = Strategy


def get_strategy() -> Strategy:
    """The strategy in use."""
    return Strategy()
