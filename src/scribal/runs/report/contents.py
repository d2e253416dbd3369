"""What the report of a run says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from scribal.models import LayerDescription
from scribal.runs.evaluation import Evaluation
from scribal.runs.report.label_errors import ShownLabelErrors
from scribal.runs.speed import Speed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Report"]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What the page says. Whatever is ``None`` or empty is left out of it.

    Attributes:
        name: The recipe's or the model's name.
        dataset: The dataset's name.
        summary: What the network is, in one line.
        test_accuracy: On the test set, 0 to 1.
        test_loss: On the test set.
        test_samples: How many the test set has.
        mistakes: How many of them were answered wrong.
        reported_accuracy: What the tutorial reports, 0 to 1.
        reported_note: What the tutorial reports beyond that: a phrase without its full stop.
        epochs_done: Epochs that were trained.
        epochs_planned: Epochs that were to be trained.
        interrupted: Whether the training was ended before it was done.
        resume_command: What to type to go on with it.
        history: One row an epoch: ``epoch`` and any of ``loss``, ``accuracy``, ``val_loss``, ``val_accuracy``,
            ``seconds``.
        samples_plot: PNG file.
        evaluation: The answers to the test set; with ``pixels``, pictures are shown.
        pixels: The test images, uint8, shape (n, height, width) or (n, height, width, 3).
        label_errors: Training samples whose labels are likely wrong.
        confusion: Counts of shape (classes, classes): row = true class, column = predicted class.
        class_names: One name a class, in the order of ``confusion``.
        layers: The model's layers, in order.
        optimizer: Its name, with arguments that are not the defaults.
        learning_rate: At the start.
        loss: The loss function's name.
        batch_size: Samples a step.
        seed: Of initial weights, shuffling and dropout.
        pixel_scaling: What is done with pixels before the network sees them, such as ``"divided by 255"``.
        augmentation: How the images were renewed for every epoch; ``None`` where they were not.
        validation: What the training is validated on, such as ``"the last 20 % of the training set"``.
        engine: What trained.
        threads: Processor cores used.
        seconds: Time of the training.
        peak_memory: The most memory that the training process held, in bytes.
        speed: How quickly the network answers.
        sizes: Bytes on disk of each form that it is saved in.
        begun: When it began.
        host: The machine, in one line.
        versions: Version by library.
        training_samples: How many the training set has.
        dataset_sha256: Fingerprint of the data.
        dataset_licence: Under which terms the data may be used.
        dataset_source: Who made it, or where it is from.
        files: What each file in the folder is for, by its name.
        next_commands: What to type next: pairs of a command and what it does.
        repeat_command: The command that repeats this run exactly.
    """

    name: str
    dataset: str
    epochs_done: int
    epochs_planned: int
    summary: str | None = None
    test_accuracy: float | None = None
    test_loss: float | None = None
    test_samples: int | None = None
    mistakes: int | None = None
    reported_accuracy: float | None = None
    reported_note: str | None = None
    interrupted: bool = False
    resume_command: str | None = None
    history: "pd.DataFrame | None" = None
    samples_plot: Path | None = None
    evaluation: Evaluation | None = None
    pixels: NDArray[np.uint8] | None = None
    label_errors: ShownLabelErrors | None = None
    confusion: NDArray[np.integer[Any]] | None = None
    class_names: Sequence[str] = ()
    layers: Sequence[LayerDescription] = ()
    optimizer: str | None = None
    learning_rate: float | None = None
    loss: str | None = None
    batch_size: int | None = None
    seed: int | None = None
    pixel_scaling: str | None = None
    augmentation: str | None = None
    validation: str | None = None
    engine: str | None = None
    threads: int | None = None
    seconds: float | None = None
    peak_memory: int | None = None
    speed: Speed | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)
    begun: str | None = None
    host: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict)
    training_samples: int | None = None
    dataset_sha256: str | None = None
    dataset_licence: str | None = None
    dataset_source: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    next_commands: Sequence[tuple[str, str]] = ()
    repeat_command: str | None = None
