"""What a graph was for: values of a network's inner tensors, their gradients, and whether it is being trained."""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from scribal.backend import import_keras
from scribal.data.dataset import Array
from scribal.exceptions import ArgumentError
from scribal.legacy.importing.lookup import GoneError

__all__ = [
    "LearningPhase",
    "function",
    "gradients",
    "in_test_phase",
    "in_train_phase",
    "learning_phase",
    "placeholder",
    "set_learning_phase",
]


class LearningPhase(int):
    """0 or 1: whether networks are asked, or trained; as an input of a function, the place where it is told which."""


_phase = LearningPhase(0)


def learning_phase() -> LearningPhase:
    """The phase that was set, 0 at first."""
    return _phase


def set_learning_phase(value: int) -> None:
    """Set the phase of functions that are not told theirs; ``fit``, ``evaluate`` and ``predict`` know their own."""
    global _phase  # noqa: PLW0603 (Keras had one for the process as well)
    _phase = LearningPhase(value)


def in_train_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """``x`` in training, otherwise ``alt``; either may be a function that gives it."""
    chosen = x if (_phase if training is None else training) else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x: Any, alt: Any, training: Any = None) -> Any:
    """``alt`` in training, otherwise ``x``."""
    return in_train_phase(alt, x, training)


def placeholder(
    shape: Sequence[int | None] | None = None, ndim: int | None = None, dtype: str | None = None, *_: Any, **__: Any
) -> Any:
    """What stands for values that a function is given."""
    return import_keras().Input(batch_shape=tuple(shape) if shape is not None else (None,) * (ndim or 1), dtype=dtype)


def function(
    inputs: Sequence[Any], outputs: Any, updates: Any = None, **_: Any
) -> Callable[[Sequence[Any]], list[Array] | Array]:
    """A function from values of some tensors of a network to values of others.

    Args:
        inputs: Tensors, such as ``[model.input]``; ``learning_phase()`` may be one of them.
        outputs: A list of tensors, such as ``[model.layers[0].output]``, or one.
        updates: Has to be empty.

    Returns:
        A function of a list of arrays, whose result is a list of arrays, or one array for one tensor.

    Raises:
        ArgumentError: There are updates.
    """
    if updates:
        raise ArgumentError(
            "A function of keras.backend must have no updates here",
            received=f"{len(updates)} updates",
            advice="Train with compile() and fit()",
        )
    keras = import_keras()
    inputs = keras.tree.flatten(list(inputs))  # model.input may be a list itself
    tensors = [tensor for tensor in inputs if not isinstance(tensor, LearningPhase)]
    wanted = keras.tree.flatten(outputs)
    tensors = [_as_used_by(wanted, tensor) for tensor in tensors]
    computed = [place for place, tensor in enumerate(wanted) if keras.backend.is_keras_tensor(tensor)]
    model = keras.Model(tensors, [wanted[place] for place in computed])

    def call(values: Sequence[Any]) -> list[Array] | Array:
        pairs = list(zip(inputs, values, strict=False))
        arrays = [np.asarray(value) for tensor, value in pairs if not isinstance(tensor, LearningPhase)]
        phases = [value for tensor, value in pairs if isinstance(tensor, LearningPhase)]
        training = bool(phases[0] if phases else _phase)
        answers = keras.tree.flatten(model(arrays, training=training))
        results = list(wanted)
        for place, answer in zip(computed, answers, strict=True):
            results[place] = answer
        results = [np.array(keras.ops.convert_to_numpy(result)) for result in results]
        return results if isinstance(outputs, list | tuple) else results[0]

    return call


def gradients(loss: Any, variables: Any) -> list[Any]:
    """The gradient of a number with respect to tensors of a network: its input, or a layer's output.

    Args:
        loss: A tensor that follows from ``variables``; of several values, their sum counts.
        variables: A tensor, or a list of them.

    Returns:
        A tensor for each of them, for use in :func:`function`.

    Raises:
        GoneError: A variable is a weight.
    """
    keras = import_keras()
    tensors = keras.tree.flatten(variables)
    for tensor in tensors:
        if not keras.backend.is_keras_tensor(tensor):
            raise GoneError(
                "Gradients are taken here with respect to a network's input or a layer's output",
                received=f"{type(tensor).__name__}",
                advice="Train weights with compile() and fit(), or take jax.grad of model.stateless_call",
            )
    number = keras.tree.flatten(loss)[0]
    return [_gradient_of(number)(_as_used_by([number], tensor)) for tensor in tensors]


def _as_used_by(results: Sequence[Any], tensor: Any) -> Any:
    """The tensor that results follow from, where a layer has several outputs of the same meaning.

    A Sequential model is built anew with each layer that is added, and ``layer.output`` is of the first time.
    """
    keras = import_keras()
    history = tensor._keras_history  # noqa: SLF001 (where a tensor comes from has no public name)
    nodes = history.operation._inbound_nodes  # noqa: SLF001
    wanted = [result for result in results if keras.backend.is_keras_tensor(result)]
    for same in (tensor, *(node.output_tensors[history.tensor_index] for node in nodes)):
        with contextlib.suppress(ValueError):  # not connected
            keras.Function(same, wanted)
            return same
    return tensor


def _gradient_of(loss: Any) -> Any:
    import jax

    keras = import_keras()

    layer_class: Any = keras.layers.Layer

    class Gradient(layer_class):  # type: ignore[misc] # Keras has no types
        """The gradient of a number, as a layer behind the tensor that it is taken for."""

        def call(self, x: Any) -> Any:
            return jax.grad(lambda values: keras.ops.sum(self._loss(values)))(x)

        def compute_output_spec(self, x: Any) -> Any:
            self._loss = keras.Function(x, loss)
            return keras.KerasTensor(x.shape, dtype=x.dtype)

    return Gradient()
