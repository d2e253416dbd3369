"""Seconds an epoch, accuracy, and seconds to an accuracy."""

from collections.abc import Callable
from typing import Any

from bench.contestants import SCRIBAL, TRAINING
from bench.markdown import number, seconds, section, table
from bench.parts.options import Figures
from bench.workloads import RACED, TRAINED

__all__ = ["race_section", "training_section"]


def training_section(results: Figures) -> str:
    """All contestants, epoch by epoch."""
    measured = results.get("training", {})
    names = [workload.name for workload in TRAINED if workload.name in measured]
    if not names:
        return ""
    most = {name: max(len(own["seconds"]) for own in measured[name]["contestants"].values()) for name in names}

    def time(name: str, own: dict[str, Any]) -> str:
        told = seconds(own["seconds"])
        return told if len(own["seconds"]) == most[name] else f"({told})"

    def accuracy(_: str, own: dict[str, Any]) -> str:
        return f"{own['accuracy'][0]:.2%}"

    parts = [
        "## Seconds an epoch",
        "Median over the rounds. In brackets: a setting so slow at first that it sat out the later ones.",
        _matrix(measured, names, time),
        "Accuracy on the test set after the first epoch, from the same initial weights: nobody trains something else.",
        _matrix(measured, names, accuracy),
    ]
    refused = {reason for name in names for reason in measured[name]["refused"].values()}
    if refused:
        parts.append("Did not take part:")
        parts.append("\n".join(f"- {reason.splitlines()[0]}" for reason in sorted(refused)))
    return "\n\n".join(parts)


def race_section(results: Figures) -> str:
    """Time to an accuracy."""
    rows = []
    for workload in RACED:
        race = results.get("training", {}).get(workload.name, {}).get("race")
        if race:
            for name, own in race["contestants"].items():
                reached = own["seconds"] is not None
                figures = [number(own["seconds"]), str(own["epochs"])] if reached else ["not reached", "–"]
                rows.append([f"`{workload.name}` to {race['accuracy']:.1%}", name, *figures])
    text = "Seconds of training until the test accuracy, looked at after each epoch outside the time, is reached first."
    head = ["", "", "seconds", "epochs"]
    return section("Seconds to an accuracy", text, [table(head, rows)] if rows else [])


def _matrix(measured: Figures, names: list[str], cell: Callable[[str, dict[str, Any]], str]) -> str:
    rows = []
    for contestant in (SCRIBAL, *TRAINING):
        found = [measured[name]["contestants"].get(contestant.name) for name in names]
        if any(found):
            rows.append(
                [contestant.name, *(cell(name, own) if own else "–" for name, own in zip(names, found, strict=True))]
            )
    return table(["", *(f"`{name}`" for name in names)], rows)
