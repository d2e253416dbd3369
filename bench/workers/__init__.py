"""One file for each framework: a process that trains and predicts when it is told to.

Workers run in environments where scribal is not installed; only ``scribal`` among them imports it.
"""

__all__: list[str] = []
