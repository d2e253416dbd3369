"""``scribal doctor``: what is wrong with a picture of digits, and before and after as one picture."""

import dataclasses
import json
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scribal.cli.annotations import STANDARD_INPUT
from scribal.cli.model_options import OwnModel, Scale, Weights, load_own
from scribal.cli.reading import FAILED, skipped_files, standard_input
from scribal.exceptions import ArgumentError, ImageError, MissingExtraError, ScribalError

if TYPE_CHECKING:
    from scribal.reading.doctor import Answer, Diagnosis, Doctor

__all__ = ["doctor"]

_ENDING = "-doctor"
_DRAWN = re.compile(rf"{_ENDING}(-\d+)?\.png")


def doctor(
    images: Annotated[list[Path], typer.Argument(help="Pictures, folders of them, or - for standard input.")],
    *,
    single: Annotated[bool, typer.Option("--single", help="There is one digit on each picture.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="The .png that is drawn, or a folder; by default beside each picture.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an earlier picture of that name.")] = False,
    model: OwnModel = None,
    weights: Weights = None,
    scale: Scale = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, one object a line and picture.")] = False,
) -> None:
    """Say what is wrong with pictures of digits, and draw before and after."""
    from scribal.files import check_writable
    from scribal.reading.doctor import Doctor
    from scribal.reading.doctor.drawing import check_free
    from scribal.reading.pictures import find_pictures

    found = find_pictures(images)
    if found.skipped:
        print(skipped_files(found.skipped), file=sys.stderr)
    # What was drawn beside the pictures of a folder is not looked at the next time.
    pictures = [picture for picture in found.pictures if picture in images or not _DRAWN.search(picture.name)]
    drawings = _drawings(out, pictures)
    for drawing in drawings.values():
        check_free(drawing, force=force)
    for folder in {drawing.parent for drawing in drawings.values()}:
        check_writable(folder)
    asked = Doctor.of(single=single, model=load_own(model, weights, scale))
    errors: list[ScribalError] = []
    for picture, drawing in drawings.items():
        try:
            for diagnosis in _pages(asked, picture):
                page = drawing if diagnosis.page == 1 else drawing.with_stem(f"{drawing.stem}-{diagnosis.page}")
                _tell(diagnosis, diagnosis.write(page, force=force), as_json=as_json)
        except (ImageError, MissingExtraError) as error:
            if len(drawings) == 1:
                raise
            errors.append(error)
            print(f"scribal: {error}", file=sys.stderr)
    if errors:
        raise typer.Exit(FAILED)


def _drawings(out: Path | None, pictures: Sequence[Path]) -> dict[Path, Path]:
    """Choose a place for what is drawn of each picture, all different."""
    if out is not None and out.suffix and not out.is_dir():
        if out.suffix.lower() != ".png":
            raise ArgumentError("What is drawn is a .png", received=f"--out {out}", advice="Choose that ending")
        if len(pictures) > 1:
            raise ArgumentError(
                "Several pictures are drawn into a folder",
                received=f"--out {out} for {len(pictures):,} pictures",
                advice="Give the name of a folder",
            )
        return dict.fromkeys(pictures, out)
    drawings: dict[Path, Path] = {}
    taken: set[str] = set()
    for picture in pictures:
        stem = "standard-input" if picture == STANDARD_INPUT else picture.stem
        folder = out if out is not None else picture.parent
        drawing, number = folder / f"{stem}{_ENDING}.png", 2
        while str(drawing).casefold() in taken:
            drawing, number = folder / f"{stem} {number}{_ENDING}.png", number + 1
        taken.add(str(drawing).casefold())
        drawings[picture] = drawing
    return drawings


def _pages(asked: "Doctor", picture: Path) -> "Iterator[Diagnosis]":
    if picture != STANDARD_INPUT:
        yield from asked.pages(picture)
        return
    for diagnosis in asked.pages(standard_input("doctor")):
        yield dataclasses.replace(diagnosis, file=str(STANDARD_INPUT))


def _tell(diagnosis: "Diagnosis", drawing: Path, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(diagnosis.as_dict() | {"picture": str(drawing)}, ensure_ascii=False), flush=True)
        return
    page = f", page {diagnosis.page}" if diagnosis.pages > 1 else ""
    print(f"{diagnosis.file}{page}")
    if not diagnosis.findings:
        print("  nothing is wrong with it")
    for finding in diagnosis.findings:
        print(f"  {finding.name:<14}  {finding.text}")
        if finding.rule.advice:
            print(f"  {'':<14}  {finding.rule.advice}")
    print(f"  {'before':<14}  {_answer(diagnosis.before.answer)}, grey and resized to 28x28 as tutorials do it")
    print(f"  {'after':<14}  {_after(diagnosis)}")
    print(f"  {'picture':<14}  {drawing}", flush=True)


def _after(diagnosis: "Diagnosis") -> str:
    if diagnosis.reading is not None:
        return f"{' / '.join(diagnosis.text.splitlines())}, as scribal reads it"
    if diagnosis.after is None:
        return "there is nothing to recognise"
    return f"{_answer(diagnosis.after.answer)}, made as MNIST's digits were"


def _answer(answer: "Answer") -> str:
    told = f"{answer.digit} with {answer.confidence:.1%}"
    return f"no digit (at most {told})" if answer.rejected else told
