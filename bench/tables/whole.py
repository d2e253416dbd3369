"""Whole processes."""

from statistics import median

from bench.markdown import number, seconds, section, table
from bench.parts.options import Figures

__all__ = ["commands_section", "whole_section"]


def whole_section(results: Figures) -> str:
    """Time from a process' start, and its memory, for each network."""
    parts = []
    for workload, figures in results.get("whole", {}).items():
        rows = [
            [
                name,
                seconds(own["seconds"]),
                seconds(own["process_seconds"]),
                number(median(own["peak_bytes"]) / 1e6),
            ]
            for name, own in figures["contestants"].items()
        ]
        epochs = "first epoch" if figures["epochs"] == 1 else f"{figures['epochs']:,} epochs"
        parts += [
            f"### `{workload}`, {epochs}",
            table(["", "seconds", "processor seconds", "peak memory, MB"], rows),
        ]
        if refused := figures.get("refused"):
            parts.append("\n".join(f"- {reason.splitlines()[0]}" for reason in sorted(refused.values())))
    text = (
        "From the start of the process to the end of training: imports, data, compilation and all. Processor seconds\n"
        "are those of all threads; memory is the most that was resident."
    )
    return section("Whole processes", text, parts)


def commands_section(results: Figures) -> str:
    """Time and memory of scribal's commands."""
    measured = results.get("commands", {}).get("commands", {}).get("commands", {})
    rows = [
        [title, seconds(own["seconds"]), seconds(own["process_seconds"]), number(median(own["peak_bytes"]) / 1e6)]
        for title, own in measured.items()
    ]
    text = (
        "From the call to the end of the process, with everything it writes; machine code was compiled by an earlier\n"
        "call. The old program is `examples/old/keras2_toy.py`."
    )
    head = ["", "seconds", "processor seconds", "peak memory, MB"]
    return section("Commands", text, [table(head, rows)] if rows else [])
