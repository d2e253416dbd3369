"""Keras' own ``fit`` and ``predict``, on whatever backend ``KERAS_BACKEND`` names."""

from typing import Any

import keras
import numpy as np

from bench.workers.case import Case, Floats
from bench.workers.protocol import Worker, serve

__all__ = ["KerasWorker", "keras_loss", "keras_model", "keras_optimizer"]


class KerasWorker(Worker):
    """Trains with ``fit``.

    Args:
        tuned: What a user does who looks for speed: no metric, no progress bar, and the options that follow.
        steps_per_execution: Steps for each call of the compiled function; Keras' default is 1.
        jit_compile: Whether XLA compiles the step; Keras' default is ``"auto"``.
        predicting: ``"predict"``; ``"call"``, which is ``model(x)``; or ``"function"``, ``tf.function`` around that.
    """

    def __init__(
        self,
        *,
        tuned: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
        predicting: str = "predict",
    ) -> None:
        backend = keras.backend.backend()
        self.libraries = ("keras", backend)
        self._tuned = tuned
        self._steps = steps_per_execution
        self._jit_compile = jit_compile
        self._predicting = predicting

    def load(self, case: Case, *, training: bool) -> None:
        """Deserialize and compile the model."""
        keras.utils.set_random_seed(0)
        self._model = keras_model(case.training_network() if training else case.network, case)
        self._call = _function(self._model) if self._predicting == "function" else self._model
        if not training:
            return
        self._model.compile(
            optimizer=keras_optimizer(case),
            loss=keras_loss(case),
            metrics=None if self._tuned else ["accuracy"],
            steps_per_execution=self._steps,
            jit_compile=self._jit_compile,
        )
        self._inputs, self._targets = case.inputs("train"), case.targets("train")

    def warm_up(self) -> None:
        """One call with full batches and one with the batch that is left over, then the first weights again."""
        weights, batch = self._model.get_weights(), self.case.batch_size
        count = min(len(self._inputs), self._steps * batch + len(self._inputs) % batch)
        self._fit(self._inputs[:count], self._targets[:count], epochs=1)
        self._model.set_weights(weights)
        for variable in self._model.optimizer.variables:
            if "learning_rate" not in variable.path:
                variable.assign(np.zeros(variable.shape))

    def train(self, epochs: int) -> None:
        """Call ``fit``; where an epoch is a single step, many of them can be laid end to end."""
        samples = len(self._inputs)
        if self._steps > 1 and epochs > 1 and samples <= self.case.batch_size:
            repeats = (epochs, *[1] * (self._inputs.ndim - 1))
            self._fit(np.tile(self._inputs, repeats), np.tile(self._targets, (epochs, 1)), 1, batch=samples)
        else:
            self._fit(self._inputs, self._targets, epochs)

    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer as the setting says."""
        if self._predicting == "predict":
            return np.asarray(self._model.predict(images, batch_size=batch, verbose=0))
        answers = [np.asarray(self._call(images[i : i + batch])) for i in range(0, len(images), batch)]
        return np.concatenate(answers)

    def _fit(self, x: Floats, y: Any, epochs: int, batch: int | None = None) -> None:
        self._model.fit(x, y, batch_size=batch or self.case.batch_size, epochs=epochs, verbose=0, shuffle=batch is None)


def keras_model(network: dict[str, Any], case: Case) -> Any:
    """The model of a configuration, with the case's initial weights."""
    model = keras.saving.deserialize_keras_object(network)
    for layer in model.layers:
        for weight in layer.weights:
            if (name := f"{layer.name}/{weight.name}") in case.weights:
                weight.assign(case.weights[name])
    return model


def keras_loss(case: Case) -> Any:
    """The loss, on logits."""
    losses = {
        "categorical_crossentropy": keras.losses.CategoricalCrossentropy(from_logits=True),
        "sparse_categorical_crossentropy": keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    }
    return losses.get(case.loss, case.loss)


def keras_optimizer(case: Case) -> Any:
    """The optimizer."""
    return keras.optimizers.get({"class_name": case.optimizer, "config": case.optimizer_arguments})


def _function(model: Any) -> Any:
    import tensorflow as tf

    return tf.function(model, reduce_retracing=True)


if __name__ == "__main__":
    serve(KerasWorker)
