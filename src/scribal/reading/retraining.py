"""A copy of a network is trained on, again and again from where the network was; the network itself stays.

What it becomes lies between what it was and what training made of it. Such an average of weights reads nearly as well
what is new, and what is old better than either: M. Wortsman et al., "Robust Fine-Tuning of Zero-Shot Models", CVPR
2022.
"""

import dataclasses

import numpy as np

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.data.augmentation import augment, find_augmentation
from scribal.data.dataset import Array
from scribal.engine.fitting import fit
from scribal.models import LoadedModel, prepare
from scribal.reading.calibration import fit_temperature, threshold_for
from scribal.reading.recognition import Recogniser
from scribal.reading.rehearsal import VALIDATION, Rehearsal, rehearse, with_rehearsal
from scribal.reading.samples import LabelledSamples
from scribal.runs.logits import output_activation

__all__ = ["Retraining"]

_RATE = 1e-3
_BATCH = 64
_SHARE = 0.6  # of what the weights were moved by


class Retraining:
    """Tunes copies of a network on samples.

    Args:
        recogniser: The network.
        mnist: What is rehearsed, and what is calibrated on.
        seed: Of what is random.
    """

    def __init__(self, recogniser: Recogniser, mnist: Dataset, seed: int) -> None:
        self._before = recogniser
        self._seed = seed
        self._rehearsal: Rehearsal = rehearse(recogniser, mnist, seed)
        images, labels = mnist.x_train[-VALIDATION:], mnist.y_train[-VALIDATION:]
        others = augment(images, labels, find_augmentation("hands"), seed=seed, epoch=0)
        self._images, self._labels = np.concatenate([images, others]), np.concatenate([labels, labels])
        self._rejected = float(recogniser.recognise(self._images).rejected.mean())
        keras = import_keras()
        self._model = keras.models.clone_model(recogniser.model.model)
        self._weights = recogniser.model.model.get_weights()

    def tuned(self, samples: LabelledSamples, chosen: Array) -> LoadedModel:
        """Tune on some of the samples.

        Args:
            samples: All samples.
            chosen: Places of those to tune on.

        Returns:
            A model of its own, with the temperature and the threshold of the one before.
        """
        digits = samples.labels[chosen]
        images, answers = with_rehearsal(samples.characters[chosen], digits, self._rehearsal, self._seed)
        self._train(images, answers)
        keras = import_keras()
        model = keras.models.clone_model(self._model)  # not compiled, so that it is saved without an optimizer
        moved = zip(self._weights, self._model.get_weights(), strict=True)
        model.set_weights([before + _SHARE * (after - before) for before, after in moved])
        return LoadedModel.of(model, self._before.model.metadata)

    def calibrated(self, tuned: LoadedModel) -> LoadedModel:
        """Give a tuned network its temperature and its threshold, as the one in the package got them.

        The temperature makes the labels of MNIST's validation images, plain and by other hands, most likely; the
        threshold rejects as many of them as before.
        """
        from scipy import special

        logits = Recogniser.of(tuned).logits(self._images)
        temperature = fit_temperature(logits, self._labels)
        metadata = dataclasses.replace(tuned.metadata, temperature=temperature)
        if metadata.reject_threshold is not None:
            scores = 1 - special.softmax(logits / temperature, axis=1).max(axis=1)
            metadata = dataclasses.replace(metadata, reject_threshold=threshold_for(scores, self._rejected))
        return dataclasses.replace(tuned, metadata=metadata)

    def _train(self, images: Array, answers: Array) -> None:
        keras = import_keras()
        self._model.set_weights(self._weights)
        steps = -(-len(images) // _BATCH)
        rate = keras.optimizers.schedules.CosineDecay(_RATE, steps)
        is_linear = output_activation(self._model) == "linear"
        loss = keras.losses.CategoricalCrossentropy(from_logits=is_linear)
        self._model.compile(keras.optimizers.Adam(rate), loss)
        x = prepare(images, self._before.model.input_shape, self._before.model.metadata.scale)
        fit(self._model, x, answers, batch_size=_BATCH, verbose=0, seed=self._seed)
