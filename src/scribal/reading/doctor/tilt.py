"""By how much a digit has to be turned for a network to be surest of it.

The moments by which strokes are usually set upright tell hand from hand, as handwriting leans by up to 40 degrees
without harm; a network knows which slants it has seen.
"""

import numpy as np

from scribal.data.dataset import Array
from scribal.reading.characters import to_characters
from scribal.reading.recognition import Recogniser

__all__ = ["find_tilt"]

_TURNS = np.arange(-60, 61, 10)  # degrees
_SIDE = 112  # pixels
_FILLED = 0.6  # of them: room for the corners


def find_tilt(strength: Array, recogniser: Recogniser) -> float:
    """Find the turn.

    Args:
        strength: The ink of one digit, uint8 of shape (rows, columns).
        recogniser: Who is asked.

    Returns:
        Degrees by which the digit leans to the right, below 0 to the left: the mean of all turns, each weighed by the
        square of the margin by which the class that is most probable over all leads before the next.
    """
    import cv2

    rows, columns = strength.shape
    times = _FILLED * _SIDE / max(rows, columns)
    turned = []
    for turn in _TURNS.tolist():
        matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), turn, times)
        matrix[:, 2] += (_SIDE / 2 - columns / 2, _SIDE / 2 - rows / 2)
        turned.append(np.asarray(cv2.warpAffine(strength, matrix, (_SIDE, _SIDE), flags=cv2.INTER_AREA)))
    characters = to_characters(turned)
    chosen = int(recogniser.recognise(characters).probabilities.sum(axis=0).argmax())
    logits = recogniser.logits(characters)
    margins = logits[:, chosen] - np.delete(logits, chosen, axis=1).max(axis=1)
    weights = margins.clip(0) ** 2
    return float(weights @ _TURNS / max(weights.sum(), 1e-9))
