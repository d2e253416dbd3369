"""``fit``: what Keras' ``fit`` is given -> a native training, or a reason why Keras has to do it."""

from collections.abc import Iterable
from typing import Any

from scribal.engine.errors import LoweringError
from scribal.engine.fitting.batch_fitting import fit_batches
from scribal.engine.fitting.batches import gives_batches
from scribal.engine.fitting.data import Arrays, arrays_from, samples_for, split_off
from scribal.engine.fitting.evaluation import Evaluation
from scribal.engine.fitting.fallback import original, warn_of_fallback
from scribal.engine.fitting.loop import Fitting, callback_list
from scribal.engine.fitting.measures import Measures
from scribal.engine.fitting.orders import Orders
from scribal.engine.fitting.preparation import check_engine, dropout_seed, prepare
from scribal.engine.fitting.watching import watched_by
from scribal.engine.trainer import Trainer

__all__ = ["fit"]


def fit(
    model: Any,
    x: Any = None,
    y: Any = None,
    batch_size: int | None = None,
    epochs: int = 1,
    verbose: str | int = "auto",
    callbacks: Any = None,
    validation_split: float = 0.0,
    validation_data: Any = None,
    shuffle: bool | str = True,  # noqa: FBT001, FBT002 - Keras' signature
    class_weight: dict[int, float] | None = None,
    sample_weight: Any = None,
    initial_epoch: int = 0,
    steps_per_epoch: int | None = None,
    validation_steps: int | None = None,
    validation_batch_size: int | None = None,
    validation_freq: int | Iterable[int] = 1,
    *,
    seed: int | None = None,
    threads: int | None = None,
    engine: str = "auto",
) -> Any:
    """Train a compiled Keras model natively; arguments and result are those of ``model.fit``.

    The model ends up as ``model.fit`` would leave it: trained weights, optimizer state, ``model.history``. What the
    engine has no form for is trained by ``model.fit``, and a :class:`FallbackWarning` says why.

    Args:
        model: A compiled ``keras.Model``; one that was trained before goes on where it was.
        x: Inputs, ``(samples, *input_shape)``: an array, a table, a tensor, a list. Or a generator or a ``PyDataset``
            of batches ``(x, y)``; other datasets are for Keras.
        y: Targets, ``(samples, *output_shape)``, or class numbers for a sparse loss.
        batch_size: Samples in a step; 32 by default.
        epochs: Number of the epoch to end with.
        verbose: 0 for silence, 1 for a progress bar, 2 for a line an epoch.
        callbacks: Objects of ``keras.callbacks.Callback``.
        validation_split: Share of the samples, from the end, to validate on.
        validation_data: ``(x, y)`` or ``(x, y, sample_weight)`` to validate on instead.
        shuffle: Whether each epoch takes the samples in another order; ``"batch"`` mixes within batches.
        class_weight: A weight for each class number.
        sample_weight: ``(samples,)``, how much each counts.
        initial_epoch: Number of the epoch to begin with.
        steps_per_epoch: Steps after which an epoch ends, if not with the data.
        validation_steps: Batches to validate on, if not all.
        validation_batch_size: Samples in one of these; ``batch_size`` by default.
        validation_freq: Every how many epochs, or in which (the first is 1), to validate.
        seed: Decides the order of the samples and what Dropout drops; by default the order comes from NumPy's global
            generator, as in Keras, and Dropout's seed from the model's.
        threads: Threads to work with; by default one for each processor. Results do not depend on it.
        engine: ``"auto"``; ``"native"`` to raise an error where Keras would train; ``"keras"`` to have it train.

    Returns:
        The ``keras.callbacks.History``.

    Raises:
        LoweringError: With ``engine="native"``: something has no native form.
        DataError: Data do not fit the model or each other, hold something that is not finite, or are empty.
        ArgumentError: An argument is out of range, or in conflict with another.
        MissingExtraError: There is a ``TensorBoard`` among the callbacks, and TensorFlow is not installed.
        KeyboardInterrupt: Ctrl-C; the model then holds the weights of the steps that were done.
    """
    given = {
        "batch_size": batch_size,
        "epochs": epochs,
        "verbose": verbose,
        "callbacks": callbacks,
        "validation_split": validation_split,
        "validation_data": validation_data,
        "shuffle": shuffle,
        "class_weight": class_weight,
        "sample_weight": sample_weight,
        "initial_epoch": initial_epoch,
        "steps_per_epoch": steps_per_epoch,
        "validation_steps": validation_steps,
        "validation_batch_size": validation_batch_size,
        "validation_freq": validation_freq,
    }
    check_engine(engine)
    # Keras says what is wrong with a model that was not compiled.
    if engine == "keras" or not model.compiled:
        return original(model, "fit")(x, y, **given)
    if y is None and gives_batches(x):
        return fit_batches(model, x, given, seed=seed, threads=threads, engine=engine)
    try:
        arrays = arrays_from(x, y, sample_weight)
        validation = _validation_arrays(validation_data)
        if validation_split and validation_data is None:
            arrays, validation = split_off(arrays, validation_split)
        if class_weight is not None:
            arrays = arrays_from(arrays.x, arrays.y, arrays.sample_weight, class_weight)
        if not batch_size:
            batch_size = -(-len(arrays.x) // steps_per_epoch) if steps_per_epoch else 32
        prepare(model, arrays.x)
        size = validation_batch_size or batch_size
        # Batches that are never full would only take memory.
        batch_size = min(batch_size, len(arrays.x) or batch_size)
        trainer = Trainer(
            model, batch_size=batch_size, seed=dropout_seed(model) if seed is None else seed, threads=threads
        )
        samples = samples_for(trainer.program, arrays)
        measures = Measures(model, trainer.program, arrays, batch_size)
        evaluation = None
        if validation is not None:
            evaluation = Evaluation(model, trainer.program, validation, size, validation_steps)
    except LoweringError as error:
        if engine == "native":
            raise
        warn_of_fallback(error)
        return original(model, "fit")(x, y, **given)
    orders = Orders(len(samples.inputs), batch_size, shuffle=shuffle, seed=seed, steps_per_epoch=steps_per_epoch)
    callbacks = callback_list(model, callbacks, verbose, epochs, orders.steps)
    fitting = Fitting(
        model, trainer, samples, batch_size, orders, measures, evaluation, callbacks, watched_by(callbacks.callbacks)
    )
    fitting.run(initial_epoch, epochs, validation_freq)
    return model.history


def _validation_arrays(data: Any) -> Arrays | None:
    if data is None:
        return None
    if not isinstance(data, list | tuple) or len(data) not in (2, 3):
        raise LoweringError("validation_data must be (x, y) or (x, y, sample_weight)", received=type(data).__name__)
    return arrays_from(*data)
