"""Old source in, modern source out: the passes, from top to bottom."""

import dataclasses
import difflib
import re
from collections.abc import Callable, Sequence

import libcst as cst

from scribal.exceptions import ArgumentError
from scribal.legacy.changes.optimizers import KERAS_2_DEFAULTS
from scribal.legacy.definitions import DEFINITIONS
from scribal.legacy.modernise.attributes import modernise_attributes
from scribal.legacy.modernise.by_hand import write_out_gradients
from scribal.legacy.modernise.calls import modernise_calls
from scribal.legacy.modernise.compiled_once import say_what_compile_fixed
from scribal.legacy.modernise.datasets import give_arrays
from scribal.legacy.modernise.dead import drop_dead_statements
from scribal.legacy.modernise.drawing import modernise_drawing
from scribal.legacy.modernise.estimators import write_out_estimators
from scribal.legacy.modernise.file_names import modernise_file_names
from scribal.legacy.modernise.initializers import modernise_initializers
from scribal.legacy.modernise.inner_losses import give_losses_to_layers
from scribal.legacy.modernise.keys import modernise_keys
from scribal.legacy.modernise.layer_names import name_layers
from scribal.legacy.modernise.leftovers import leftovers
from scribal.legacy.modernise.measures import modernise_measures
from scribal.legacy.modernise.model_selection import modernise_splits
from scribal.legacy.modernise.names import rename
from scribal.legacy.modernise.other_needs import do_without
from scribal.legacy.modernise.outputs import give_each_output_its_own
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark
from scribal.legacy.modernise.scalars import modernise_scalars
from scribal.legacy.modernise.seeds import seed_layers
from scribal.legacy.modernise.strategies import drop_strategies
from scribal.legacy.modernise.tables import modernise_tables
from scribal.legacy.modernise.tidy import tidy_imports
from scribal.legacy.modernise.tutorial_data import write_out_tutorial_data
from scribal.legacy.modernise.validation_data import give_validation_data
from scribal.legacy.modernise.written_out import write_definitions

__all__ = ["Modernised", "modernise_source"]

# What a source must hold for a pass to have anything to do.
_ANYTHING = re.compile("")
_ATTRIBUTES = re.compile(r"\.(lr|input_shape|reset_states|output_shape|input|output|get_shape|as_list)\b")
_BY_HAND = re.compile(r"GradientTape|train_step|tf\.function|\bfunction\b")
_COMPILED = re.compile(r"trainable|optimi[sz]er")
_DATASETS = re.compile(r"from_tensor_slices")
_DEFINED = re.compile("|".join({old.rpartition(".")[2] for old in DEFINITIONS}))
_DRAWING = re.compile(r"style|normed|hold|axisbg|gca|axes ?=|\bb ?=|cmap|findContours|seaborn|frameon")
_ESTIMATORS = re.compile(r"scikit_learn")
_FILES = re.compile(r"save|load|ModelCheckpoint")
_INITIALIZERS = re.compile(r"init\w* ?=")
_LAYER_NAMES = re.compile(r"get_layer|_\d+_(acc|accuracy|loss)\b")
_LOSSES = re.compile(r"add_loss|loss")
_KEYS = re.compile(r"acc|mean_|crossentropy|monitor")
_OLD_DEFAULTS = re.compile("|".join(KERAS_2_DEFAULTS), re.IGNORECASE)
_MEASURES = re.compile(r"load_model|binary_crossentropy|\bbce\b|def result", re.IGNORECASE)
_SPLITS = re.compile(r"cross_validation|grid_scores_")
_TABLES = re.compile(r"pandas")
_OUTPUTS = re.compile(r"\bModel\b")
_OTHER_NEEDS = re.compile(r"TensorBoard|\bplot\w*\(|to_dot")
_STRATEGIES = re.compile(r"[Ss]trategy")
_TENSORFLOW = re.compile(r"tensorflow|set_learning_phase")
_VALIDATION = re.compile(r"self\.validation_data")
_RANDOM = re.compile(r"random|dropout")
_SCALARS = re.compile(r"\b(int|float|Dense|argmax)\(")

_Pass = tuple[re.Pattern[str], Callable[[Program], cst.Module]]
_BEFORE_CALLS: Sequence[_Pass] = (
    (_TENSORFLOW, drop_dead_statements),
    (_TENSORFLOW, write_out_tutorial_data),
    (_STRATEGIES, drop_strategies),
    (_ESTIMATORS, write_out_estimators),
    (_SPLITS, modernise_splits),
    (_TABLES, modernise_tables),
    (_DRAWING, modernise_drawing),
    (_COMPILED, say_what_compile_fixed),
)
_TELLING: Sequence[tuple[re.Pattern[str], Callable[[Program], tuple[cst.Module, list[Remark]]]]] = (
    (_BY_HAND, write_out_gradients),
    (_FILES, modernise_file_names),
    (_LOSSES, give_losses_to_layers),
    (_VALIDATION, give_validation_data),
)
_BEHIND_CALLS: Sequence[_Pass] = (
    (_DATASETS, give_arrays),
    (_DEFINED, write_definitions),
    (_ANYTHING, rename),
    (_KEYS, modernise_keys),
    (_INITIALIZERS, modernise_initializers),
    (_ATTRIBUTES, modernise_attributes),
    (_SCALARS, modernise_scalars),
    (_OUTPUTS, give_each_output_its_own),
)
_OF_OLD_PROGRAMS: Sequence[_Pass] = (
    (_MEASURES, modernise_measures),
    (_RANDOM, seed_layers),
)


@dataclasses.dataclass(frozen=True)
class Modernised:
    """What became of a source.

    Attributes:
        source: The modern source; the same text if there was nothing to change.
        remarks: What is left to the reader, in the order of the lines.
    """

    source: str
    remarks: tuple[Remark, ...]


def modernise_source(source: str) -> Modernised:
    """Rewrite a program for Keras 1, Keras 2 or ``tf.keras`` so that it runs on plain Keras 3.

    Formatting and comments are kept. What is modern already comes back as the same text, and what was modernised once
    does not change again.

    Args:
        source: Python source.

    Returns:
        The modern source, and what could not be rewritten.

    Raises:
        ArgumentError: The source is no valid Python.
    """
    program = Program(parsed(source))
    modern = _passes(source, program, old_defaults=False)
    if modern.source != source and not program.uses_tensorflow and _OLD_DEFAULTS.search(source):
        # It is old, so its optimizers mean the learning rates that Keras 1 and 2 took by themselves.
        modern = _passes(source, program, old_defaults=True)
    return modern


def parsed(source: str) -> cst.Module:
    """The tree of a source.

    Raises:
        ArgumentError: The source is no valid Python.
    """
    try:
        return cst.parse_module(source)
    except (cst.ParserSyntaxError, UnicodeError, RecursionError) as error:
        line = f"line {error.raw_line}: " if isinstance(error, cst.ParserSyntaxError) else ""
        said = error.message if isinstance(error, cst.ParserSyntaxError) else str(error)
        raise ArgumentError(
            "A program must be valid Python 3",
            received=f"{line}{said}",
            advice="Make it run under Python 3 first",
        ) from error


def _passes(source: str, program: Program, *, old_defaults: bool) -> Modernised:
    remarks: list[Remark] = []
    cleared = _after(_BEFORE_CALLS, source, program)
    for words, telling_pass in _TELLING:
        if words.search(source):
            module, said = telling_pass(cleared)
            remarks += _on_lines_of(source, cleared.module.code, said)
            cleared = Program(module)
    module, said = modernise_calls(cleared, old_defaults=old_defaults)
    remarks += _on_lines_of(source, cleared.module.code, said)
    done = _after(_BEHIND_CALLS, source, Program(module))
    if done.module.code != source:  # a modern program may have what it needs
        done = _after(_OF_OLD_PROGRAMS, source, done)
        if _LAYER_NAMES.search(source):
            done = Program(name_layers(done, tensorflow=program.uses_tensorflow))
        if _OTHER_NEEDS.search(source):
            module, said = do_without(done)
            remarks += _on_lines_of(source, done.module.code, said)
            done = Program(module)
    module = tidy_imports(program, done)
    remarks += _on_lines_of(source, module.code, leftovers(Program(module)))
    return Modernised(module.code, tuple(sorted(set(remarks))))


def _after(passes: Sequence[_Pass], source: str, program: Program) -> Program:
    """The program after those passes that have anything to do."""
    for words, change in passes:
        if words.search(source):
            program = Program(change(program))
    return program


def _on_lines_of(source: str, rewritten: str, remarks: list[Remark]) -> list[Remark]:
    """Remarks on a rewritten program, with the lines of what it was."""
    if not remarks:
        return []
    old, new = source.splitlines(), rewritten.splitlines()
    lines: dict[int, int] = {}
    for _, old_start, old_end, new_start, new_end in difflib.SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        for number in range(new_start, new_end):
            candidates = range(old_start, max(old_end, old_start + 1))
            if old_end - old_start == new_end - new_start:
                lines[number] = old_start + number - new_start
            else:
                lines[number] = max(candidates, key=lambda line: _likeness(old, line, new[number]))
    return [dataclasses.replace(remark, line=lines.get(remark.line - 1, remark.line - 1) + 1) for remark in remarks]


def _likeness(old: list[str], line: int, new: str) -> float:
    return difflib.SequenceMatcher(a=old[line], b=new).ratio() if line < len(old) else 0.0
