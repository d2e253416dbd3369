"""States of recurrent layers between batches and between calls.

A layer with ``stateful=True`` went on, in Keras 1 and 2, from where the batch before left it, also that of another call
of ``predict``, until ``reset_states()``. On JAX, Keras 3 compiles each step as a function of a model's variables, and
states are none of them: each batch begins with the state that was there before the call.
"""

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from scribal.backend import import_keras

__all__ = ["has_states", "predict_on", "states_as_variables"]

_USUAL_BATCH = 32


def has_states(model: Any) -> bool:
    """Whether a layer of the model keeps its state."""
    return any(getattr(layer, "stateful", False) for layer in model._flatten_layers(include_self=False))  # noqa: SLF001


@contextlib.contextmanager
def states_as_variables(model: Any) -> Iterator[None]:
    """Make states variables of the model, so that Keras' steps keep them, until the block ends."""
    layers = [layer for layer in model._flatten_layers(include_self=False) if getattr(layer, "stateful", False)]  # noqa: SLF001
    known = {id(variable) for variable in model.variables}
    states = [(layer, state) for layer in layers for state in _states_of(layer) if id(state) not in known]
    for layer, state in states:
        layer._tracker.unlock()  # noqa: SLF001 (as Keras' own constructors and build do)
        layer._track_variable(state)  # noqa: SLF001
        layer._tracker.lock()  # noqa: SLF001
    try:
        yield
    finally:
        for layer, state in states:
            layer._untrack_variable(state)  # noqa: SLF001


def predict_on(model: Any, x: Any, batch_size: int | None = None) -> Any:
    """Answer for samples, batch by batch, and keep the states.

    Args:
        model: A model with ``stateful`` layers.
        x: An array, or a list of them.
        batch_size: Of the batches; by default what the model was built for.
    """
    tree = import_keras().tree
    size = batch_size or model.inputs[0].shape[0] or _USUAL_BATCH
    step = _compiled(model)
    states = _states(model)
    answers = []
    for first in range(0, len(tree.flatten(x)[0]), size):
        batch = tree.map_structure(lambda array, first=first: np.asarray(array)[first : first + size], x)
        fixed = [variable.value for variable in model.variables]
        answer, values = step(fixed, [state.value for state in states], batch)
        for state, value in zip(states, values, strict=True):
            state.assign(value)
        answers.append(answer)
    return tree.map_structure(lambda *parts: np.concatenate([np.asarray(part) for part in parts]), *answers)


def _states(model: Any) -> list[Any]:
    """The states of all layers that keep them; they are no variables of the model."""
    layers = model._flatten_layers(include_self=False)  # noqa: SLF001 (layers within layers as well)
    return [state for layer in layers if getattr(layer, "stateful", False) for state in _states_of(layer)]


def _states_of(layer: Any) -> list[Any]:
    return [state for state in import_keras().tree.flatten(layer.states) if hasattr(state, "assign")]


@functools.lru_cache(maxsize=8)
def _compiled(model: Any) -> Any:
    import jax

    keras = import_keras()
    states = _states(model)

    def step(fixed: list[Any], values: list[Any], batch: Any) -> tuple[Any, list[Any]]:
        given = [*zip(model.variables, fixed, strict=True), *zip(states, values, strict=True)]
        with keras.StatelessScope(given) as scope:
            answer = model(batch, training=False)
            return answer, [scope.get_current_value(state) for state in states]

    return jax.jit(step)
