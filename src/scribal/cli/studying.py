"""``scribal study``: questions about networks, answered by training and asking some."""

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scribal.exceptions import ArgumentError

if TYPE_CHECKING:
    from rich.console import Console

    from scribal.explaining.studies import Study

__all__ = ["study"]

study = typer.Typer(
    name="study",
    help="Study networks: what shifts do to them, what their filters see, what size brings.",
)

_Data = Annotated[str | None, typer.Option(help="A dataset's name or path; MNIST by default.")]
_Seed = Annotated[int, typer.Option(help="Of trainings and of all that is random.")]
_Runs = Annotated[Path, typer.Option(help="Where runs are looked for, and where new ones go.")]
_Out = Annotated[Path | None, typer.Option(help="The study's folder; studies/NAME by default.")]
_Force = Annotated[bool, typer.Option("--force", help="Replace an earlier study in that folder.")]
_AsJson = Annotated[bool, typer.Option("--json", help="End standard output with one JSON object.")]
_RUNS = Path("runs")


@study.command()
def shift(
    recipes: Annotated[
        list[str] | None,
        typer.Argument(help="Recipes, run folders or model files; mlp, lenet and dropout-cnn by default."),
    ] = None,
    *,
    data: _Data = None,
    digit: Annotated[str, typer.Option(help="The class whose mean image is moved.")] = "1",
    epochs: Annotated[int, typer.Option(help="Passes over the training data, for recipes.")] = 5,
    samples: Annotated[int, typer.Option(help="Test images to ask about, taken evenly.")] = 1000,
    seed: _Seed = 0,
    runs: _Runs = _RUNS,
    out: _Out = None,
    force: _Force = False,
    as_json: _AsJson = False,
) -> None:
    """Study how networks stand shifted, rotated, resized and corrupted images."""
    from rich.console import Console

    from scribal.explaining.studies import study_shift
    from scribal.explaining.studies.shift import DEFAULT_NETWORKS
    from scribal.runs import progress_for

    console = Console(stderr=as_json)
    result = study_shift(
        recipes or DEFAULT_NETWORKS,
        data=data,
        digit=digit,
        epochs=epochs,
        samples=samples,
        seed=seed,
        runs=runs,
        out=out,
        force=force,
        progress=progress_for(console),
    )
    _tell(result, console, as_json=as_json)


@study.command()
def filters(
    recipe: Annotated[str, typer.Argument(help="A recipe, run folder or model file with a Conv2D.")] = "dropout-cnn",
    *,
    data: _Data = None,
    digit: Annotated[str, typer.Option(help="The class whose first test image is looked at.")] = "7",
    epochs: Annotated[int, typer.Option(help="Passes over the training data, for a recipe.")] = 5,
    frozen_epochs: Annotated[
        int, typer.Option(help="The same for the comparison of random with trained filters; 0 leaves it out.")
    ] = 3,
    seed: _Seed = 0,
    runs: _Runs = _RUNS,
    out: _Out = None,
    force: _Force = False,
    as_json: _AsJson = False,
) -> None:
    """Study what the filters of a network's first convolution see, random and trained."""
    from rich.console import Console

    from scribal.explaining.studies import study_filters
    from scribal.runs import progress_for

    console = Console(stderr=as_json)
    result = study_filters(
        recipe,
        data=data,
        digit=digit,
        epochs=epochs,
        frozen_epochs=frozen_epochs,
        seed=seed,
        runs=runs,
        out=out,
        force=force,
        progress=progress_for(console),
    )
    _tell(result, console, as_json=as_json)


@study.command()
def size(
    *,
    widths: Annotated[str, typer.Option(help="Filters of the first convolution, parted by commas.")] = "2,4,8,16,32",
    images: Annotated[
        str | None, typer.Option(help="Numbers of training images, parted by commas; 1,000 to all by default.")
    ] = None,
    data: _Data = None,
    epochs: Annotated[int, typer.Option(help="Passes over all training images.")] = 3,
    repeats: Annotated[int, typer.Option(help="Seeds that each network is trained with.")] = 2,
    seed: _Seed = 0,
    out: _Out = None,
    force: _Force = False,
    as_json: _AsJson = False,
) -> None:
    """Study what more parameters, more images and more epochs bring, and what they cost."""
    from rich.console import Console

    from scribal.explaining.studies import study_size
    from scribal.runs import progress_for

    console = Console(stderr=as_json)
    result = study_size(
        _numbers("widths", widths),
        images=None if images is None else _numbers("images", images),
        data=data,
        epochs=epochs,
        repeats=repeats,
        seed=seed,
        out=out,
        force=force,
        progress=progress_for(console),
    )
    _tell(result, console, as_json=as_json)


def _numbers(name: str, text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise ArgumentError(
            f"--{name} takes whole numbers parted by commas",
            received=f"--{name} {text}",
            advice=f"Give --{name} 2,4,8, say",
        ) from None


def _tell(result: "Study", console: "Console", *, as_json: bool) -> None:
    """Say what was found and where it is."""
    folder = shlex.quote(str(result.folder))
    lines = ["", *result.findings, "", f"Everything is in {folder}/; open {folder}/study.html in a browser."]
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    if as_json:
        print(json.dumps({"folder": str(result.folder), **result.settings, "findings": list(result.findings)}))
