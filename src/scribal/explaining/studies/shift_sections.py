"""What the page of the shift study says, part by part."""

from collections.abc import Mapping

import pandas as pd

from scribal.explaining.studies import robustness_findings as found
from scribal.explaining.studies.mean_image import mean_image_findings
from scribal.explaining.studies.page import Section

__all__ = ["shift_sections"]

_MEAN = """
All training images of {digit} are averaged into one, which is moved to the left and to the right; what leaves the image
is lost, and what comes in is background. A dense network has a weight for each pixel: after a move, other weights meet
the ink. A convolution's filter is the same everywhere, and pooling forgets where exactly it answered; but the dense
layers behind them do have weights for places.
"""
_SHIFTS = """
Every test image is moved by up to 8 pixels along both axes, to 289 places; the middle one is its own.
"""
_CURVES = """
Full lines are the accuracy; broken lines are how sure the networks are of their answers, on average.
"""
_CORRUPTIONS = """
Noise, blur, crookedness, weather and strokes after N. Mu and J. Gilmer, MNIST-C (arXiv:1906.02337), at the severities
that this set is published with. The mean corruption error is a network's error on each corruption divided by that of
{baseline}, averaged over the fifteen (D. Hendrycks and T. Dietterich, arXiv:1903.12261).
"""


def shift_sections(tables: Mapping[str, pd.DataFrame], digit: str, baseline: str) -> list[Section]:
    """Give the parts of the page, each with what is seen in its numbers.

    Args:
        tables: The numbers, as the study's CSV files hold them.
        digit: Name of the mean image's class.
        baseline: The subject that the others' errors are compared with.
    """
    return [
        Section(
            f"The mean {digit}, moved",
            _MEAN.format(digit=digit),
            mean_image_findings(tables["mean-image"], digit),
            [
                ("answers.png", f"The mean {digit} in several places, with the answer of every network"),
                ("mean-image.png", f"Probability of {digit} against the shift of the mean image"),
            ],
            ["mean-image"],
        ),
        Section(
            "Shifted both ways",
            _SHIFTS,
            found.shift_findings(tables["shifts"]),
            [("shifts.png", "Maps of accuracy and mean confidence over all shifts")],
            ["shifts"],
        ),
        Section(
            "Shifted, rotated and resized",
            _CURVES,
            [
                found.range_finding(tables["rotations"], "degrees", 0, "°", "Rotated"),
                found.range_finding(tables["scales"], "factor", 1, "", "Resized"),
            ],
            [("curves.png", "Accuracy and mean confidence against shift, rotation and scale")],
            ["rotations", "scales"],
        ),
        Section(
            "The fifteen corruptions of MNIST-C",
            _CORRUPTIONS.format(baseline=baseline),
            found.corruption_findings(tables["corruptions"], tables["corruption-errors"], baseline),
            [("corruptions.png", "Accuracy of every network on each corruption")],
            ["corruption-errors", "corruptions"],
        ),
    ]
