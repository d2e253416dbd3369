"""``K.learning_phase()`` among a function's inputs, which is no input today."""

import libcst as cst

from scribal.legacy.modernise.program import Program

__all__ = ["without_phase"]


def without_phase(program: Program, original: cst.List, updated: cst.List) -> cst.List:
    """A list of the inputs of ``K.function``, or of their values, without the learning phase.

    Args:
        program: The program.
        original: The list as it was, an argument of a call.
        updated: The list as it is now.
    """
    parent = program.parents[program.parents[original]]
    function = parent.func if isinstance(parent, cst.Call) else None
    values = program.assigned(function) if isinstance(function, cst.Name) else [parent]
    makers = [value for value in values or () if isinstance(value, cst.Call) and value.args]
    for maker in makers:
        inputs = maker.args[0].value
        if program.canonical(maker.func) != "keras.backend.function" or not isinstance(inputs, cst.List):
            continue
        kept = [number for number, element in enumerate(inputs.elements) if not _is_phase(program, element.value)]
        if len(kept) < len(inputs.elements) == len(updated.elements):
            *others, last = (updated.elements[number] for number in kept)
            return updated.with_changes(elements=[*others, last.with_changes(comma=updated.elements[-1].comma)])
    return updated


def _is_phase(program: Program, value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Call) and program.canonical(value.func) == "keras.backend.learning_phase"
