"""Numbers and lists as the sentences of a study say them."""

from collections.abc import Sequence

__all__ = ["joined", "per_cent", "signed"]

_TINY = 0.0005


def per_cent(share: float) -> str:
    """A share as a percentage with one decimal; neither all nor nothing is said of what falls short of it."""
    if 1 - _TINY < share < 1:
        return "over 99.9 %"
    return "under 0.1 %" if 0 < share < _TINY else f"{100 * share:.1f} %"


def joined(parts: Sequence[str]) -> str:
    """A list as one speaks it: ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def signed(value: float) -> str:
    """A number that always shows on which side of 0 it lies."""
    return f"{value:+g}".replace("-", "\N{MINUS SIGN}") if value else "0"
