"""``scribal explain``: why a network takes one picture for what it takes it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scribal.cli.model_options import Model, Scale, Weights, load
from scribal.exceptions import ArgumentError

if TYPE_CHECKING:
    from scribal.explaining import Explanation

__all__ = ["explain"]

_COORDINATES = 2


def explain(
    model: Model,
    image: Annotated[Path, typer.Argument(help="An image file of one digit.")],
    *,
    class_name: Annotated[
        str | None, typer.Option("--class", help="The class to explain; by default the one the network answers.")
    ] = None,
    pixel: Annotated[
        str | None,
        typer.Option(
            help="ROW,COLUMN of the number of the first convolution that is worked out; by default the largest."
        ),
    ] = None,
    filter_number: Annotated[
        int | None, typer.Option("--filter", help="The filter of that number; by default the strongest.")
    ] = None,
    data: Annotated[
        str | None, typer.Option(help="Where the nearest are searched; by default what the run was trained on.")
    ] = None,
    among: Annotated[int, typer.Option(help="How many training pictures are searched; 0 for none.")] = 2000,
    weights: Weights = None,
    scale: Scale = None,
    out: Annotated[Path | None, typer.Option(help="The folder; explained/IMAGE by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier explanation in that folder.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show why a network takes a picture for what it takes it: one page, with pictures."""
    import scribal
    from scribal.explaining import check_free
    from scribal.runs import RunFolder

    folder = out or RunFolder.next_free(Path("explained"), image.stem, force=force)
    check_free(folder, force=force)
    explanation = scribal.explain(
        load(model, weights, scale),
        image,
        class_name=class_name,
        pixel=None if pixel is None else _place(pixel),
        filter_number=filter_number,
        data=data,
        among=among,
        scale=scale,
    )
    page = explanation.write(folder, force=force)
    if as_json:
        print(json.dumps({"folder": str(folder), **explanation.record()}, ensure_ascii=False))
        return
    for line in _summary(explanation):
        print(line)
    print(f"Everything is in {folder}/; open {page} in a browser.")


def _place(text: str) -> tuple[int, int]:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) != _COORDINATES or not all(part.isdecimal() for part in parts):
        raise ArgumentError(
            "--pixel is a row and a column, counted from 0", received=text, advice="Write them as in --pixel 12,7"
        )
    row, column = map(int, parts)
    return row, column


def _summary(explanation: "Explanation") -> list[str]:
    lines = [f"{explanation.picture.name}: {explanation.answer}  confidence {explanation.confidence:.1%}"]
    lines += [f"  {note}" for note in explanation.picture.notes]
    if explanation.explained_class != explanation.answer:
        number = explanation.class_number
        lines.append(f"  explained is {explanation.explained_class}, {explanation.probabilities[number]:.1%}")
    for change in explanation.changes:
        if change.answer is None:
            lines.append(f"  {change.kind:<14} {change.description} gives another answer")
        else:
            told = f"{explanation.class_names[change.answer]} ({change.confidence:.1%})"
            lines.append(f"  {change.kind:<14} {change.description}: {told}")
    if explanation.neighbours:
        labels = " ".join(one.label for one in explanation.neighbours)
        lines.append(f"  {'nearest':<14} {labels}  (of {explanation.searched:,} training pictures)")
    lines += [f"  {reason}" for what, reason in explanation.left_out.items() if what == "nearest"]
    return lines
