"""Learning rates that a program asks for and sets while it trains, which a schedule of Keras 3 does not let it."""

import libcst as cst

from scribal.legacy.modernise.program import Program

__all__ = ["is_rate_as_number", "sets_rates"]

_RATES = {"learning_rate", "lr"}
_SETTERS = {"keras.callbacks.LearningRateScheduler", "keras.callbacks.ReduceLROnPlateau"}


def sets_rates(program: Program) -> bool:
    """Whether a program gives an optimizer another rate, itself or by a callback of Keras."""
    if any(program.canonical(call.func) in _SETTERS for call in program.walk(cst.Call)):
        return True
    return any(
        node.attr.value in _RATES and (not program.is_read(node) or _is_assigned(program, node))
        for node in program.walk(cst.Attribute)
    )


def is_rate_as_number(program: Program, call: cst.Call) -> bool:
    """Whether a call is ``K.get_value(optimizer.lr)``, whose number ``LearningRateScheduler`` may be given back."""
    given = call.args[0].value if len(call.args) == 1 else None
    is_rate = isinstance(given, cst.Attribute) and given.attr.value in _RATES
    return is_rate and (program.qualified(call.func) or "").endswith(".get_value")


def _is_assigned(program: Program, node: cst.Attribute) -> bool:
    """Whether it is in ``K.set_value(optimizer.lr, …)`` or ``optimizer.lr.assign(…)``."""
    parent = program.parents[node]
    if isinstance(parent, cst.Attribute):
        return parent.attr.value == "assign"
    call = program.parents[parent] if isinstance(parent, cst.Arg) else None
    if not isinstance(call, cst.Call) or call.args[0] is not parent:
        return False
    return program.code(call.func).rpartition(".")[2] == "set_value"
