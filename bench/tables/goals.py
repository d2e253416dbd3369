"""What was asked for, and what was measured."""

from collections.abc import Iterator
from statistics import median

from bench.contestants import SCRIBAL
from bench.markdown import number, spread, table
from bench.parts.commands import FIRST_ANSWER, KERAS, KERAS_RUN, TOY_RUN, TOY_TRAIN
from bench.parts.options import Figures, median_ratio
from bench.parts.training import best_rival
from bench.workloads import TOY, TRAINED, Workload

__all__ = ["epoch_ratio", "goals_section"]

_PREDICTED = "dropout-cnn"
_LATENCY, _MEMORY = (1, 2), (0.7, 0.4)
_TOY_SECONDS, _COLD_SECONDS, _CACHED_SECONDS = (6, 3), (1.5, 0.5), 0.05
_STARTING_SECONDS, _ANSWERING_SECONDS = 1, 0.6


def goals_section(results: Figures) -> str:
    """The table of aims, as far as something was measured."""
    rows = [row for rows_of in (_epochs, _toy, _commands, _compiling, _latency, _memory) for row in rows_of(results)]
    if not rows:
        return ""
    return "\n".join(
        [
            "## What was asked for",
            "",
            "How many times as fast as the best setting of the best rival in the same run, unless a row says",
            "otherwise; the median over the rounds, and its range.",
            "",
            table(["", "least", "aim", "measured", "best rival"], rows),
        ]
    )


def epoch_ratio(workload: Workload, results: Figures) -> tuple[tuple[float, float, float], str] | None:
    """How many times as fast as the best rival an epoch is, round by round, and who that rival is."""
    figures = results.get("training", {}).get(workload.name)
    rival = best_rival(figures) if figures else None
    if rival is None or SCRIBAL.name not in figures["contestants"]:
        return None
    theirs, ours = (figures["contestants"][name]["seconds"] for name in (rival, SCRIBAL.name))
    return median_ratio(theirs, ours), rival


def _epochs(results: Figures) -> Iterator[list[str]]:
    for workload in TRAINED:
        measured = epoch_ratio(workload, results)
        if measured is not None:
            ratio, rival = measured
            asked = [f"{goal:g}×" if goal else "–" for goal in (workload.least, workload.aim)]
            yield [f"`{workload.name}`, epoch", *asked, spread(*ratio), rival]


def _toy(results: Figures) -> Iterator[list[str]]:
    contestants = results.get("whole", {}).get(TOY.name, {}).get("contestants", {})
    if SCRIBAL.name in contestants:
        best = min(
            ((median(own["seconds"]), name) for name, own in contestants.items() if name != SCRIBAL.name), default=None
        )
        against = "–" if best is None else f"{best[1]}: {number(best[0])} s"
        ours = contestants[SCRIBAL.name]["seconds"]
        measured = spread(median(ours), min(ours), max(ours), " s")
        asked = [f"< {goal} s" for goal in _TOY_SECONDS]
        epochs = results["whole"][TOY.name]["epochs"]
        yield [f"`{TOY.name}`, {epochs:,} epochs, whole process", *asked, measured, against]


def _commands(results: Figures) -> Iterator[list[str]]:
    measured = results.get("commands", {}).get("commands", {}).get("commands", {})
    if not measured:
        return
    for title in (TOY_TRAIN, TOY_RUN):
        taken = measured[title]["seconds"]
        asked = [f"< {goal} s" for goal in _TOY_SECONDS]
        yield [title, *asked, spread(median(taken), min(taken), max(taken), " s"), "–"]
    pairs = zip(measured[KERAS_RUN]["process_seconds"], measured[KERAS]["process_seconds"], strict=True)
    more = [run - plain for run, plain in pairs]
    title = "`scribal run`, processor time added to a program's start"
    yield [title, f"< {_STARTING_SECONDS} s", "–", f"**{median(more):.2f} s** ({min(more):.2f}–{max(more):.2f})", "–"]
    taken = measured[FIRST_ANSWER]["process_seconds"]
    title = f"{FIRST_ANSWER}, processor time"
    yield [title, f"< {_ANSWERING_SECONDS} s", "–", spread(median(taken), min(taken), max(taken), " s"), "–"]


def _compiling(results: Figures) -> Iterator[list[str]]:
    measured = {name: own for name, own in results.get("compiling", {}).items() if own["cold"]}
    if measured:
        for state, asked in (
            ("cold", [f"< {goal} s" for goal in _COLD_SECONDS]),
            ("cached", ["–", f"{_CACHED_SECONDS} s"]),
        ):
            slowest, name = max((median(own[state]), name) for name, own in measured.items())
            title = "compiling any recipe" + (", from the cache" if state == "cached" else "")
            yield [title, *asked, f"**{number(slowest)} s** at most", f"(`{name}`)"]


def _latency(results: Figures) -> Iterator[list[str]]:
    contestants = results.get("prediction", {}).get(_PREDICTED, {}).get("contestants", {})
    ours = _best(contestants, "scribal")
    theirs = _best(contestants, "ONNX")
    if ours and theirs:
        ratio = median_ratio(contestants[theirs]["p50"], contestants[ours]["p50"])
        asked = [f"{goal}×" for goal in _LATENCY]
        yield [f"`{_PREDICTED}`, one image, against ONNX Runtime", *asked, spread(*ratio), theirs]


def _memory(results: Figures) -> Iterator[list[str]]:
    contestants = results.get("whole", {}).get(_PREDICTED, {}).get("contestants", {})
    rivals = {name: own for name, own in contestants.items() if "TensorFlow" in name}
    if rivals and SCRIBAL.name in contestants:
        least = min(rivals, key=lambda name: median(rivals[name]["peak_bytes"]))
        ratio = median_ratio(contestants[SCRIBAL.name]["peak_bytes"], rivals[least]["peak_bytes"])
        asked = [f"{goal}×" for goal in _MEMORY]
        yield [f"`{_PREDICTED}`, peak memory of training, against TensorFlow", *asked, spread(*ratio), least]


def _best(contestants: Figures, family: str) -> str | None:
    """The setting of a family that answers soonest."""
    times = {name: median(own["p50"]) for name, own in contestants.items() if name.startswith(family)}
    return min(times, key=lambda name: times[name]) if times else None
