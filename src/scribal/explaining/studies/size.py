"""The size study: what more parameters, more images and more epochs bring, and what they cost.

A family of small networks, alike but for their width, is trained on the engine: each width; the middle one on less and
less data, for as many steps; and the same for longer.
"""

import dataclasses
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from scribal.backend import import_keras
from scribal.data import Dataset
from scribal.exceptions import ArgumentError
from scribal.explaining.studies.folder import Study, choose_folder, clear_folder, write_numbers
from scribal.explaining.studies.images import images_of, named
from scribal.explaining.studies.page import drawn_in, write_study_page
from scribal.explaining.studies.short_training import train_shortly
from scribal.explaining.studies.size_page import draw_size_plots, size_sections
from scribal.recipes import Recipe
from scribal.runs import TrainingProgress
from scribal.runs.counting import counted
from scribal.runs.progress import SilentProgress

__all__ = ["WIDTHS", "small_cnn", "study_size"]

WIDTHS = (2, 4, 8, 16, 32)
_COUNTS = (1_000, 3_000, 10_000, 30_000)
_LEAST_IMAGES = 10
_BATCH_SIZE = 64
_LONGER = 4  # times as many epochs for the curve over epochs


def study_size(
    widths: Sequence[int] = WIDTHS,
    *,
    images: Sequence[int] | None = None,
    data: str | Path | Dataset | None = None,
    epochs: int = 3,
    repeats: int = 2,
    seed: int = 0,
    out: str | Path | None = None,
    force: bool = False,
    progress: TrainingProgress | None = None,
) -> Study:
    """Study how accuracy and time depend on the number of parameters, of training images and of epochs.

    Args:
        widths: Filters of the first convolution; the second has twice as many.
        images: Numbers of training images; 1,000 to all of them by default.
        data: A dataset's name, a path, or a dataset of images; MNIST by default.
        epochs: For each training on all images. With fewer images there are more epochs, so that all see as many; for
            the curve over epochs there are four times as many.
        repeats: How often each is trained, with seeds that follow each other.
        seed: The first seed.
        out: The study's folder; by default ``studies/size`` and, if needed, a number.
        force: Whether an earlier study there may be replaced.
        progress: Told of every training; nothing is told by default.

    Raises:
        ScribalError: Something of the above is not as it has to be; see :mod:`scribal.exceptions`.
        KeyboardInterrupt: Ctrl-C; what was done with all of a seed's trainings is written first, as a study of fewer
            repeats.
    """
    _check("widths", widths, 1)
    _check("epochs", [epochs], 1)
    _check("repeats", [repeats], 1)
    folder = choose_folder("size", out, force=force)
    progress = progress or SilentProgress()
    dataset = images_of(data)
    total = len(dataset.x_train)
    counts = _counts(total) if images is None else list(images)
    _check("images", counts, _LEAST_IMAGES, total)
    trainings = list(_trainings(sorted(set(widths)), sorted(set(counts)), total, epochs, repeats, seed))
    measured: list[list[dict[str, Any]]] = []
    interruption = None
    try:
        for training in trainings:
            measured.append(_measured(training, dataset))
            progress.note(_told(training, measured[-1][-1], f"{len(measured)}/{len(trainings)}"))
    except KeyboardInterrupt as error:
        # With each seed come all parts of the study, so what is done with whole seeds is a study of fewer repeats.
        each = len(trainings) // repeats
        repeats = len(measured) // each
        if not repeats:
            raise
        interruption = error
        trainings, measured = trainings[: repeats * each], measured[: repeats * each]
    tables = {"trainings": pd.DataFrame([row for rows in measured for row in rows])}
    clear_folder(folder)
    draw_size_plots(folder, tables["trainings"])
    sections = size_sections(tables["trainings"])
    settings = {
        "widths": list(widths),
        "images": counts,
        "data": dataset.name,
        "epochs": epochs,
        "repeats": repeats,
        "seed": seed,
    }
    study = Study(folder, tuple(line for section in sections for line in section.findings), tables, settings)
    command = _command(widths, images, data, epochs=epochs, repeats=repeats, seed=seed)
    summary = (
        f"Networks of two convolutions on {dataset.name}, {len(trainings)} trainings; accuracy on all "
        f"{len(dataset.x_test):,} test images, by which nothing was chosen. Times are this computer's."
    )
    write_study_page(study, sections, title="What size, data and patience bring", summary=summary, command=command)
    write_numbers(study, "size", command, drawn_in(sections))
    if interruption is not None:
        raise interruption
    return study


@dataclasses.dataclass(frozen=True)
class _Training:
    varied: str
    width: int
    images: int
    epochs: int
    seed: int


def small_cnn(width: int) -> Recipe:
    """Give the network of the family with so many filters in its first convolution, and how it is trained."""

    def network(shape: tuple[int, ...], classes: int) -> Any:
        keras = import_keras()
        layers = keras.layers
        return keras.Sequential(
            [
                keras.Input(shape),
                layers.Conv2D(width, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Conv2D(2 * width, 3, activation="relu"),
                layers.MaxPooling2D(2),
                layers.Flatten(),
                layers.Dense(classes, activation="softmax"),
            ],
            name=f"small_cnn_{width}",
        )

    return Recipe(
        name=f"small-cnn-{width}",
        summary=f"Conv2D {width} 3x3 ReLU, MaxPooling2D 2, Conv2D {2 * width} 3x3 ReLU, MaxPooling2D 2, Flatten, Dense",
        network=network,
        batch_size=_BATCH_SIZE,
    )


def _trainings(
    widths: list[int], counts: list[int], total: int, epochs: int, repeats: int, seed: int
) -> Iterator[_Training]:
    middle = widths[len(widths) // 2]
    for repeat in range(seed, seed + repeats):
        for width in widths:
            yield _Training("parameters", width, total, epochs, repeat)
        for count in counts:
            yield _Training("images", middle, count, round(epochs * total / count), repeat)
        yield _Training("epochs", middle, total, _LONGER * epochs, repeat)


def _measured(training: _Training, dataset: Dataset) -> list[dict[str, Any]]:
    part = dataclasses.replace(
        dataset, x_train=dataset.x_train[: training.images], y_train=dataset.y_train[: training.images]
    )
    by_epoch = training.varied == "epochs"
    result = train_shortly(
        small_cnn(training.width), part, epochs=training.epochs, seed=training.seed, only_last=not by_epoch
    )
    numbers = range(1, training.epochs + 1) if by_epoch else [training.epochs]
    return [
        {
            "varied": training.varied,
            "width": training.width,
            "parameters": int(result.model.count_params()),
            "images": training.images,
            "epochs": number,
            "seed": training.seed,
            "accuracy": accuracy,
            "seconds": seconds,
        }
        for number, accuracy, seconds in zip(numbers, result.accuracies, result.seconds, strict=True)
    ]


def _told(training: _Training, last: dict[str, Any], place: str) -> str:
    return (
        f"{place}  {last['parameters']:,} parameters, {training.images:,} images, "
        f"{counted(training.epochs, 'epoch')}: {last['accuracy']:.2%} in {last['seconds']:.1f} s"
    )


def _counts(total: int) -> list[int]:
    fewer = [count for count in _COUNTS if count < total]
    return [*(fewer or [max(total // 8, 1), max(total // 2, 1)]), total]


def _check(name: str, values: Sequence[int], least: int, most: int = 10**6) -> None:
    for value in values or [0]:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise ArgumentError(
                f"{name} must be whole numbers from {least:,} to {most:,}",
                received=f"{name}={list(values)}",
                advice=f"Leave --{name} out for the default",
            )


def _command(widths: Sequence[int], images: Sequence[int] | None, data: Any, **options: int) -> str:
    words = ["scribal", "study", "size"]
    if tuple(widths) != WIDTHS:
        words += ["--widths", ",".join(map(str, widths))]
    if images is not None:
        words += ["--images", ",".join(map(str, images))]
    return shlex.join([*words, *named(data, options)])
