"""scribal: the engine that trains, and the predictor."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.workers.case import Case, Floats
from bench.workers.protocol import Worker, available_cores, serve
from scribal.backend import import_keras
from scribal.engine.arrays import Samples
from scribal.engine.lower import lower_model, weights_of
from scribal.engine.predictor import Predictor
from scribal.engine.trainer import Trainer, order_of, orders_of

__all__ = ["ScribalWorker", "training_form"]

_STEPS_A_CALL = 10_000


class ScribalWorker(Worker):
    """Trains and predicts natively.

    Args:
        threads: By default one for each core.
    """

    libraries = ("scribal", "llvmlite", "keras", "jax", "numpy")
    _model: Any
    _trainer: Trainer
    _samples: Samples
    _predictor: Predictor
    _batch_size: int

    def __init__(self, *, threads: int | None = None) -> None:
        self._threads = threads or available_cores()
        self._epochs = 0

    def load(self, case: Case, *, training: bool) -> None:
        """Make the Keras model and compile its program."""
        if training:
            self._model, inputs = training_form(case)
            self._batch_size = min(case.batch_size, len(inputs))
            self._trainer = self._new_trainer()
            self._samples = self._trainer.program.samples(inputs, case.targets("train"))
        else:
            import_keras()
            from bench.workers.keras_fit import keras_model

            model = keras_model(case.network, case)
            self._predictor = Predictor(lower_model(model), weights_of(model), threads=self._threads)

    def warm_up(self) -> None:
        """Two full batches and the one that is left over, then the first weights again."""
        samples, batch = len(self._samples.inputs), self._batch_size
        self._trainer.run_epoch(self._samples, np.arange(min(samples, 2 * batch + samples % batch)))
        self._trainer = self._new_trainer()

    def train(self, epochs: int) -> None:
        """Train; epochs of a single step many at a time, as ``scribal.train`` does."""
        samples, first = len(self._samples.inputs), self._epochs
        self._epochs += epochs
        size = _STEPS_A_CALL if samples == self._batch_size else 1
        for begin in range(first, self._epochs, size):
            following = range(begin, min(begin + size, self._epochs))
            if len(following) > 1:
                self._trainer.run_epochs(self._samples, orders_of(0, following, samples))
            else:
                self._trainer.run_epoch(self._samples, order_of(0, begin, samples))

    def score(self) -> float:
        """Measure the accuracy with the program that trains."""
        inputs = training_inputs(self.case, "test")
        return self._trainer.program.evaluate(inputs, self.case.targets("test")).accuracy

    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer; the predictor itself takes any number of images."""
        del batch
        return self._predictor.predict(images)

    def _new_trainer(self) -> Trainer:
        """One that begins with the model as it is; the model is told of no step, and the program is kept."""
        return Trainer(self._model, batch_size=self._batch_size, threads=self._threads)


def training_form(case: Case) -> tuple[Any, NDArray[Any]]:
    """Make the compiled Keras model that is trained, and its inputs.

    Images stay the bytes they are where the network is a chain of layers; Rescaling then comes first.
    """
    # As scribal imports Keras: without what is not used.
    keras = import_keras()
    from bench.workers.keras_fit import keras_loss, keras_model, keras_optimizer

    network = case.training_network()
    if _takes_bytes(case) and case.scale != 1:
        rescaling = keras.saving.serialize_keras_object(keras.layers.Rescaling(case.scale))
        network["config"]["layers"].insert(1, rescaling)
    model = keras_model(network, case)
    model.compile(optimizer=keras_optimizer(case), loss=keras_loss(case), metrics=["accuracy"])
    return model, training_inputs(case, "train")


def training_inputs(case: Case, part: str) -> NDArray[Any]:
    """Inputs for what ``training_form`` made."""
    return case.raw(part) if _takes_bytes(case) else case.inputs(part)


def _takes_bytes(case: Case) -> bool:
    return case.network["class_name"] == "Sequential"


if __name__ == "__main__":
    serve(ScribalWorker)
