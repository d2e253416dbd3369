"""How many threads there is a processor core for."""

import os

__all__ = ["usable_threads"]


def usable_threads() -> int:
    """How many processor cores this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
