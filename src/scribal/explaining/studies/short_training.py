"""Trainings that leave no run folder: a network trained on the engine, measured after every epoch."""

import time
from dataclasses import dataclass
from typing import Any

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.engine.threads import usable_threads
from scribal.recipes import Recipe
from scribal.runs.preparation import build_for, samples_for
from scribal.runs.settings import settle

__all__ = ["ShortTraining", "train_shortly"]


@dataclass(frozen=True)
class ShortTraining:
    """How a network learned.

    Attributes:
        model: The trained ``keras.Model``.
        accuracies: Accuracy on the test set after each epoch that was measured.
        seconds: Time of training, without compiling and evaluating, up to the end of each of these epochs.
    """

    model: Any
    accuracies: list[float]
    seconds: list[float]


def train_shortly(
    recipe: Recipe,
    dataset: Dataset,
    *,
    epochs: int,
    seed: int,
    frozen: int | None = 0,
    only_last: bool = False,
) -> ShortTraining:
    """Train a recipe's network on the engine, as the recipe says but on the whole training set.

    Args:
        recipe: The network and how it is trained.
        dataset: What it is trained on, and, with its test set, measured with; nothing is chosen by that.
        epochs: Passes over the training data.
        seed: Of initial weights, order and dropout.
        frozen: How many of its first convolutions keep their initial weights; ``None`` for all of them.
        only_last: Whether it is measured after the last epoch only.

    Raises:
        ScribalError: The network does not fit the data, or the engine has no form for it.
        KeyboardInterrupt: Ctrl-C.
    """
    from scribal.engine.trainer import Trainer, order_of

    settings = settle(recipe, epochs=epochs, seed=seed, validation="test", schedule="constant", augment="none")
    model, settings = build_for(recipe, dataset, settings, {})
    if frozen != 0:
        _freeze(model, frozen)
    samples = samples_for(model, dataset, settings)
    trainer = Trainer(model, batch_size=settings.batch_size, seed=seed, threads=usable_threads())
    training = trainer.program.samples(samples.x, samples.y)
    x_test, y_test = samples.validation or (samples.x, samples.y)
    test = trainer.program.samples(x_test, y_test)
    taken, accuracies, seconds = 0.0, [], []
    for epoch in range(epochs):
        begun = time.perf_counter()
        trainer.run_epoch(training, order_of(seed, epoch, len(samples.x)))
        taken += time.perf_counter() - begun
        if epoch == epochs - 1 or not only_last:
            accuracies.append(trainer.evaluate(test)["accuracy"])
            seconds.append(taken)
    trainer.write_back()
    return ShortTraining(model, accuracies, seconds)


def _freeze(model: Any, frozen: int | None) -> None:
    """Keep the first convolutions as they are, and compile anew, as Keras asks for."""
    layers = import_keras().layers
    convolutions = [layer for layer in model.layers if isinstance(layer, layers.Conv2D)]
    for layer in convolutions[:frozen]:
        layer.trainable = False
    optimizer = type(model.optimizer).from_config(model.optimizer.get_config())
    model.compile(optimizer=optimizer, loss=model.loss, metrics=["accuracy"])
