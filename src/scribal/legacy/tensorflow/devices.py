"""``tf.config``, ``tf.test`` and ``device_lib``: there is one device, the CPU."""

from dataclasses import dataclass
from typing import Any

__all__ = [
    "PhysicalDevice",
    "experimental_run_functions_eagerly",
    "get_visible_devices",
    "gpu_device_name",
    "is_built_with_cuda",
    "is_built_with_gpu_support",
    "is_gpu_available",
    "list_local_devices",
    "list_logical_devices",
    "list_physical_devices",
    "run_functions_eagerly",
    "set_memory_growth",
    "set_visible_devices",
]

MODERN = dict.fromkeys(__all__, "") | {"list_physical_devices": "keras.distribution.list_devices"}


@dataclass(frozen=True)
class PhysicalDevice:
    """A device.

    Attributes:
        name: As TensorFlow wrote it.
        device_type: ``CPU``.
    """

    name: str
    device_type: str


_CPU = PhysicalDevice("/physical_device:CPU:0", "CPU")


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """The devices of a type; of all types without one."""
    return [_CPU] if device_type in {None, "CPU"} else []


list_logical_devices = get_visible_devices = list_physical_devices


def list_local_devices() -> list[PhysicalDevice]:
    """All devices, as ``device_lib`` gave them."""
    return [PhysicalDevice("/device:CPU:0", "CPU")]


def set_memory_growth(device: Any, enable: bool) -> None:  # noqa: FBT001
    """Do nothing."""


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Do nothing."""


def run_functions_eagerly(run_eagerly: bool) -> None:  # noqa: FBT001
    """Do nothing."""


experimental_run_functions_eagerly = run_functions_eagerly


def is_gpu_available(*_: Any, **__: Any) -> bool:
    """There is none."""
    return False


is_built_with_cuda = is_built_with_gpu_support = is_gpu_available


def gpu_device_name() -> str:
    """Nothing, as TensorFlow gave it without a GPU."""
    return ""
