"""Who is studied: trained networks, each taken from where it is or trained when it is needed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import DATASETS, Dataset
from scribal.exceptions import ArgumentError, ModelError, RunError
from scribal.models import LoadedModel
from scribal.recipes import RECIPES, Recipe, find_recipe
from scribal.runs import RunFolder, TrainingProgress, predict, train
from scribal.runs.description import source_of
from scribal.runs.loading import as_loaded, as_path
from scribal.runs.settings import settle

__all__ = ["Answers", "Subject", "earlier_run", "find_subjects"]

_MODEL_SUFFIXES = (".keras", ".h5", ".json")


@dataclass(frozen=True)
class Answers:
    """What a network answers to n images.

    Attributes:
        probabilities: Shape (n, classes).
    """

    probabilities: np.ndarray

    @property
    def classes(self) -> np.ndarray:
        """Number of the most probable class of each image, shape (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1))

    @property
    def confidence(self) -> float:
        """Mean probability of the answers."""
        return float(self.probabilities.max(axis=1).mean())

    def accuracy(self, labels: np.ndarray) -> float:
        """Share of the answers that are the true class."""
        return float((self.classes == labels).mean())


@dataclass(frozen=True)
class Subject:
    """A trained network under study.

    Attributes:
        name: What the study calls it; no two subjects of a study have the same.
        origin: Where it comes from: a run folder, a file, or a word for an object of Python's.
        model: The network.
    """

    name: str
    origin: str
    model: LoadedModel

    def answers(self, images: np.ndarray) -> Answers:
        """Ask it for raw images of shape (n, height, width), 0 to 255, uint8 or floats.

        Raises:
            ModelError: It does not take images of that shape.
        """
        return Answers(predict(self.model, images).probabilities)


def find_subjects(
    networks: Sequence[Any],
    dataset: Dataset,
    *,
    data: Any,
    epochs: int,
    seed: int,
    runs: Path,
    progress: TrainingProgress,
) -> list[Subject]:
    """Take or train every network that is asked for.

    A recipe is not trained again where ``runs`` has a finished run of it with the same settings, seed and data; one
    that was interrupted goes on.

    Args:
        networks: Each a recipe or its name, a Python file with ``build()``, a run folder, a model file, or a
            ``keras.Model``.
        dataset: What recipes are trained on.
        data: The same as it was named, for the record of a new run.
        epochs: For recipes.
        seed: For recipes.
        runs: The folder in which runs are looked for, and into which new ones go.
        progress: Told of trainings.

    Raises:
        ArgumentError: There is none, or a recipe has no use for images.
        ScribalError: One of them cannot be found, loaded or trained.
        KeyboardInterrupt: Ctrl-C during a training.
    """
    if not networks:
        raise ArgumentError(
            "A study needs a network", received="none", advice=f"Give a recipe's name: {', '.join(RECIPES)}"
        )
    # All are looked at before the first is trained, which takes its time.
    givers = [_giver(network, dataset, data, epochs, seed, runs, progress) for network in networks]
    subjects: list[Subject] = []
    for give in givers:
        subject = give()
        taken = {other.name for other in subjects}
        names = [subject.name, *(f"{subject.name} ({number})" for number in range(2, len(taken) + 2))]
        free = next(name for name in names if name not in taken)
        subjects.append(Subject(free, subject.origin, subject.model))
    for subject in subjects:
        _check_answers(subject, dataset)
    return subjects


def _giver(
    network: Any, dataset: Dataset, data: Any, epochs: int, seed: int, runs: Path, progress: TrainingProgress
) -> Callable[[], Subject]:
    """Check what can be checked at once, and give what does the rest."""
    place = as_path(network)
    # A recipe's name is the recipe's, even where a folder is called so; ./mlp is the folder.
    is_recipe = isinstance(place, Recipe) or str(network) in RECIPES or str(network).endswith(".py")
    is_model = isinstance(place, Path) and (place.is_dir() or place.suffix in _MODEL_SUFFIXES)
    if is_model and not is_recipe:
        model = as_loaded(place)
        return lambda: Subject(place.stem if place.is_file() else place.resolve().name, str(place), model)
    if not is_recipe and not isinstance(place, Path):
        model = as_loaded(network)
        name = getattr(network, "name", None) or model.metadata.recipe or "model"
        return lambda: Subject(str(name), "an object of Python's", model)
    recipe = find_recipe(network)
    if recipe.dataset in DATASETS and len(DATASETS[recipe.dataset].image_shape) == 1:
        raise ArgumentError(
            "A study needs a recipe for images",
            received=f"{recipe.name}, which is trained on {recipe.dataset}",
            advice=f"Known for images are {', '.join(_recipes_for_images())}",
        )
    settle(recipe, epochs=epochs, seed=seed)
    return lambda: _trained(network, dataset, data, epochs, seed, runs, progress)


def _recipes_for_images() -> list[str]:
    return [name for name, recipe in RECIPES.items() if len(DATASETS[recipe.dataset].image_shape) > 1]


def _trained(
    network: Any, dataset: Dataset, data: Any, epochs: int, seed: int, runs: Path, progress: TrainingProgress
) -> Subject:
    recipe = find_recipe(network)
    found = earlier_run(network, dataset, epochs=epochs, seed=seed, runs=runs)
    if found is not None and found.is_complete and found.read_json("metrics.json")["epochs"] == epochs:
        progress.note(f"{recipe.name}: trained before, in {found.path}")
    else:
        out = found.path if found else RunFolder.next_free(runs, recipe.name)
        progress.note(f"{recipe.name}: training into {out}")
        resume = found is not None
        settings: dict[str, Any] = {} if resume else {"epochs": epochs, "seed": seed}
        run = train(network, data=data, out=out, resume=resume, progress=progress, **settings)
        if run.metrics["status"] != "finished":
            raise KeyboardInterrupt
        found = run.folder
    return Subject(recipe.name, str(found.path), as_loaded(found.path))


def earlier_run(network: Any, dataset: Dataset, *, epochs: int, seed: int, runs: Path) -> RunFolder | None:
    """Find a run of the same network with the same settings on the same data, complete ones first."""
    recipe = find_recipe(network)
    wanted = settle(recipe, epochs=epochs, seed=seed).as_dict()
    same_in_all = {"network": source_of(network), "recipe": recipe.describe()}
    same = []
    for path in sorted(runs.glob("*/run.json")):
        folder = RunFolder(path.parent)
        try:
            run = folder.read_json("run.json")
        except RunError:
            continue  # somebody else's trouble
        settings = run.get("settings", {})
        # Neither who trains nor on how many cores changes what is learned.
        alike = all(settings.get(name) == wanted[name] for name in wanted if name not in ("engine", "threads"))
        alike = alike and all(run.get(name) == value for name, value in same_in_all.items())
        if alike and run.get("dataset", {}).get("sha256") == dataset.fingerprint:
            same.append(folder)
    return max(same, key=lambda folder: folder.is_complete, default=None)


def _check_answers(subject: Subject, dataset: Dataset) -> None:
    """Raise unless the network takes the dataset's images and has an answer for each class."""
    classes = subject.answers(dataset.x_test[:1]).probabilities.shape[1]
    if classes < dataset.classes:
        raise ModelError(
            "A studied network must have an output for each class",
            received=f"{subject.name} with {classes} outputs for {dataset.classes} classes",
            advice="Give --data, the dataset that it was trained on",
        )
