"""A training step cut into phases, one after the other: batch normalization needs the whole batch to go on.

Within a phase a chunk goes depth first through all that needs no more than itself. A phase ends where a normalization
needs mean and variance of all chunks, and on the way back where it needs the sums of its gradients. A network without
batch normalization is one phase.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from scribal.engine import operations as op
from scribal.engine.values import Value

__all__ = ["Action", "Phase", "Schedule", "Step", "schedule", "waits"]

Action = Literal["compute", "measure", "answer", "return", "total", "settle"]


@dataclass(frozen=True)
class Step:
    """One step of a phase, for every chunk.

    Attributes:
        action: ``"compute"`` a value; ``"measure"`` mean and deviations of what a normalization reads; ``"answer"``:
            take the loss; ``"return"`` from a value's gradient to those of what it is made of and of its weights;
            for a normalization, ``"total"`` the sums of its gradients first and, a phase later, ``"settle"`` what it
            reads.
        number: Of the value.
    """

    action: Action
    number: int


@dataclass
class Phase:
    """What happens before all threads have to wait.

    Attributes:
        merged: Normalizations whose measures are complete: every thread merges them before its first chunk.
        totalled: The same for the sums of their gradients.
        steps: What a chunk goes through.
    """

    merged: list[int] = field(default_factory=list)
    totalled: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Schedule:
    """When everything happens.

    Attributes:
        phases: In order.
        forward: For each value, the phase in which it is computed.
        backward: For each value, the phase in which its gradient is complete; None if it has none.
    """

    phases: tuple[Phase, ...]
    forward: tuple[int, ...]
    backward: tuple[int | None, ...]

    def leaves(self, number: int, value: Value) -> int | None:
        """The phase in which a value's gradient has been passed on."""
        complete = self.backward[number]
        return complete if complete is None else complete + waits(value)


def waits(value: Value) -> bool:
    """Whether a value is a normalization by the batch's own mean and variance."""
    return isinstance(value.node.operation, op.BatchNormalization) and value.node.trainable


def schedule(values: Sequence[Value], has_gradient: Sequence[bool]) -> Schedule:
    """Cut a step into phases.

    Args:
        values: The network's.
        has_gradient: Which of them have a gradient; the last one always has.
    """
    forward: list[int] = []
    for value in values:
        forward.append(max((forward[source] for source in value.sources), default=0) + waits(value))
    last = len(values) - 1
    backward: list[int | None] = [None] * len(values)
    for number in reversed(range(len(values))):
        if has_gradient[number]:
            arriving = [forward[last]] if number == last else []
            for reader in values[number].readers:
                complete = backward[reader]
                if complete is not None:
                    arriving.append(complete + waits(values[reader]))
            backward[number] = max(arriving)
    return Schedule(_phases(values, forward, backward, has_gradient), tuple(forward), tuple(backward))


def _phases(
    values: Sequence[Value], forward: Sequence[int], backward: Sequence[int | None], has_gradient: Sequence[bool]
) -> tuple[Phase, ...]:
    phases = [Phase() for _ in range(max(filter(None, backward), default=0) + 2)]
    for number, value in enumerate(values):
        phases[forward[number]].steps.append(Step("compute", number))
        for reader in value.readers:
            if waits(values[reader]):
                phases[forward[number]].steps.append(Step("measure", reader))
                phases[forward[reader]].merged.append(reader)
    phases[forward[-1]].steps.append(Step("answer", len(values) - 1))
    for number in reversed(range(len(values))):
        complete = backward[number]
        if complete is not None and waits(values[number]):
            phases[complete].steps.append(Step("total", number))
            if has_gradient[values[number].sources[0]]:
                phases[complete + 1].totalled.append(number)
                phases[complete + 1].steps.append(Step("settle", number))
        elif complete is not None:
            phases[complete].steps.append(Step("return", number))
    return tuple(phase for phase in phases if phase.steps)
