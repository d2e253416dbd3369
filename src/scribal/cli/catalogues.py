"""``scribal recipes`` and ``scribal datasets``: what there is to train, and on what."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from scribal.data import DatasetEntry

__all__ = ["datasets", "recipes"]

_AsJson = Annotated[bool, typer.Option("--json", help="Print a list of JSON objects.")]


def recipes(*, as_json: _AsJson = False) -> None:
    """List the recipes: layers, parameters and how each is trained."""
    from scribal.recipes import RECIPES

    if as_json:
        print(json.dumps([recipe.describe() for recipe in RECIPES.values()], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("recipe", "parameters", "training", "reported", "layers", box=None, pad_edge=False)
    table.columns[0].no_wrap = True
    table.columns[1].justify = "right"
    for recipe in RECIPES.values():
        reported = recipe.reported.get("test_accuracy")
        table.add_row(
            recipe.name,
            f"{recipe.parameters:,}",
            f"{recipe.optimizer}, batch {recipe.batch_size}, {recipe.epochs:,} epochs, {recipe.dataset}",
            "" if reported is None else f"{reported:.2%}",
            recipe.summary,
        )
    Console().print(table, highlight=False)


def datasets(*, as_json: _AsJson = False) -> None:
    """List the datasets: size, licence and where each is."""
    from scribal.data import DATASETS

    if as_json:
        print(json.dumps([_described(entry) for entry in DATASETS.values()], indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("dataset", "training", "test", "classes", "shape", "where", "licence", box=None, pad_edge=False)
    for column in table.columns[1:4]:
        column.justify = "right"
    # Names are never cut, so that they can be typed as they stand.
    for column in table.columns[:4]:
        column.no_wrap = True
    table.columns[5].overflow = "fold"
    for entry in DATASETS.values():
        table.add_row(
            entry.name,
            f"{entry.training_count:,}",
            f"{entry.test_count:,}",
            str(entry.classes),
            "x".join(str(size) for size in entry.image_shape),
            _whereabouts(entry),
            entry.licence,
        )
    console = Console()
    console.print(table, highlight=False)
    console.print(
        "Or give a path: IDX files, an .npz with Keras' array names, a CSV with the label first, or a folder with a "
        "subfolder of images for each class.",
        highlight=False,
    )


def _described(entry: "DatasetEntry") -> dict[str, Any]:
    return {
        "name": entry.name,
        "title": entry.title,
        "training": entry.training_count,
        "test": entry.test_count,
        "classes": entry.classes,
        "shape": list(entry.image_shape),
        "licence": entry.licence,
        "source": entry.source,
        "where": entry.where,
        "download_bytes": entry.download_size,
        "location": None if entry.location() is None else str(entry.location()),
    }


def _whereabouts(entry: "DatasetEntry") -> str:
    if not entry.download_size:
        return entry.where
    megabytes = f"{entry.download_size / 1e6:.0f} MB"
    return f"at hand: {entry.location()}" if entry.location() else f"{entry.where} ({megabytes})"
