"""A Keras model's variables and the program that trains them: the same numbers in two places.

Numbers are copied only when they have changed on the other side. On JAX the array that a Keras variable holds is never
changed in place: a variable has changed if it holds another array than when it was last looked at. On other backends
every variable counts as changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribal.backend import import_keras
from scribal.engine.errors import LoweringError
from scribal.engine.lower import variables_of
from scribal.engine.program import Program

__all__ = ["Mirror"]


class Mirror:
    """Keeps a program and a compiled Keras model equal; holds on to the model's variables, not to the model.

    Args:
        program: The program.
        model: A built and compiled ``keras.Model``.

    Raises:
        LoweringError: The optimizer does not remember something for every trained weight.
    """

    def __init__(self, program: Program, model: Any) -> None:
        self.program = program
        self.optimizer = model.optimizer
        if not self.optimizer.built:
            _build(self.optimizer, model.trainable_variables)
        self._variables = variables_of(model)
        trained = {id(variable) for variable in model.trainable_variables}
        self._slots = self._slot_variables(
            {name: variable for name, variable in self._variables.items() if id(variable) in trained}
        )
        rate = self.optimizer.learning_rate
        # A schedule gives numbers; its steps are the program's affair.
        self._rate = rate if isinstance(rate, import_keras().Variable) else None
        self._all = [
            *self._variables.values(),
            *(variable for slot in self._slots.values() for variable in slot.values()),
        ]
        self._all.append(self.optimizer.iterations)
        self._is_immutable = import_keras().backend.backend() == "jax"
        self._seen: dict[int, Any] = {}
        # Of the program, when the two were last equal.
        self._steps: int | None = None

    def begin(self) -> None:
        """Make the program equal to the model; steps that the model was never told of are forgotten."""
        if self._steps != self.program.steps:
            self._seen.clear()
            self._steps = self.program.steps
        self.read()

    def read(self) -> None:
        """Copy into the program what has changed in the model, unless the program is steps ahead of it."""
        if self._steps != self.program.steps:
            return
        if any(self._differs(variable) for variable in self._all):
            self.program.weights = {name: np.asarray(variable) for name, variable in self._variables.items()}
            slots = {
                slot: {name: np.asarray(variable) for name, variable in group.items()}
                for slot, group in self._slots.items()
            }
            self.program.load_slots(slots)
            self.program.steps = int(self.optimizer.iterations)
            self._look()
        self.read_learning_rate()

    def read_learning_rate(self) -> None:
        """Take over a learning rate that was assigned to the Keras optimizer."""
        if self._rate is not None and self._differs(self._rate):
            self.program.learning_rate = float(self._rate)
            self._seen[id(self._rate)] = self._rate.value

    def write(self) -> None:
        """Copy weights, the optimizer's memory and its number of steps into the model's variables."""
        if self._steps == self.program.steps:
            return
        for name, value in self.program.weights.items():
            self._variables[name].assign(_tensor(value))
        slots = self.program.slots()
        for slot, group in self._slots.items():
            for name, variable in group.items():
                variable.assign(_tensor(slots[slot][name]))
        self.optimizer.iterations.assign(self.program.steps)
        self._look()

    def _look(self) -> None:
        """Remember what the variables hold."""
        self._steps = self.program.steps
        self._seen.update({id(variable): variable.value for variable in self._all})

    def _differs(self, variable: Any) -> bool:
        return not self._is_immutable or self._seen.get(id(variable)) is not variable.value

    def _slot_variables(self, trained: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The optimizer's variables by slot and weight; Keras names each after the weight's path and the slot."""
        known = {variable.name: variable for variable in self.optimizer.variables}
        paths = {name: variable.path.replace("/", "_") for name, variable in trained.items()}
        slots = self.program.optimizer.slots
        try:
            return {slot: {name: known[f"{path}_{slot}"] for name, path in paths.items()} for slot in slots}
        except KeyError as error:
            raise LoweringError("The optimizer must remember something for every weight", received=error) from error


def _build(optimizer: Any, variables: Sequence[Any]) -> None:
    """Let a Keras optimizer make its variables, those of zeros from arrays."""
    plain = optimizer.add_variable_from_reference

    def from_array(reference_variable: Any, name: str | None = None, initializer: Any = "zeros") -> Any:
        return plain(reference_variable, name=name, initializer=_zeros if initializer == "zeros" else initializer)

    optimizer.add_variable_from_reference = from_array
    try:
        optimizer.build(variables)
    finally:
        del optimizer.add_variable_from_reference


def _zeros(shape: tuple[int, ...], dtype: str | None = None) -> Any:
    return _tensor(np.zeros(shape, dtype))


def _tensor(array: NDArray[Any]) -> Any:
    """An array as Keras' backend has it; on JAX without a program being compiled for every shape."""
    if import_keras().backend.backend() != "jax":
        return array
    import jax

    return jax.device_put(array)
