"""scribal and its rivals, side by side: ``make bench`` measures, ``docs/benchmarks.md`` shows.

::

    workloads     what is measured: networks, and how many times the rivals' speed is asked for
    prepare       a workload as files that every worker can read
    environments  a Python environment for each rival
    contestants   who takes part, in which settings
    workers/      one file for each framework: a process that trains and predicts when it is told to
    process       the other end: starts a worker, talks to it, lets it sleep
    parts/        the measurements; all compare in rounds, so that a drifting machine hits all alike
    results       what was measured, as JSON
    page, plot    what was measured, as docs/benchmarks.md

Nothing here decides a test.
"""

__all__: list[str] = []
