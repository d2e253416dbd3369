"""From a finished run to the file in the package: calibrated on held-out training images, and packed."""

import dataclasses
import json
import zipfile
from pathlib import Path

import numpy as np

from scribal.data import load_dataset
from scribal.data.augmentation import augment, find_augmentation
from scribal.data.dataset import Array
from scribal.files import whole_file
from scribal.models import LoadedModel, Metadata, load_model, save_model
from scribal.reading.calibration import fit_temperature, threshold_for
from scribal.reading.recognition import Recogniser

__all__ = ["HELD_OUT", "REJECTED", "calibrated", "held_out", "pack"]

HELD_OUT = 5000  # of the training images, the last ones, as the recipe holds them out
REJECTED = 0.005  # share of held-out digits that may be rejected
_ABOUT = "metadata.json"  # where Keras tells its version and the date
_SEED = 1  # not the training's: held-out images are changed in other ways


def held_out(*, changed: bool) -> tuple[Array, Array]:
    """Images that the model was not trained on, and their labels; if wished, with as many by other hands after them."""
    mnist = load_dataset("mnist")
    images, labels = mnist.x_train[-HELD_OUT:], mnist.y_train[-HELD_OUT:]
    if not changed:
        return images, labels
    others = augment(images, labels, find_augmentation("hands"), seed=_SEED, epoch=0)
    return np.concatenate([images, others]), np.concatenate([labels, labels])


def calibrated(loaded: LoadedModel) -> Metadata:
    """What a trained model's file says of it, with its temperature and its threshold."""
    images, labels = held_out(changed=True)
    uncalibrated = dataclasses.replace(loaded.metadata, temperature=1.0, reject_threshold=None)
    logits = Recogniser.of(dataclasses.replace(loaded, metadata=uncalibrated)).logits(images)
    warm = dataclasses.replace(uncalibrated, temperature=round(fit_temperature(logits, labels), 4))
    scores = Recogniser.of(dataclasses.replace(loaded, metadata=warm)).recognise(images).reject_scores
    return dataclasses.replace(warm, reject_threshold=round(threshold_for(scores, REJECTED), 4))


def pack(run: Path, target: Path) -> Metadata:
    """Write a run's model without what only training needs, calibrated.

    Args:
        run: A run folder, or a model's file.
        target: Where to, a ``.keras`` file.

    Returns:
        What the file says of the model.
    """
    loaded = load_model(run)
    metadata = calibrated(loaded)
    model = type(loaded.model).from_config(loaded.model.get_config())
    model.set_weights(loaded.model.get_weights())
    save_model(model, target, metadata)
    _remove_dates(target)
    return metadata


def _remove_dates(archive: Path) -> None:
    """Write an archive again without the time it was made at, so that the same weights give the same bytes."""
    with zipfile.ZipFile(archive) as dated:
        members = {name: dated.read(name) for name in dated.namelist()}
    told = json.loads(members[_ABOUT])
    members[_ABOUT] = json.dumps(told | {"date_saved": "1980-01-01@00:00:00"}).encode()
    with whole_file(archive) as temporary, zipfile.ZipFile(temporary, "w") as undated:
        for name, content in members.items():
            undated.writestr(zipfile.ZipInfo(name), content)
