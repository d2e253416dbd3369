"""Training: from a recipe's name to a run folder with everything in it."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribal.data import Dataset, load_dataset
from scribal.exceptions import ArgumentError, RunError
from scribal.models import Metadata
from scribal.recipes import Recipe, find_recipe
from scribal.runs.artefacts import write_artefacts
from scribal.runs.description import describe_run, named_data
from scribal.runs.fitting import fit
from scribal.runs.folder import RunFolder
from scribal.runs.preparation import build_for, samples_for
from scribal.runs.progress import SilentProgress, TrainingProgress
from scribal.runs.resuming import recorded_data, reopen, restore_finished, settings_to_resume
from scribal.runs.settings import settle
from scribal.runs.threads import limit_threads

__all__ = ["DEFAULT_PARENT", "Run", "train"]

DEFAULT_PARENT = Path("runs")


@dataclass(frozen=True)
class Run:
    """A training that has ended.

    Attributes:
        folder: Its run folder.
        metrics: What ``metrics.json`` holds, among it ``test_loss``, ``test_accuracy``, ``epochs``, ``seconds`` and
            ``status``.
        model: The trained ``keras.Model``.
    """

    folder: RunFolder
    metrics: dict[str, Any]
    model: Any


def train(
    network: Any,
    *,
    data: str | Path | Dataset | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    optimizer: Any = None,
    seed: int | None = None,
    validation: str | float | None = None,
    engine: str | None = None,
    threads: int | None = None,
    schedule: str | None = None,
    augment: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    resume: bool = False,
    within: float | None = None,
    progress: TrainingProgress | None = None,
) -> Run:
    """Train a network and write a run folder.

    Whatever is left out is taken from the recipe or, for ``resume``, from the run that goes on. The same seed gives the
    same weights on the same machine, bit for bit, whether or not the training was interrupted.

    Args:
        network: A recipe's name, a Python file with ``build()``, a recipe, or a ``keras.Model``, which is trained in
            place and afterwards compiled with accuracy as its metric.
        data: A dataset's name, a path, or a dataset.
        epochs: Passes over the training data.
        batch_size: Samples a step.
        learning_rate: Of the optimizer.
        optimizer: Keras' name of it, or a ``keras.optimizers.Optimizer``.
        seed: Of initial weights, shuffling and dropout; 0 by default.
        validation: ``"test"``, ``"none"`` or the fraction of the training set that is held out.
        engine: ``"native"``, ``"keras"``, or ``"auto"``: native where the engine can, else Keras.
        threads: Processor cores to use.
        schedule: ``"constant"``, or ``"cosine"``: the learning rate falls to 0 at the last step, along a cosine.
        augment: How the training images are renewed for every epoch: ``"none"``, ``"hands"``, ``"photos"`` or
            ``"reading"``.
        out: The run folder; by default ``runs/`` with the recipe's name and, if needed, a number.
        force: Whether an earlier run in that folder, by default ``runs/`` with the recipe's name, may be replaced.
        resume: Whether to go on with the run in that folder (by default the latest of the recipe).
        within: Seconds for training: no epoch is begun that would end later.
        progress: Told how far the training is; nothing is told by default.

    Raises:
        ScribalError: Something of the above is not as it has to be; see :mod:`scribal.exceptions`.
        KeyboardInterrupt: Ctrl-C before the first checkpoint. A later one ends the training in good order, with the
            status ``"interrupted"``.
    """
    recipe = find_recipe(network)
    _check_within(within)
    if force and resume:
        raise ArgumentError(
            "A run is either replaced or gone on with", received="--force and --resume", advice="Give one of the two"
        )
    wishes: dict[str, Any] = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "optimizer": optimizer,
        "seed": seed,
        "validation": validation,
        "engine": engine,
        "threads": threads,
        "schedule": schedule,
        "augment": augment,
    }
    given = {name: value for name, value in wishes.items() if value is not None}
    path = _place(recipe, out, resume=resume, force=force)
    earlier = RunFolder.open(path).read_json("run.json") if resume and (path / "run.json").is_file() else None
    if earlier:
        settings = settings_to_resume(recipe, network, earlier, given)
        data = recorded_data(earlier) if data is None else data
    else:
        settings = settle(recipe, **given)
        RunFolder.check_free(path, force=force)
    limit_threads(settings.threads)
    progress = progress or SilentProgress()
    dataset = data if isinstance(data, Dataset) else load_dataset(recipe.dataset if data is None else data)
    model, settings = build_for(recipe, dataset, settings, given)
    if earlier and (finished := restore_finished(path, model, dataset, settings)):
        progress.note(f"The run in {path} has all its epochs.")
        return Run(RunFolder.open(path), finished, model)
    samples = samples_for(model, dataset, settings)
    # Nothing is written, and nothing of an earlier run replaced, before all of the above has turned out well.
    if earlier:
        folder = reopen(path, earlier, dataset, settings)
    else:
        if resume:
            progress.note(f"There is no run in {path} yet; beginning one.")
        named = named_data(recipe.dataset if data is None else data)
        options = ({} if data is None or named is None else {"data": named}) | given
        description = describe_run(recipe, network, data=named, dataset=dataset, settings=settings, given=options)
        folder = RunFolder.create(path, description, force=force)
    fitted = fit(
        model,
        samples,
        settings,
        checkpoint=folder / "checkpoint.npz",
        progress=progress,
        within=within,
    )
    if not fitted.history:
        raise KeyboardInterrupt  # in the first epoch: there is nothing to write yet
    metadata = Metadata(
        scale=settings.scale,
        class_names=dataset.class_names,
        recipe=recipe.name,
        dataset=folder.read_json("run.json")["data"],
    )
    metrics = write_artefacts(folder, model, dataset, metadata, fitted)
    return Run(folder, metrics, model)


def _check_within(within: Any) -> None:
    is_number = isinstance(within, int | float) and not isinstance(within, bool)
    if within is not None and not (is_number and math.isfinite(within) and within > 0):
        raise ArgumentError(
            "within must be a positive number of seconds", received=f"within={within!r}", advice="Give 60, say"
        )


def _place(recipe: Recipe, out: str | Path | None, *, resume: bool, force: bool) -> Path:
    """Where the run folder is, or will be."""
    if out is not None:
        return Path(out)
    latest = RunFolder.latest(DEFAULT_PARENT, recipe.name) if resume else None
    if resume and latest is None:
        raise RunError(
            "There must be a run to go on with",
            received=f"no run of {recipe.name} in {DEFAULT_PARENT}/",
            advice="Name its folder with --out, or begin without --resume",
        )
    return latest or RunFolder.next_free(DEFAULT_PARENT, recipe.name, force=force)
