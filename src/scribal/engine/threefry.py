"""A counter-based random generator: the bits for an element depend on where it is, not on what was drawn before.

Threefry-2x32 with 20 rounds, of J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). Any
thread can draw the bits of any element, so results do not depend on how work was divided.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["PARITY", "ROTATIONS", "dropout_key", "dropout_keys", "dropout_threshold", "keep_mask", "threefry"]

Words = NDArray[np.uint32]

PARITY: Final = 0x1BD11BDA
ROTATIONS: Final = (13, 15, 26, 6, 17, 29, 16, 24)


def threefry(key: tuple[int, int], first: Words, second: Words) -> tuple[Words, Words]:
    """Encrypt counters: 20 rounds of add, rotate and xor, with the key added after every fourth.

    Args:
        key: Two 32-bit words.
        first: First words of the counters, any shape.
        second: Second words, of the same shape.

    Returns:
        Two arrays of random words.
    """
    schedule = (*key, key[0] ^ key[1] ^ PARITY)
    first = first + np.uint32(schedule[0])
    second = second + np.uint32(schedule[1])
    for turn in range(5):
        for rotation in ROTATIONS[4 * (turn % 2) : 4 * (turn % 2) + 4]:
            first = first + second
            second = (second << np.uint32(rotation)) | (second >> np.uint32(32 - rotation))
            second = second ^ first
        first = first + np.uint32(schedule[(turn + 1) % 3])
        second = second + np.uint32((schedule[(turn + 2) % 3] + turn + 1) & 0xFFFFFFFF)
    return first, second


def dropout_keys(seed: int, steps: range, layers: Sequence[int]) -> Words:
    """Derive the keys of Dropout layers in some steps.

    Args:
        seed: The training's seed, 64 bits of which are used.
        steps: Numbers of the steps, 0 for the first of the first epoch.
        layers: Positions of the nodes in their graph.

    Returns:
        Two words for each step and layer, ``(steps, layers, 2)``.
    """
    key = (seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF)
    numbers = np.arange(steps.start, steps.stop).astype(np.uint32)
    step, layer = np.meshgrid(numbers, np.array(layers, np.uint32), indexing="ij")
    return np.stack(threefry(key, step, layer), axis=-1)


def dropout_key(seed: int, step: int, layer: int) -> tuple[int, int]:
    """Derive the key of one Dropout layer in one step; see ``dropout_keys``."""
    first, second = dropout_keys(seed, range(step, step + 1), [layer])[0, 0]
    return int(first), int(second)


def dropout_threshold(rate: float) -> int:
    """The least random word that keeps its element."""
    return min(round(rate * 2**32), 2**32 - 1)


def keep_mask(key: tuple[int, int], samples: int, elements: int, rate: float) -> NDArray[np.bool_]:
    """Choose which elements of each sample a Dropout layer keeps.

    Args:
        key: From ``dropout_key``.
        samples: Samples in the batch.
        elements: Values of one sample, in channels-last order.
        rate: Probability of not keeping one.

    Returns:
        True where an element is kept, shape ``(samples, elements)``.
    """
    sample, element = np.indices((samples, elements), dtype=np.uint32)
    return threefry(key, sample, element)[0] >= np.uint32(dropout_threshold(rate))
