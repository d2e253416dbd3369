"""``scribal sheet``, ``score`` and ``tune``: one's own handwriting."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scribal.reading.scoring import Score

__all__ = ["score", "sheet"]

_MOST_LISTED = 20

_Model = Annotated[
    Path | None, typer.Option(help="A run folder or model file of your own; by default the network of scribal.")
]


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
    model: _Model = None,
    out: Annotated[Path, typer.Option(help="Where to write the page; an earlier one is replaced.")] = Path(
        "score.html"
    ),
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Tell how well your own digits are read: accuracy, what is taken for what, and every mistake."""
    import scribal

    result = scribal.score(sources, model=model)
    page = result.write(out)
    if as_json:
        print(json.dumps(result.as_dict(), ensure_ascii=False))
        return
    for line in _told(result):
        print(line)
    print(f"The page is in {page}; open it in a browser.")


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
