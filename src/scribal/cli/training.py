"""``scribal train``."""

import json
import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["train"]

_INTERRUPTED = 130


def train(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or a Python file with build().")],
    *,
    data: Annotated[str | None, typer.Option(help="A dataset's name or path; the recipe's own by default.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Passes over the training data.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Samples a training step.")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="Learning rate of the optimizer.")] = None,
    optimizer: Annotated[str | None, typer.Option(help="Keras' name of the optimizer, such as adam or sgd.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of initial weights, shuffling and dropout; 0 by default.")] = None,
    validation: Annotated[
        str | None, typer.Option(help="test, none, or the held-out fraction of the training set, such as 0.2.")
    ] = None,
    engine: Annotated[
        str | None, typer.Option(help="What trains: native, keras, or auto: native where it can.")
    ] = None,
    threads: Annotated[int | None, typer.Option(help="Processor cores to use; all by default.")] = None,
    schedule: Annotated[
        str | None, typer.Option(help="Of the learning rate: constant, or cosine: down to 0 at the last step.")
    ] = None,
    augment: Annotated[
        str | None,
        typer.Option(help="Renew the training images for every epoch: none, hands, photos or reading."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run folder; runs/RECIPE by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier run in that folder.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in that folder, or the latest.")] = False,
    within: Annotated[
        float | None, typer.Option(help="Seconds for training; no epoch is begun that would end later.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="End standard output with one JSON object.")] = False,
) -> None:
    """Train a network on a dataset and write a run folder with everything about it.

    Ctrl-C ends it in good order; --resume goes on to the same result as an uninterrupted training.
    """
    from rich.console import Console

    from scribal import runs

    console = Console(stderr=as_json)
    console.print(f"training {recipe}; Ctrl-C ends it in good order", highlight=False, markup=False, soft_wrap=True)
    run = runs.train(
        recipe,
        data=data,
        epochs=epochs,
        batch_size=batch_size,
        learning_rate=learning_rate,
        optimizer=optimizer,
        seed=seed,
        validation=validation,
        engine=engine,
        threads=threads,
        schedule=schedule,
        augment=augment,
        out=out,
        force=force,
        resume=resume,
        within=within,
        progress=runs.progress_for(console),
    )
    for line in _summary(recipe, run):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if as_json:
        print(json.dumps({"run": str(run.folder.path), **run.metrics}))
    if run.metrics["status"] == "interrupted":
        raise typer.Exit(_INTERRUPTED)


def _summary(recipe: str, run: Any) -> list[str]:
    """What came out, where it is, and what to type next."""
    metrics = run.metrics
    folder = shlex.quote(str(run.folder.path))
    name = shlex.quote(recipe)
    wrong = f"{metrics['test_errors']:,} of {metrics['test_samples']:,} wrong"
    trained = f"{metrics['epochs']:,} of {metrics['planned_epochs']:,} epochs in {metrics['seconds']:.1f} s"
    lines = ["", f"Test accuracy {metrics['test_accuracy']:.2%} ({wrong}) after {trained}"]
    reported = metrics.get("reported", {}).get("test_accuracy")
    if reported is not None:
        lines.append(f"The tutorial reports {reported:.2%}.")
    lines += [f"Everything is in {folder}/; open {folder}/report.html in a browser.", "", "Next:"]
    if metrics["status"] != "finished":
        lines.append(f"  scribal train {name} --out {folder} --resume    go on to epoch {metrics['planned_epochs']}")
    lines += [
        f"  scribal predict {folder} PICTURE    the digit on a picture of your own",
        f"  scribal errors {folder}    every mistake, most confident first",
        f"  scribal evaluate {folder}    accuracy and confusion matrix",
    ]
    return lines
