"""Training samples whose labels are likely wrong, as a report shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from scribal.runs.pages import percent, pixels_address

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LabelErrorRow", "ShownLabelErrors", "shown_label_errors"]

_MOST = 48
_LARGEST_SIDE = 56


@dataclass(frozen=True, kw_only=True)
class LabelErrorRow:
    """One sample whose label is likely wrong.

    Attributes:
        address: Of its picture; ``None`` for a row of a table.
        caption: Its label and what it rather is.
        description: The same in a sentence.
    """

    address: str | None
    caption: str
    description: str


@dataclass(frozen=True, kw_only=True)
class ShownLabelErrors:
    """Samples whose labels are likely wrong.

    Attributes:
        total: How many were found.
        samples: Among how many.
        rows: The most likely ones.
    """

    total: int
    samples: int
    rows: Sequence[LabelErrorRow]


def shown_label_errors(found: "pd.DataFrame", samples: int, pixels: NDArray[np.uint8] | None) -> ShownLabelErrors:
    """Make what a report shows of a table of label errors.

    Args:
        found: As :func:`scribal.runs.find_label_errors` gives it.
        samples: How many training samples there are.
        pixels: The training images; ``None`` for tables.
    """
    rows = []
    first = found.head(_MOST)
    for place, label, suggestion, confidence in zip(
        first["index"], first["label"], first["suggestion"], first["confidence"], strict=True
    ):
        address = None if pixels is None else pixels_address(pixels[place], largest_side=_LARGEST_SIDE)
        description = f"Training sample {place}: labelled {label}, rather {suggestion}, {percent(confidence)} sure"
        rows.append(LabelErrorRow(address=address, caption=f"{label} → {suggestion}", description=description))
    return ShownLabelErrors(total=len(found), samples=samples, rows=rows)
