"""Seconds an epoch, and seconds to a test accuracy: scribal and its rivals in turns, epoch by epoch."""

from collections.abc import Iterator
from statistics import median

from bench.contestants import SCRIBAL, TRAINING
from bench.parts.options import Figures, Options
from bench.prepare import prepare_case
from bench.process import TOO_LONG, Process, WorkerError, all_started
from bench.workloads import TRAINED, Workload

__all__ = ["best_rival", "hopeless", "measure_training"]

# A setting so many times as slow as the best rival in the first round sits out the others.
_HOPELESS = 1.6
_MOST_EPOCHS = 40
_LONGEST_EPOCH = 600.0  # seconds
# A setting that takes so many times as long as the best rival so far is not waited for; but so many seconds are.
_ENDLESS, _SECONDS_WAITED_FOR = 4, 30.0


def measure_training(options: Options) -> Iterator[tuple[str, Figures]]:
    """Measure training; accuracy is taken after each epoch, outside the time.

    Yields:
        A workload's name, with ``contestants``: for each ``seconds`` and ``accuracy`` by epoch; ``refused``: why
        others took no part; ``race``: if the workload asks for it, ``seconds`` and ``epochs`` to an accuracy.
    """
    for workload in options.chosen(TRAINED):
        folder = str(prepare_case(workload.name, options.samples))
        commands: list[Figures] = [{"do": "load", "folder": folder, "training": True}, {"do": "warm up"}]
        before = hopeless(workload, options)
        contestants = [c for c in (SCRIBAL, *TRAINING) if c.name not in before["names"]]
        with all_started(contestants, commands) as (processes, refused):
            figures: Figures = {"contestants": before["contestants"], "refused": before["refused"] | refused}
            figures["versions"] = {}
            for process in processes:
                figures["contestants"][process.contestant.name] = {"seconds": [], "accuracy": []}
                figures["versions"][process.contestant.environment] = process.ask("about")["versions"]
            playing = processes
            for number in range(options.rounds):
                title = f"{workload.name} {number + 1}/{options.rounds}"
                playing = _with_hope([p for p in playing if _train(p, figures, options, title)], figures)
            if workload.accuracy is not None:
                figures["race"] = _race(workload, processes, figures, options)
        yield workload.name, figures


def hopeless(workload: Workload, options: Options) -> Figures:
    """Rivals that sat out the later rounds of an earlier run, or were not waited for.

    Returns:
        Their ``names``; of those that were measured in ``contestants`` the first round; of the others in ``refused``
        the reason.
    """
    known = options.known.get("training", {}).get(workload.name)
    if known is None or options.everybody or known.get("conditions", {}).get("samples") != options.samples:
        return {"names": [], "contestants": {}, "refused": {}}
    most = max((len(own["seconds"]) for own in known["contestants"].values()), default=0)
    measured = {
        name: {what: values[:1] for what, values in own.items()}
        for name, own in known["contestants"].items()
        if name != SCRIBAL.name and len(own["seconds"]) < most
    }
    refused = {name: reason for name, reason in known["refused"].items() if TOO_LONG in reason}
    return {"names": [*measured, *refused], "contestants": measured, "refused": refused}


def best_rival(figures: Figures) -> str | None:
    """Name of the rival with the least median seconds, among those that took every round."""
    rivals: dict[str, list[float]] = {
        name: own["seconds"] for name, own in figures["contestants"].items() if name != SCRIBAL.name
    }
    if not rivals:
        return None
    rounds = max(map(len, rivals.values()))
    _, name = min((median(times), name) for name, times in rivals.items() if len(times) == rounds)
    return name


def _train(process: Process, figures: Figures, options: Options, title: str) -> bool:
    """Take an epoch's time; tells whether the contestant can go on."""
    name = process.contestant.name
    own = figures["contestants"][name]
    known = [time for rival, its in figures["contestants"].items() if rival != SCRIBAL.name for time in its["seconds"]]
    patience = max(_SECONDS_WAITED_FOR, _ENDLESS * min(known)) if known else _LONGEST_EPOCH
    try:
        seconds = process.time("train", epochs=1, patience=patience)
        accuracy = process.ask("score")["accuracy"]
    except WorkerError as error:
        figures["refused"][name] = str(error)
        if not own["seconds"]:
            del figures["contestants"][name]
        return False
    own["seconds"].append(seconds)
    own["accuracy"].append(accuracy)
    told = f"{own['seconds'][-1]:9.3f} s  {own['accuracy'][-1]:7.2%}"
    options.console.print(f"{title}  {told}  {name}")
    return True


def _with_hope(processes: list[Process], figures: Figures) -> list[Process]:
    """Scribal, and the rivals that may yet turn out to be the best."""
    times = {p.contestant.name: figures["contestants"][p.contestant.name]["seconds"] for p in processes}
    limit = _HOPELESS * min((median(own) for name, own in times.items() if name != SCRIBAL.name), default=0.0)
    return [p for p in processes if p.contestant == SCRIBAL or median(times[p.contestant.name]) <= limit]


def _race(workload: Workload, processes: list[Process], figures: Figures, options: Options) -> Figures:
    """Let scribal and the best rival go on, in turns, until they have reached the accuracy."""
    assert workload.accuracy is not None
    racing = [p for p in processes if p.contestant.name in (SCRIBAL.name, best_rival(figures))]
    most = _MOST_EPOCHS if options.samples is None else options.rounds
    result: Figures = {"accuracy": workload.accuracy, "contestants": {}}
    epochs = {p.contestant.name: figures["contestants"][p.contestant.name] for p in racing}
    taken = {name: list(own["seconds"]) for name, own in epochs.items()}
    reached = {name: list(own["accuracy"]) for name, own in epochs.items()}
    for number in range(most):
        for process in racing:
            name = process.contestant.name
            if max(reached[name]) < workload.accuracy and len(taken[name]) <= number:
                taken[name].append(process.time("train", epochs=1))
                reached[name].append(process.ask("score")["accuracy"])
                told = f"{sum(taken[name]):9.3f} s  {reached[name][-1]:7.2%}"
                options.console.print(f"{workload.name} to {workload.accuracy:.1%}  {told}  {name}")
    for name, accuracies in reached.items():
        count = next((i + 1 for i, value in enumerate(accuracies) if value >= workload.accuracy), None)
        seconds = None if count is None else sum(taken[name][:count])
        result["contestants"][name] = {"epochs": count, "seconds": seconds, "best": max(accuracies)}
    return result
