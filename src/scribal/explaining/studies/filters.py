"""The filter study: what a seven looks like behind one random filter, behind many, and behind trained ones.

And whether training the filters matters: the same network with its first filters, or all, left as they were drawn.
"""

import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from scribal.data import Dataset
from scribal.exceptions import ArgumentError
from scribal.explaining.studies.convolving import (
    FirstConvolution,
    find_convolution,
    first_convolution,
    pooled,
    random_kernel,
)
from scribal.explaining.studies.filters_page import draw_filter_plots, filter_sections
from scribal.explaining.studies.folder import Study, choose_folder, clear_folder, write_numbers
from scribal.explaining.studies.images import first_image, images_of, named, named_networks
from scribal.explaining.studies.page import drawn_in, write_study_page
from scribal.explaining.studies.short_training import train_shortly
from scribal.explaining.studies.subjects import find_subjects
from scribal.recipes import RECIPES, Recipe, find_recipe
from scribal.runs import TrainingProgress
from scribal.runs.counting import counted
from scribal.runs.progress import SilentProgress

__all__ = ["study_filters"]

_DEFAULT_RUNS = Path("runs")


def study_filters(
    network: Any = "dropout-cnn",
    *,
    data: str | Path | Dataset | None = None,
    digit: str = "7",
    epochs: int = 5,
    frozen_epochs: int = 3,
    seed: int = 0,
    runs: str | Path = _DEFAULT_RUNS,
    out: str | Path | None = None,
    force: bool = False,
    progress: TrainingProgress | None = None,
) -> Study:
    """Study what the filters of a network's first convolution see, random and trained.

    Args:
        network: A recipe's name, a Python file with ``build()``, a run folder, a model file, or a ``keras.Model``.
        data: A dataset's name, a path, or a dataset of images; MNIST by default.
        digit: The class whose first test image is looked at.
        epochs: For a recipe; a finished run of the same settings in ``runs`` is taken instead of a new one.
        frozen_epochs: For the comparison of random with trained filters, which is for recipes; 0 leaves it out.
        seed: Of trainings and random filters.
        runs: The folder in which runs are looked for, and into which new ones go.
        out: The study's folder; by default ``studies/filters`` and, if needed, a number.
        force: Whether an earlier study there may be replaced.
        progress: Told how far it is; nothing is told by default.

    Raises:
        ModelError: The network has no Conv2D.
        ScribalError: Something else of the above is not as it has to be; see :mod:`scribal.exceptions`.
        KeyboardInterrupt: Ctrl-C; what was trained is kept, and the same call goes on from there.
    """
    if not isinstance(frozen_epochs, int) or frozen_epochs < 0:
        raise ArgumentError(
            "frozen_epochs must be a whole number from 0",
            received=f"frozen_epochs={frozen_epochs!r}",
            advice="0 leaves the comparison out",
        )
    folder = choose_folder("filters", out, force=force)
    progress = progress or SilentProgress()
    dataset = images_of(data)
    image = first_image(dataset, digit)
    recipe = _recipe_of(network)
    if recipe is not None:
        find_convolution(recipe.build())  # before it is trained, which takes its time
    subject = find_subjects(
        [network], dataset, data=data, epochs=epochs, seed=seed, runs=Path(runs), progress=progress
    )[0]
    trained = first_convolution(subject.model)
    random = trained.with_kernel(random_kernel(trained.kernel.shape, seed))
    tables = {"filters": _filter_table(random, trained, image)}
    if recipe is not None and frozen_epochs:
        tables["frozen"] = _compare(recipe, dataset, frozen_epochs, seed, progress)
    clear_folder(folder)
    draw_filter_plots(folder, image, random, trained, tables.get("frozen"))
    sections = filter_sections(tables, subject.name, trained, digit)
    settings = {
        "network": subject.origin,
        "data": dataset.name,
        "digit": digit,
        "epochs": epochs,
        "frozen_epochs": frozen_epochs,
        "seed": seed,
    }
    study = Study(folder, tuple(line for section in sections for line in section.findings), tables, settings)
    options = {"digit": digit, "epochs": epochs, "frozen-epochs": frozen_epochs, "seed": seed}
    command = shlex.join(["scribal", "study", "filters", *named_networks([network]), *named(data, options)])
    summary = f"{subject.name} and the first test image of {digit} in {dataset.name}."
    write_study_page(study, sections, title="What filters see", summary=summary, command=command)
    write_numbers(study, "filters", command, drawn_in(sections))
    return study


def _filter_table(random: FirstConvolution, trained: FirstConvolution, image: np.ndarray) -> pd.DataFrame:
    """One row for each filter: what it weighs, and how much of the image passes it."""
    rows = []
    for kind, convolution in (("random", random), ("trained", trained)):
        maps = convolution.maps(image)
        for number, picture in enumerate(maps):
            kernel = convolution.kernel[..., number]
            rows.append(
                {
                    "kind": kind,
                    "filter": number,
                    "norm": float(np.linalg.norm(kernel)),
                    "mean": float(kernel.mean()),
                    "largest": float(picture.max()),
                    "bright_share": float((picture > max(picture.max(), 0) / 10).mean()),
                    "largest_pooled": float(pooled(picture[None])[0].max()),
                }
            )
    return pd.DataFrame(rows)


def _recipe_of(network: Any) -> Recipe | None:
    """The recipe to train anew, if the network was given by one."""
    # A recipe's name is the recipe's, even where a folder is called so.
    if isinstance(network, Recipe) or str(network) in RECIPES:
        return find_recipe(network)
    if (
        not isinstance(network, str | Path)
        or Path(network).is_dir()
        or Path(str(network)).suffix in (".keras", ".h5", ".json")
    ):
        return None
    return find_recipe(network)


def _compare(recipe: Recipe, dataset: Dataset, epochs: int, seed: int, progress: TrainingProgress) -> pd.DataFrame:
    """Train the recipe with all filters trained, its first convolution frozen, and all convolutions frozen."""
    kinds = {"all trained": 0, "the first convolution random": 1, "all convolutions random": None}
    rows = []
    for kind, frozen in kinds.items():
        progress.note(f"{recipe.name}, {kind}: {counted(epochs, 'epoch')}")
        result = train_shortly(recipe, dataset, epochs=epochs, seed=seed, frozen=frozen)
        rows += [
            {"filters": kind, "epoch": epoch, "accuracy": accuracy}
            for epoch, accuracy in enumerate(result.accuracies, 1)
        ]
    return pd.DataFrame(rows)
