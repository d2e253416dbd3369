"""Runs side by side: what they were told differently, how they do, and whether the difference can be chance."""

from scribal.runs.comparing.compared import ComparedRun
from scribal.runs.comparing.comparison import Comparison, Pair, compare

__all__ = ["ComparedRun", "Comparison", "Pair", "compare"]
