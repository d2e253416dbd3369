"""The shift study: why a network of convolutions stands what a dense one does not, and how far.

First the tutorials' experiment, the mean image of a digit moved by a few pixels; then accuracy and confidence on test
images that are shifted, rotated, scaled and corrupted.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from scribal.data import Dataset
from scribal.data.corruptions import CORRUPTIONS, corrupt
from scribal.data.transforms import shift
from scribal.explaining.studies import mean_image, robustness
from scribal.explaining.studies.folder import Study, choose_folder, clear_folder, write_numbers
from scribal.explaining.studies.images import evenly_chosen, images_of, named, named_networks
from scribal.explaining.studies.page import drawn_in, write_study_page
from scribal.explaining.studies.shift_plots import draw_shift_plots
from scribal.explaining.studies.shift_sections import shift_sections
from scribal.explaining.studies.subjects import find_subjects
from scribal.runs import TrainingProgress
from scribal.runs.counting import counted
from scribal.runs.progress import SilentProgress

__all__ = ["DEFAULT_NETWORKS", "study_shift"]

DEFAULT_NETWORKS = ("mlp", "lenet", "dropout-cnn")
_DEFAULT_RUNS = Path("runs")


def study_shift(
    networks: Sequence[Any] = DEFAULT_NETWORKS,
    *,
    data: str | Path | Dataset | None = None,
    digit: str = "1",
    epochs: int = 5,
    samples: int = 1000,
    seed: int = 0,
    runs: str | Path = _DEFAULT_RUNS,
    out: str | Path | None = None,
    force: bool = False,
    progress: TrainingProgress | None = None,
) -> Study:
    """Study how networks stand images that are shifted, rotated, scaled or corrupted.

    Args:
        networks: Each a recipe's name, a Python file with ``build()``, a run folder, a model file, or a
            ``keras.Model``. The first is what the others' errors are compared with.
        data: A dataset's name, a path, or a dataset of images; MNIST by default. Recipes are trained on its training
            set; all networks are asked about its test set.
        digit: The class whose mean image is moved.
        epochs: For recipes; a finished run of the same settings in ``runs`` is taken instead of a new one.
        samples: How many test images are asked about, taken evenly from the whole test set.
        seed: Of trainings and corruptions.
        runs: The folder in which runs are looked for, and into which new ones go.
        out: The study's folder; by default ``studies/shift`` and, if needed, a number.
        force: Whether an earlier study there may be replaced.
        progress: Told how far it is; nothing is told by default.

    Raises:
        ScribalError: Something of the above is not as it has to be; see :mod:`scribal.exceptions`.
        KeyboardInterrupt: Ctrl-C; what was trained is kept, and the same call goes on from there.
    """
    folder = choose_folder("shift", out, force=force)
    progress = progress or SilentProgress()
    dataset = images_of(data)
    mean = mean_image.mean_image(dataset, digit)
    chosen = evenly_chosen(len(dataset.x_test), samples)
    subjects = find_subjects(networks, dataset, data=data, epochs=epochs, seed=seed, runs=Path(runs), progress=progress)
    images, labels = dataset.x_test[chosen], dataset.y_test[chosen]
    corruptions = robustness.measure_corruptions(subjects, images, labels, seed, progress.note)
    tables = {
        "mean-image": mean_image.shifted_mean(subjects, mean, dataset, digit),
        "shifts": robustness.measure_shifts(subjects, images, labels, progress.note),
        "rotations": robustness.measure_rotations(subjects, images, labels, progress.note),
        "scales": robustness.measure_scales(subjects, images, labels, progress.note),
        "corruptions": corruptions,
        "corruption-errors": robustness.mean_corruption_error(corruptions, subjects[0].name),
    }
    example = dataset.x_test[chosen[:1]]
    examples = np.concatenate([example, *(corrupt(example, name, seed=seed) for name in CORRUPTIONS)])
    moved = np.concatenate([shift(mean[None], 0, columns) for columns in mean_image.SHOWN])
    clear_folder(folder)
    draw_shift_plots(folder, tables, moved, examples, digit)
    sections = shift_sections(tables, digit, subjects[0].name)
    settings = {
        "networks": {subject.name: subject.origin for subject in subjects},
        "data": dataset.name,
        "digit": digit,
        "epochs": epochs,
        "samples": len(images),
        "seed": seed,
    }
    study = Study(folder, tuple(line for section in sections for line in section.findings), tables, settings)
    command = _command(networks, data, digit=digit, epochs=epochs, samples=samples, seed=seed)
    summary = (
        f"{counted(len(subjects), 'network')}, {len(images):,} of the {len(dataset.x_test):,} test images of "
        f"{dataset.name}, taken evenly; nothing was trained or chosen with them."
    )
    write_study_page(study, sections, title="What shifted digits do to networks", summary=summary, command=command)
    write_numbers(study, "shift", command, drawn_in(sections))
    return study


def _command(networks: Sequence[Any], data: Any, **options: object) -> str:
    return shlex.join(["scribal", "study", "shift", *named_networks(networks), *named(data, options)])
