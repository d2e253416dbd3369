"""``evaluate`` and ``predict`` with the arguments and results of Keras' methods, answered natively."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.backend import import_keras
from scribal.engine.errors import LoweringError
from scribal.engine.fitting.data import array_from, arrays_from, rows_for
from scribal.engine.fitting.evaluation import Evaluation
from scribal.engine.fitting.fallback import original, warn_of_fallback
from scribal.engine.fitting.preparation import prepare
from scribal.engine.fitting.watching import watched_by
from scribal.engine.trainer import program_to_answer, program_to_evaluate

__all__ = ["evaluate", "predict"]

_BATCH_SIZE = 32


def evaluate(
    model: Any,
    x: Any = None,
    y: Any = None,
    batch_size: int | None = None,
    verbose: str | int = "auto",
    sample_weight: Any = None,
    steps: int | None = None,
    callbacks: Any = None,
    return_dict: bool = False,  # noqa: FBT001, FBT002 - Keras' signature
    **options: Any,
) -> Any:
    """Measure a compiled Keras model; arguments and result are those of ``model.evaluate``."""
    given = {
        "batch_size": batch_size,
        "verbose": verbose,
        "sample_weight": sample_weight,
        "steps": steps,
        "callbacks": callbacks,
        "return_dict": return_dict,
        **options,
    }
    if options or not model.compiled:
        return original(model, "evaluate")(x, y, **given)
    try:
        arrays = arrays_from(x, y, sample_weight)
        prepare(model, arrays.x)
        program = program_to_evaluate(model)
        evaluation = Evaluation(model, program, arrays, batch_size or _BATCH_SIZE, steps)
    except LoweringError as error:
        warn_of_fallback(error)
        return original(model, "evaluate")(x, y, **given)
    callbacks = _callback_list(model, callbacks, verbose, evaluation.steps)
    logs = evaluation.run(callbacks, watched_by(callbacks.callbacks))
    values = list(logs.values())
    return logs if return_dict else values[0] if len(values) == 1 else values


def predict(
    model: Any,
    x: Any,
    batch_size: int | None = None,
    verbose: str | int = "auto",
    steps: int | None = None,
    callbacks: Any = None,
) -> NDArray[np.float32]:
    """Answer for samples; arguments and result are those of ``model.predict``."""
    given = {"batch_size": batch_size, "verbose": verbose, "steps": steps, "callbacks": callbacks}
    try:
        inputs = array_from(x, "x")
        prepare(model, inputs)
        program = program_to_answer(model)
    except LoweringError as error:
        warn_of_fallback(error)
        answers: NDArray[np.float32] = original(model, "predict")(x, **given)
        return answers
    size = batch_size or (-(-len(inputs) // steps) if steps else _BATCH_SIZE)
    inputs = rows_for(program, inputs[: steps * size] if steps else inputs)
    count = len(inputs)
    callbacks = _callback_list(model, callbacks, verbose, -(-count // size))
    watched = watched_by(callbacks.callbacks)
    part = size if watched.predict_batches else max(count, 1)
    callbacks.on_predict_begin()
    parts = []
    for first in range(0, max(count, 1), part):
        if watched.predict_batches:
            callbacks.on_predict_batch_begin(first // size)
        parts.append(program.predict(inputs[first : first + part]))
        if watched.predict_batches or watched.progress:
            callbacks.on_predict_batch_end((first + len(parts[-1]) - 1) // size, {"outputs": parts[-1]})
    callbacks.on_predict_end()
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _callback_list(model: Any, callbacks: Any, verbose: str | int, steps: int) -> Any:
    keras = import_keras().callbacks
    if isinstance(callbacks, keras.CallbackList):
        return callbacks
    return keras.CallbackList(callbacks, add_progbar=verbose != 0, verbose=verbose, epochs=1, steps=steps, model=model)
