"""Who takes part, and in which settings: of every rival its default and the best that is known.

A setting that turns out much slower than the best sits out the later rounds, so that there may be many here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

__all__ = ["ENVIRONMENTS", "PREDICTING", "SCRIBAL", "TRAINING", "Contestant"]


@dataclass(frozen=True)
class Contestant:
    """A framework in one setting.

    Attributes:
        name: Framework and setting, as tables show it.
        worker: Module in ``bench.workers``.
        environment: Where it runs.
        setting: Keyword arguments of the worker.
        variables: Of the process' environment.
    """

    name: str
    worker: str
    environment: str
    setting: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


_TENSORFLOW = MappingProxyType({"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"})
_JAX = MappingProxyType({"KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"})


def _tensorflow(name: str, **setting: Any) -> Contestant:
    return Contestant(f"Keras on TensorFlow, {name}", "keras_fit", "keras-tensorflow", setting, _TENSORFLOW)


def _torch(name: str, **setting: Any) -> Contestant:
    return Contestant(f"PyTorch, {name}", "pytorch", "torch", setting)


SCRIBAL = Contestant("scribal", "scribal", "scribal", {}, _JAX)
TRAINING = (
    _tensorflow("default"),
    _tensorflow("50 steps a call, no XLA", tuned=True, steps_per_execution=50, jit_compile=False),
    _tensorflow("50 steps a call, XLA", tuned=True, steps_per_execution=50, jit_compile=True),
    Contestant("Keras on JAX, default", "keras_fit", "keras-jax", {}, _JAX),
    Contestant(
        "Keras on JAX, 50 steps a call", "keras_fit", "keras-jax", {"tuned": True, "steps_per_execution": 50}, _JAX
    ),
    Contestant("JAX, scan over the epoch", "jax_scan", "keras-jax", {}, _JAX),
    _torch("all cores"),
    _torch("1 thread", threads=1),
    _torch("compiled", compiled=True),
)
PREDICTING = (
    Contestant("scribal, 1 thread", "scribal", "scribal", {"threads": 1}, _JAX),
    Contestant("ONNX Runtime, all cores", "onnx_runtime", "onnxruntime"),
    Contestant("ONNX Runtime, 1 thread", "onnx_runtime", "onnxruntime", {"threads": 1}),
    _torch("all cores"),
    _torch("1 thread", threads=1),
    _tensorflow("predict"),
    _tensorflow("model(x)", predicting="call"),
    _tensorflow("tf.function", predicting="function"),
)
ENVIRONMENTS = tuple(dict.fromkeys(c.environment for c in (*TRAINING, *PREDICTING, SCRIBAL)))
