"""``scribal evaluate``, ``predict``, ``errors`` and ``convert``: what is done with a trained network."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scribal.cli.model_options import Model, Scale, Weights, load
from scribal.exceptions import ArgumentError
from scribal.runs.counting import counted

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["convert", "errors", "evaluate", "predict"]

_Data = Annotated[str | None, typer.Option(help="A dataset's name or path; by default what the run was trained on.")]
_Engine = Annotated[str, typer.Option(help="What answers: native, keras, or auto: native where it can.")]
_AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]


def evaluate(
    model: Model,
    *,
    data: _Data = None,
    split: Annotated[str, typer.Option(help="Which part of the data: test or train.")] = "test",
    weights: Weights = None,
    scale: Scale = None,
    engine: _Engine = "auto",
    as_json: _AsJson = False,
) -> None:
    """Tell loss and accuracy of a network on a dataset, and what it takes for what."""
    from scribal import runs

    result = runs.evaluate(load(model, weights, scale), data, split=split, engine=engine)
    _tell(result.reason)
    wrong = len(result.misclassified)
    if as_json:
        print(
            json.dumps(
                {
                    "model": str(model),
                    "split": split,
                    "engine": result.engine,
                    "samples": len(result.labels),
                    "errors": wrong,
                    "loss": result.loss,
                    "accuracy": result.accuracy,
                    "class_names": list(result.class_names),
                    "confusion": result.confusion.tolist(),
                }
            )
        )
        return
    from rich.console import Console

    console = Console()
    console.print(
        f"accuracy {result.accuracy:.2%} ({wrong:,} of {len(result.labels):,} wrong), loss {result.loss:.4f}",
        highlight=False,
    )
    console.print("rows: label; columns: prediction", highlight=False)
    confusion = result.confusion_table()
    _print_table(confusion.reset_index(), console)


def predict(
    model: Model,
    images: Annotated[list[Path], typer.Argument(help="Image files, each of one digit.")],
    *,
    weights: Weights = None,
    scale: Scale = None,
    engine: _Engine = "auto",
    as_json: _AsJson = False,
    as_csv: _AsCsv = False,
) -> None:
    """Tell the digit on each image, how sure the network is, and the probability of every digit."""
    from scribal import runs

    _only_one(as_json, as_csv)
    predictions = runs.predict(load(model, weights, scale), images, engine=engine)
    _tell(predictions.reason)
    if as_json:
        for record in predictions.records():
            print(json.dumps(record, ensure_ascii=False))
        return
    if as_csv:
        predictions.table().to_csv(sys.stdout, index=False)
        return
    for record in predictions.records():
        note = f"  ({record['note']})" if record["note"] else ""
        print(f"{record['file']}: {record['digit']}  confidence {record['confidence']:.1%}{note}")
        print("  " + "  ".join(f"{name} {value:.3f}" for name, value in record["probabilities"].items()))


def errors(
    model: Model,
    *,
    true: Annotated[str | None, typer.Option("--true", help="Only images of this class.")] = None,
    predicted: Annotated[str | None, typer.Option("--predicted", help="Only images taken for this class.")] = None,
    data: _Data = None,
    weights: Weights = None,
    scale: Scale = None,
    gallery: Annotated[Path | None, typer.Option(help="Write the first 64 of them to this PNG file.")] = None,
    as_json: _AsJson = False,
    as_csv: _AsCsv = False,
) -> None:
    """List the test images that a network takes for something else, most confident first."""
    from scribal import runs

    _only_one(as_json, as_csv)
    is_plain_run = (model / "run.json").is_file() and weights is None and scale is None
    source: Any = model if is_plain_run else load(model, weights, scale)
    table = runs.errors(source, true=true, predicted=predicted, data=data)
    if gallery is not None:
        runs.draw_mistakes(source, table, gallery, data=data)
    if as_json:
        print(table.to_json(orient="records", force_ascii=False))
        return
    if as_csv:
        table.to_csv(sys.stdout, index=False)
        return
    from rich.console import Console

    console = Console()
    console.print(counted(len(table), "mistake"), highlight=False)
    for column in ("confidence", "label_probability"):
        table[column] = [f"{value:.3f}" for value in table[column]]
    if len(table):
        _print_table(table, console)


def convert(
    source: Model,
    destination: Annotated[
        Path, typer.Argument(help="Where to: .keras, .h5, .json (weights go beside it), or a folder for all four.")
    ],
    *,
    weights: Weights = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Convert a model between Keras' saved forms; plain Keras loads each of them."""
    from scribal import models

    written = models.convert(source, destination, weights=weights, overwrite=force)
    for path in written:
        print(path)


def _tell(reason: str) -> None:
    """Say on standard error why Keras answered and not the engine."""
    if reason:
        print(reason, file=sys.stderr)


def _only_one(as_json: bool, as_csv: bool) -> None:  # noqa: FBT001 (two flags, both named)
    if as_json and as_csv:
        raise ArgumentError("Output has one form", received="--json and --csv", advice="Give one of the two")


def _print_table(frame: Any, console: "Console") -> None:
    from rich.table import Table

    table = Table(*[str(column) for column in frame.columns], box=None, pad_edge=False)
    for column, kind in zip(table.columns, frame.dtypes, strict=True):
        column.justify = "right" if kind.kind in "if" else "left"
        column.no_wrap = True
    for row in frame.itertuples(index=False):
        table.add_row(*[str(value) for value in row])
    # Wider than the terminal rather than cut off: a table is also read by grep.
    console.width = max(console.width, console.measure(table).maximum)
    console.print(table, highlight=False, markup=False)
