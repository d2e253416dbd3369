"""The measured part of ``docs/default-model.md``, between two marks in it."""

from pathlib import Path
from typing import TYPE_CHECKING

from scribal.files import write_text
from scribal.models import Metadata
from tools.default_model.measuring import Figures

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["figures_in_words", "write_figures"]

_BEGIN, _END = "<!-- measured: begin -->", "<!-- measured: end -->"


def figures_in_words(figures: Figures, metadata: Metadata, size: int) -> str:
    """Tables of what was measured, in Markdown."""
    errors = figures.errors
    of_dropout = (errors["reader"] / errors["dropout-cnn"]).mean()
    of_mlp, dropout_of_mlp = ((errors[name] / errors["mlp"]).mean() for name in ("reader", "dropout-cnn"))
    area = figures.rejection.loc["all but look-alikes", "auroc"]
    lines = [
        "| | |",
        "|---|---|",
        f"| accuracy on MNIST's 10,000 test images | {figures.accuracy:.2%} |",
        f"| mean corruption error, `mlp` = 1 | {of_mlp:.3f} (`dropout-cnn`: {dropout_of_mlp:.3f}) |",
        f"| mean corruption error, `dropout-cnn` = 1 | {of_dropout:.3f} |",
        f"| expected calibration error on the test images, 15 bins | {figures.calibration_error:.2%} |",
        f"| test images rejected | {figures.rejected:.2%} |",
        f"| AUROC, test images against all kinds below but look-alikes | {area:.4f} |",
        f"| temperature | {metadata.temperature:g} |",
        f"| reject threshold | {metadata.reject_threshold:g} |",
        f"| size of the file | {size:,} bytes |",
        "",
        "Errors on the test images, as they are corrupted in MNIST-C:",
        "",
        "| corruption | `reader` | `dropout-cnn` | `mlp` |",
        "|---|---:|---:|---:|",
        *(_row(name, row) for name, row in errors.iterrows()),
        "",
        "Reject scores of the test images against what is no digit; beside it, what is rejected:",
        "",
        "| kind | AUROC | rejected |",
        "|---|---:|---:|",
        *(f"| {name} | {row['auroc']:.4f} | {row['rejected']:.1%} |" for name, row in figures.rejection.iterrows()),
    ]
    return "\n".join(lines)


def _row(name: object, row: "pd.Series[float]") -> str:
    return f"| `{name}` | {row['reader']:.2%} | {row['dropout-cnn']:.2%} | {row['mlp']:.2%} |"


def write_figures(page: Path, figures: str) -> None:
    """Put tables in the place of the earlier ones.

    Raises:
        ValueError: The page does not have the two marks.
    """
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(_BEGIN)
    _, mark, after = rest.partition(_END)
    if not mark:
        raise ValueError(f"{page} has no place for figures")
    write_text(page, f"{before}{_BEGIN}\n\n{figures}\n\n{_END}{after}")
