"""Old Keras tutorials, run as they stand or rewritten for today's Keras.

``scribal run`` adapts a script while it runs, in that process only; ``scribal modernise`` rewrites its source. What old
code called differently is written once, in ``scribal.legacy.changes``, and read by both.
"""

__all__: list[str] = []
