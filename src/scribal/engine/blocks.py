"""How kernels are cut into blocks that fit into the registers.

A block of ``units x columns`` sums is kept in registers while the inputs stream by: each input is loaded once for
all units of the block, each weight once for all its columns, so that loads are few against multiplications (K.
Goto, R. van de Geijn, "Anatomy of high-performance matrix multiplication", ACM TOMS 34, 2008).
"""

from scribal.engine.target import Target

__all__ = ["even_runs", "unit_block"]

# With more units a block would leave room for too few columns.
_MOST_UNITS = 6


def unit_block(units: int) -> int:
    """Units of one block: the largest divisor of all units that is not too large, so that no block is left over.

    >>> [unit_block(units) for units in (36, 128, 10, 7)]
    [6, 4, 5, 1]
    """
    return max(block for block in range(1, _MOST_UNITS + 1) if units % block == 0)


def even_runs(total: int, units: int, target: Target) -> list[tuple[int, int]]:
    """Cut columns into blocks of nearly equal size.

    >>> from scribal.engine.target import AVX512
    >>> even_runs(14, 6, AVX512)
    [(4, 2), (3, 2)]

    Args:
        total: Columns.
        units: Units of a block.
        target: Whose registers hold the sums.

    Returns:
        Runs of equal blocks as ``(columns of a block, number of blocks)``, largest first.
    """
    blocks = -(-total // max(target.accumulators // units, 1))
    small, larger = divmod(total, blocks)
    return [run for run in ((small + 1, larger), (small, blocks - larger)) if run[1]]
