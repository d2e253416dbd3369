"""Whole processes."""

from statistics import median

from bench.markdown import number, seconds, section, table
from bench.parts.options import Figures

__all__ = ["whole_section"]


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
    text = (
        "From the start of the process to the end of training: imports, data, compilation and all. Processor seconds\n"
        "are those of all threads; memory is the most that was resident."
    )
    return section("Whole processes", text, parts)
