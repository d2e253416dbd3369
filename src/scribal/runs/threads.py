"""How many processor cores a training may use."""

import os

from scribal.exceptions import ArgumentError

__all__ = ["limit_threads"]


def limit_threads(threads: int | None) -> None:
    """Keep this process to so many processor cores; JAX starts as many threads as there are cores to run on.

    It has to be called before JAX is first used. Without a number nothing changes.

    Raises:
        ArgumentError: There are fewer cores, or the system cannot restrict a process to some of them.
    """
    if threads is None:
        return
    if not hasattr(os, "sched_setaffinity"):
        raise ArgumentError(
            "threads can be limited only where the system can keep a process to some cores",
            received=f"threads={threads} on {os.uname().sysname}",
            advice="Leave --threads out",
        )
    cores = sorted(os.sched_getaffinity(0))
    if threads > len(cores):
        raise ArgumentError(
            "threads must not be more than the processor cores at hand",
            received=f"threads={threads} with {len(cores)} cores",
            advice=f"Give --threads {len(cores)} or leave it out",
        )
    os.sched_setaffinity(0, cores[:threads])
