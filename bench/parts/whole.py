"""Whole processes: from their start to the end of an epoch, or of 20,000; and the memory they take at most."""

import time
from collections.abc import Iterator

from bench.contestants import SCRIBAL, TRAINING, Contestant
from bench.parts.options import Figures, Options
from bench.parts.training import hopeless
from bench.prepare import prepare_case
from bench.process import Process, WorkerError
from bench.workloads import TOY, WORKLOADS
from scribal.engine.cache import CACHE_VARIABLE

__all__ = ["measure_whole"]

_FIRST_EPOCH = tuple(WORKLOADS[name] for name in ("lenet", "dropout-cnn"))
_HOPELESS = 1.6
# A rival that takes so many times as long as the best so far is not waited for; but so many seconds are.
_ENDLESS, _SECONDS_WAITED_FOR, _LONGEST = 3, 30.0, 180.0
# A process' start varies little and takes long.
_MOST_ROUNDS = 3
_TOY_EPOCHS = 20_000
_TOY_EPOCHS_IN_A_TRIAL = 100
# Keras' fit takes half an hour for 20,000 epochs, unless they are laid end to end.
_TOO_SLOW_FOR_TOYS = ("Keras on TensorFlow, default", "Keras on JAX, default")
_NOT_FOR_STARTS = ("PyTorch, compiled",)


def measure_whole(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure processes from their start; nothing is warmed up.

    Yields:
        A workload's name, with ``epochs``, and ``contestants``: for each by round ``seconds`` that went by,
        ``process_seconds`` of all its threads, and ``peak_bytes``; ``refused``: why others took no part.
    """
    for workload in options.chosen((*_FIRST_EPOCH, TOY)):
        is_toy = workload is TOY
        left_out = _TOO_SLOW_FOR_TOYS if is_toy else (*_NOT_FOR_STARTS, *hopeless(workload, options)["names"])
        contestants = [c for c in (SCRIBAL, *TRAINING) if c.name not in left_out]
        toy_epochs = _TOY_EPOCHS if options.samples is None else _TOY_EPOCHS_IN_A_TRIAL
        epochs = toy_epochs if is_toy else 1
        folder = str(prepare_case(workload.name, options.samples))
        figures: Figures = {"epochs": epochs, "contestants": {}, "refused": {}}
        rounds = min(options.rounds, _MOST_ROUNDS)
        for number in range(rounds):
            for contestant in contestants:
                if contestant.name in figures["refused"] or _is_hopeless(contestant, figures):
                    continue
                try:
                    seconds = _run_once(contestant, folder, epochs, figures)
                except WorkerError as error:
                    figures["refused"][contestant.name] = str(error)
                    continue
                title = f"{workload.name}, {epochs:,} epochs, whole process {number + 1}/{rounds}"
                options.console.print(f"{title}  {seconds:9.3f} s  {contestant.name}")
        yield workload.name, figures


def _is_hopeless(contestant: Contestant, figures: Figures) -> bool:
    """Whether a rival was so slow in the first round that it may sit out the others."""
    rivals = {name: own["seconds"] for name, own in figures["contestants"].items() if name != SCRIBAL.name}
    own = rivals.get(contestant.name, [])
    return bool(own) and min(own) > _HOPELESS * min(map(min, rivals.values()))


def _run_once(contestant: Contestant, folder: str, epochs: int, figures: Figures) -> float:
    known = [min(own["seconds"]) for name, own in figures["contestants"].items() if name != SCRIBAL.name]
    patience = max(_SECONDS_WAITED_FOR, _ENDLESS * min(known)) if known else _LONGEST
    # The machine code of scribal's own earlier runs is not there.
    with Process(contestant, {CACHE_VARIABLE: "off"}) as process:
        process.ask("load", folder=folder, training=True, patience=patience)
        process.ask("train", epochs=epochs, patience=patience)
        seconds = time.perf_counter() - process.started
        about = process.ask("about")
    own = figures["contestants"].setdefault(contestant.name, {"seconds": [], "process_seconds": [], "peak_bytes": []})
    own["seconds"].append(seconds)
    own["process_seconds"].append(about["process_seconds"])
    own["peak_bytes"].append(about["peak_bytes"])
    return seconds
