"""Runs the studies as their commands do by default, and puts what they find into docs/studies.md.

``python -m tools.documentation.studies`` runs all three; names of studies after it run only those. Times are those of
the computer that it runs on, which should have nothing else to do.
"""

import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from rich.console import Console

from scribal.explaining.studies import Study, study_filters, study_shift, study_size
from scribal.runs import progress_for
from scribal.runs.description import processor

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "studies.md"
PICTURES = ROOT / "docs" / "pictures" / "studies"
SHOWN = {
    "shift": ("answers", "shifts", "curves", "corruptions"),
    "filters": ("one-filter", "random-filters", "trained-filters", "frozen"),
    "size": ("accuracy", "seconds"),
}
STUDIES: dict[str, Callable[..., Study]] = {"shift": study_shift, "filters": study_filters, "size": study_size}


def main() -> None:
    """Run the studies that are named, or all."""
    names = sys.argv[1:] or list(STUDIES)
    for name in names:
        with tempfile.TemporaryDirectory(prefix="scribal-study-") as folder:
            runs = {} if name == "size" else {"runs": Path(folder) / "runs"}
            begun = time.perf_counter()
            study = STUDIES[name](out=Path(folder) / name, progress=progress_for(Console()), **runs)
            seconds = time.perf_counter() - begun
            for picture in SHOWN[name]:
                _copy(study.folder / f"{picture}.png", PICTURES / f"{name}-{picture}.png")
            _put(name, study, seconds)


def _copy(source: Path, target: Path) -> None:
    """Copy a plot with a palette of its own colours, a third of the size."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(source) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)


def _put(name: str, study: Study, seconds: float) -> None:
    """Write the sentences between the marks of the study."""
    lines = [f"- {finding}" for finding in study.findings]
    lines += ["", f"It took {seconds:.0f} s, trainings included, on: {processor()}."]
    text = "\n".join(["", *lines, ""])
    page = PAGE.read_text(encoding="utf-8")
    marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", flags=re.DOTALL)
    PAGE.write_text(marks.sub(lambda found: f"{found[1]}{text}\n{found[2]}", page), encoding="utf-8")


if __name__ == "__main__":
    main()
