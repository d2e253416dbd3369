"""``scribal sheet``, ``score`` and ``tune``: one's own handwriting."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from scribal.cli.model_options import OwnModel, Scale, Weights, load_own

if TYPE_CHECKING:
    from scribal.reading.scoring import Score
    from scribal.reading.tuning import Known, Tuning

__all__ = ["score", "sheet", "tune"]

_MOST_LISTED = 20

_AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def sheet(
    out: Annotated[Path, typer.Argument(help="The PDF file.")] = Path("sheet.pdf"),
    *,
    paper: Annotated[str, typer.Option(help="What it is printed on: a4 or letter.")] = "a4",
    samples: Annotated[int, typer.Option(help="How often each digit is written; ten fit on a page.")] = 10,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write a sheet to print and fill in by hand, for score and tune."""
    from scribal.reading.sheet import pages_for, write_sheet
    from scribal.runs.counting import counted

    written = write_sheet(out, paper=paper, samples=samples, overwrite=force)
    print(f"{written}: {counted(len(pages_for(samples)), 'page')}. Print it, fill it in, photograph it, then:")
    print("  scribal score PHOTO…")


def score(
    sources: Annotated[
        list[Path],
        typer.Argument(help="Photos of filled sheets, or folders of them, or of pictures in subfolders 0 to 9."),
    ],
    *,
    model: OwnModel = None,
    weights: Weights = None,
    scale: Scale = None,
    out: Annotated[Path, typer.Option(help="Where to write the page; an earlier one is replaced.")] = Path(
        "score.html"
    ),
    as_json: _AsJson = False,
) -> None:
    """Tell how well your own digits are read: accuracy, what is taken for what, and every mistake."""
    import scribal

    result = scribal.score(sources, model=load_own(model, weights, scale))
    page = result.write(out)
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
        return
    for line in _told(result):
        print(line)
    print(f"The page is in {page}; open it in a browser.")


def tune(
    more: Annotated[list[Path] | None, typer.Argument(help="More of what --on names.")] = None,
    *,
    on: Annotated[
        list[Path],
        typer.Option("--on", help="A photo of a filled sheet, or a folder of photos or samples; may be given again."),
    ],
    out: Annotated[Path, typer.Option(help="The tuned network: .keras, .h5 or .json.")] = Path("my-digits.keras"),
    model: OwnModel = None,
    weights: Weights = None,
    scale: Scale = None,
    folds: Annotated[int, typer.Option(help="Parts of the samples, each read by a network tuned on the others.")] = 3,
    seed: Annotated[int, typer.Option(help="Of what is random.")] = 0,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: _AsJson = False,
) -> None:
    """Tune the network on samples of your own handwriting, without forgetting that of others."""
    from rich.console import Console

    import scribal
    from scribal.runs import progress_for

    result = scribal.tune(
        [*on, *(more or [])],
        model=load_own(model, weights, scale),
        out=out,
        folds=folds,
        seed=seed,
        overwrite=force,
        progress=progress_for(Console(stderr=True)),
    )
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
        return
    for line in _tuned(result):
        print(line)


def _tuned(result: "Tuning") -> list[str]:
    from scribal.reading.score_page import what_was_found

    def line(name: str, before: str, after: str) -> str:
        return f"{name:<42}{before:>9}{after:>9}"

    def figures(known: "Known") -> list[str]:
        return [f"{value:.2%}" for value in (known.own, known.validation, known.test)]

    names = (f"your digits, held out in {result.folds} parts", "MNIST, validation (5,000)", "MNIST, test (10,000)")
    rows = zip(names, figures(result.before), figures(result.after), strict=True)
    low, high = result.after.own_interval.low, result.after.own_interval.high
    written = result.files[0]
    lines = [what_was_found(result.samples), line("", "before", "after"), *(line(*row) for row in rows)]
    lines.append(f"95 % interval of your digits after: {low:.2%} to {high:.2%}")
    if result.after.own_right <= result.before.own_right:
        lines.append("Your digits are read no better than before: the network of before is as good for you.")
    lines.append(f"Written in {result.seconds:.1f} s: {written}; use it: scribal read PHOTO --model {written}")
    return lines


def _told(result: "Score") -> list[str]:
    from scribal.reading.score_page import what_was_found

    between = f"95 % interval {result.interval.low:.2%} to {result.interval.high:.2%}"
    lines = [
        f"accuracy {result.accuracy:.2%} ({len(result.mistakes):,} of {len(result.samples):,} wrong), {between}",
        what_was_found(result.samples),
    ]
    record = result.as_dict()
    for mistake in record["mistakes"][:_MOST_LISTED]:
        where = f"{mistake['file']}, {mistake['place']}" if mistake["place"] else mistake["file"]
        lines.append(f"  {where}: {mistake['label']} taken for {mistake['answer']} ({mistake['confidence']:.1%})")
    if len(result.mistakes) > _MOST_LISTED:
        lines.append(f"  and {len(result.mistakes) - _MOST_LISTED:,} more")
    lines += [f"skipped {file}: {reason}" for file, reason in result.samples.skipped]
    return lines
