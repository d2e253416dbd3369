"""Why a network takes a picture for what it takes it: everything, worked out in one go."""

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import Dataset
from scribal.engine.reference.trace import Trace
from scribal.exceptions import ArgumentError, ScribalError
from scribal.explaining.attributions import (
    Attribution,
    deletion_curve,
    deletion_order,
    grad_cam,
    input_gradient,
    integrated_gradients,
    last_image,
    occlusion,
)
from scribal.explaining.changes import Change, smallest_changes
from scribal.explaining.image_network import Array, ImageNetwork, on_one_core
from scribal.explaining.layers import Filters, LayerResult, filters_of, layer_results
from scribal.explaining.neighbours import Neighbour, nearest
from scribal.explaining.picture import Picture, picture_of
from scribal.explaining.worked_convolution import WorkedConvolution, work_out
from scribal.models import LoadedModel
from scribal.runs.evaluation import dataset_of
from scribal.runs.loading import as_loaded

__all__ = ["RANDOM_ORDER", "Explanation", "explain"]

RANDOM_ORDER = "Random order"
_DELETION_STEPS = 40
_RANDOM_ORDERS = 3


@dataclass(frozen=True)
class Explanation:
    """Why a network takes a picture for what it takes it.

    Attributes:
        model: The model's path, or the class of an object.
        picture: What was explained.
        class_names: One for each class.
        activation: What makes the probabilities of the scores: ``"softmax"``, ``"sigmoid"``, or ``"linear"``.
        probabilities: Of the classes, shape (classes,).
        scores: What they are made of: logits, shape (classes,).
        class_number: The class that is explained.
        attributions: Which pixels its score rests on, by each method.
        deletions: By method, and for a random order: the class's probability while the ink is erased in the map's
            order, shape (steps + 1,), and the share of ink after which the answer is another one; ``None`` if it never
            is. Empty unless the class is the answer.
        changes: The smallest changes that give another answer.
        neighbours: The nearest training pictures.
        searched: Among how many they were found.
        worked: One number of the first convolution, worked out.
        layers: What each layer gave.
        filters: The kernels.
        left_out: What could not be shown, and why, by what it is.
        seconds: What it took, without loading model and data.
    """

    model: str
    picture: Picture
    class_names: tuple[str, ...]
    activation: str
    probabilities: Array
    scores: Array
    class_number: int
    attributions: tuple[Attribution, ...]
    deletions: dict[str, tuple[Array, float | None]]
    changes: tuple[Change, ...]
    neighbours: tuple[Neighbour, ...]
    searched: int
    worked: WorkedConvolution | None
    layers: tuple[LayerResult, ...]
    filters: tuple[Filters, ...]
    left_out: dict[str, str]
    seconds: float

    @cached_property
    def answer(self) -> str:
        """Name of the class that the network takes the picture for."""
        return self.class_names[int(self.probabilities.argmax())]

    @property
    def confidence(self) -> float:
        """Probability of that class."""
        return float(self.probabilities.max())

    @property
    def explained_class(self) -> str:
        """Name of the class that is explained."""
        return self.class_names[self.class_number]

    def record(self) -> dict[str, Any]:
        """What it says in words and numbers, as plain values for JSON."""
        return {
            "model": self.model,
            "image": self.picture.name,
            "answer": self.answer,
            "confidence": self.confidence,
            "explained_class": self.explained_class,
            "probabilities": {
                name: float(value) for name, value in zip(self.class_names, self.probabilities, strict=True)
            },
            "changes": [
                {
                    "kind": change.kind,
                    "description": change.description,
                    "answer": None if change.answer is None else self.class_names[change.answer],
                    "confidence": change.confidence,
                }
                for change in self.changes
            ],
            "erased_until_changed": {method: share for method, (_, share) in self.deletions.items()},
            "neighbours": [
                {"index": one.index, "label": one.label, "distance": one.distance} for one in self.neighbours
            ],
            "searched": self.searched,
            "left_out": self.left_out,
            "notes": list(self.picture.notes),
            "seconds": round(self.seconds, 3),
        }

    def write(self, folder: str | Path, *, force: bool = False) -> Path:
        """Write the page, its pictures as PNG files and its numbers as JSON.

        Args:
            folder: Where to; must not exist, be empty or, with ``force``, hold an earlier explanation.
            force: Whether an earlier explanation there may be replaced.

        Returns:
            The page.

        Raises:
            RunError: Something else is there, or it cannot be written.
        """
        from scribal.explaining.folder import write_folder

        return write_folder(self, Path(folder), force=force)


def explain(
    model: Any,
    image: Any,
    *,
    class_name: Any = None,
    pixel: tuple[int, int] | None = None,
    filter_number: int | None = None,
    data: Any = None,
    among: int = 2000,
    scale: float | None = None,
) -> Explanation:
    """Explain what a network takes one picture for.

    Args:
        model: A run folder, a model file in any of the four forms, or a ``keras.Model``.
        image: The path of a picture of one character, which is made as MNIST's are; or an array of raw pixels of the
            network's own size, which is used as it is.
        class_name: The class to explain; by default the one the network answers.
        pixel: Row and column, in the first convolution's maps, of the number that is worked out; by default where it is
            largest.
        filter_number: Whose number; by default the filter's that has the largest.
        data: The dataset whose training pictures are searched for the nearest: its name or path; by default what the
            model was trained on, or MNIST.
        among: How many of them are searched, spread evenly over the set; 0 for none.
        scale: Factor on raw pixel values, for a model that does not carry its own.

    Raises:
        LoweringError: The engine has no form for the model.
        ModelError: The model cannot be loaded, or takes no picture.
        ImageError: The file is no picture.
        UnknownNameError: There is no class of that name.
        ArgumentError: There is no such pixel or filter, or ``among`` is below 0.
        DataError: The dataset that was asked for cannot be loaded.
    """
    if among < 0:
        raise ArgumentError("among must be at least 0", received=f"among={among}", advice="0 searches none")
    loaded = as_loaded(model)
    network = ImageNetwork(loaded, scale)
    chosen = None if class_name is None else network.class_number(str(class_name))
    picture = picture_of(image, network.image_shape)
    left_out: dict[str, str] = {}
    dataset = _dataset(loaded, data, left_out) if among else None
    begun = time.perf_counter()
    pixels = picture.pixels
    with on_one_core():
        scores = network.scores(pixels[np.newaxis])
        answer = int(scores.argmax())
        number = answer if chosen is None else chosen
        trace = network.trace(pixels[np.newaxis])
        worked = work_out(network, trace, pixel, filter_number)
        attributions = _attributions(network, trace, pixels, number, float(scores[0, number]), left_out)
        neighbours: tuple[Neighbour, ...] = ()
        if dataset is not None:
            try:
                neighbours = nearest(network, pixels, dataset, among)
            except ScribalError as error:
                if data is not None:
                    raise
                left_out["nearest"] = str(error)
        if worked is None:
            left_out["convolution"] = "This network has no convolution."
        return Explanation(
            model=_name(loaded),
            picture=picture,
            class_names=network.class_names,
            activation=network.activation,
            probabilities=network.probabilities(scores)[0],
            scores=scores[0],
            class_number=number,
            attributions=attributions,
            deletions=_deletions(network, pixels, number, attributions) if number == answer else {},
            changes=smallest_changes(network, pixels, answer),
            neighbours=neighbours,
            searched=0 if dataset is None else min(among, len(dataset.x_train)),
            worked=worked,
            layers=tuple(layer_results(trace)),
            filters=tuple(filters_of(network, trace)),
            left_out=left_out,
            seconds=time.perf_counter() - begun,
        )


def _dataset(loaded: LoadedModel, data: Any, left_out: dict[str, str]) -> Dataset | None:
    """The dataset to search; where it was not asked for and cannot be had, only the nearest pictures are missing."""
    try:
        return dataset_of(loaded, data)
    except ScribalError as error:
        if data is not None:
            raise
        left_out["nearest"] = str(error)
        return None


def _attributions(
    network: ImageNetwork, trace: Trace, pixels: Array, number: int, score: float, left_out: dict[str, str]
) -> tuple[Attribution, ...]:
    found = []
    node = last_image(network.graph)
    if node is None:
        left_out["Grad-CAM"] = (
            "Grad-CAM needs a convolution whose maps have more than one pixel, and this network has none."
        )
    else:
        gradients = trace.backward(network.score_gradient(number))
        found.append(grad_cam(trace, gradients, node, network.image_shape[:2]))
    return (
        *found,
        input_gradient(network, pixels, number),
        integrated_gradients(network, pixels, number),
        occlusion(network, pixels, number, score),
    )


def _deletions(
    network: ImageNetwork, pixels: Array, number: int, attributions: tuple[Attribution, ...]
) -> dict[str, tuple[Array, float | None]]:
    generator = np.random.default_rng(0)
    orders = {one.method: [one.values] for one in attributions}
    orders[RANDOM_ORDER] = [generator.random(pixels.shape[:2]) for _ in range(_RANDOM_ORDERS)]
    return {
        method: _mean_deletion(network, pixels, number, [deletion_order(values, pixels) for values in maps])
        for method, maps in orders.items()
    }


def _mean_deletion(
    network: ImageNetwork, pixels: Array, number: int, orders: list[Array]
) -> tuple[Array, float | None]:
    """The mean over orders of the class's probability, and of the share after which the answer is another one."""
    curves = [deletion_curve(network, pixels, order, _DELETION_STEPS) for order in orders]
    shares = [_share(curve) for curve in curves]
    known = [share for share in shares if share is not None]
    mean = float(np.mean(known)) if len(known) == len(shares) else None
    return np.mean([network.probabilities(curve)[:, number] for curve in curves], axis=0), mean


def _share(curve: Array) -> float | None:
    answers = curve.argmax(axis=1)
    changed = np.flatnonzero(answers != answers[0])
    return float(changed[0]) / _DELETION_STEPS if len(changed) else None


def _name(loaded: LoadedModel) -> str:
    """Where the model is from; of an object, what it is called."""
    return str(loaded.path) if loaded.path != Path() else str(loaded.model.name)
