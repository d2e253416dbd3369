"""Scribal by itself: compilation, kernels, and a busy machine."""

from bench.markdown import number, seconds, section, spread, table
from bench.parts.options import Figures, median_ratio

__all__ = ["busy_section", "compiling_section", "kernels_section"]


def compiling_section(results: Figures) -> str:
    """Seconds to compile."""
    measured = {name: own for name, own in results.get("compiling", {}).items() if own["cold"]}
    rows = [[f"`{name}`", seconds(own["cold"]), seconds(own["cached"])] for name, own in measured.items()]
    text = "Seconds from a Keras model to its machine code, in a new process each time; the median."
    return section("Compilation", text, [table(["", "empty cache", "from the cache"], rows)] if rows else [])


def kernels_section(results: Figures) -> str:
    """Operations a second."""
    parts = []
    for workload, figures in results.get("kernels", {}).items():
        if "passes" not in figures:
            continue
        peak, total = figures["peak_gflops"], figures["seconds"]
        counted = sorted((p for p in figures["passes"] if p["gflops"]), key=lambda p: -p["seconds"])
        rows = [
            [
                f"{own['layer']}, {own['pass']}",
                number(own["gflops"]),
                f"{own['gflops'] / peak:.0%}",
                f"{own['seconds'] / total:.0%}",
            ]
            for own in counted
        ]
        rest = total - sum(own["seconds"] for own in counted)
        rows.append(["everything else", "", "", f"{rest / total:.0%}"])
        parts += [
            f"### `{workload}`, peak {number(peak)} GFLOP/s",
            table(["", "GFLOP/s", "of the peak", "of the epoch"], rows),
        ]
    text = (
        "One thread, in the second epoch of a real training. Operations are those of the plain sum, so that kernels\n"
        "which skip zeros or use Winograd's method can exceed the peak: that of independent multiply-adds in registers."
    )
    return section("Kernels", text, parts)


def busy_section(results: Figures) -> str:
    """Epochs on a busy machine."""
    rows, fair = [], ""
    for workload, figures in results.get("busy", {}).items():
        fair = f"{number(figures['fair'])}× with {figures['competitors']} competitors"
        rows += [
            [f"`{workload}`, {name}", seconds(own["idle"]), seconds(own["busy"]), spread(*_slowdown(own))]
            for name, own in figures["contestants"].items()
        ]
    text = f"Seconds an epoch while other processes keep the cores busy. A fair share would be {fair}."
    return section("A busy machine", text, [table(["", "idle", "busy", "slower by"], rows)] if rows else [])


def _slowdown(own: dict[str, list[float]]) -> tuple[float, float, float]:
    return median_ratio(own["busy"], own["idle"])
