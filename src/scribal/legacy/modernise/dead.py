"""The pass over statements with nothing left to do: TensorFlow's sessions, log levels and growth of memory."""

import libcst as cst
from libcst.helpers import get_full_name_for_node

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.public import plain_name
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["drop_dead_statements"]

_DEAD = (
    "keras.backend.clear_previously_created_nodes",
    "keras.backend.get_session",
    "keras.backend.manual_variable_initialization",
    "keras.backend.set_learning_phase",
    "keras.backend.set_session",
    "tensorflow.ConfigProto",
    "tensorflow.GPUOptions",
    "tensorflow.InteractiveSession",
    "tensorflow.Session",
    "tensorflow.config.experimental.set_memory_growth",
    "tensorflow.config.experimental_run_functions_eagerly",
    "tensorflow.config.run_functions_eagerly",
    "tensorflow.debugging",
    "tensorflow.disable_eager_execution",
    "tensorflow.disable_v2_behavior",
    "tensorflow.enable_eager_execution",
    "tensorflow.enable_v2_behavior",
    "tensorflow.get_default_graph",
    "tensorflow.get_logger",
    "tensorflow.global_variables_initializer",
    "tensorflow.initialize_all_variables",
    "tensorflow.logging",
    "tensorflow.reset_default_graph",
    "tensorflow_datasets.disable_progress_bar",
)
"""What does nothing that a program for plain Keras 3 misses. Calls of it are taken away where they stand alone."""


def drop_dead_statements(program: Program) -> cst.Module:
    """Take away statements that only prepare TensorFlow, and the variables that only they use."""
    dead = _dead_statements(program)
    return program.module.visit(_Dropping(program, dead)) if dead else program.module


class _Dropping(Rewriting):
    def __init__(self, program: Program, dead: set[cst.Expr | cst.Assign]) -> None:
        super().__init__(program)
        self._dead = dead

    def leave_Expr(
        self, original_node: cst.Expr, updated_node: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return cst.RemoveFromParent() if original_node in self._dead else updated_node

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return cst.RemoveFromParent() if original_node in self._dead else updated_node


def _dead_statements(program: Program) -> set[cst.Expr | cst.Assign]:
    """Statements that go: their variables are used in each other only."""
    statements: list[cst.Expr | cst.Assign] = [*program.walk(cst.Expr), *program.walk(cst.Assign)]
    names: set[str] = set()
    while True:
        dead = {statement for statement in statements if _is_dead(program, statement, names)}
        more = {name for statement in dead if isinstance(statement, cst.Assign) for name in _targets(statement)}
        if more <= names:
            break
        names |= more
    # A variable that something else uses keeps all that made it.
    while alive := {name for name in names if _is_used_outside(program, name, dead)}:
        names -= alive
        dead = {
            statement
            for statement in dead
            if not (isinstance(statement, cst.Assign) and _targets(statement) & alive)
            and not _reads(program, statement) & alive
        }
    return dead


def _is_dead(program: Program, statement: cst.Expr | cst.Assign, names: set[str]) -> bool:
    if isinstance(statement, cst.Assign) and any(
        isinstance(target.target, cst.Attribute)
        and (get_full_name_for_node(target.target) or "").split(".")[0] in names
        for target in statement.targets
    ):
        return True
    value = statement.value
    if not isinstance(value, cst.Call):
        return False
    if isinstance(statement, cst.Assign) and not all(isinstance(each.target, cst.Name) for each in statement.targets):
        return False
    func: cst.BaseExpression = value.func
    while isinstance(func, cst.Attribute) and isinstance(func.value, cst.Call):
        func = func.value.func
    name = plain_name(program.qualified(func) or "")
    if any(name == dead or name.startswith(f"{dead}.") for dead in _DEAD):
        return True
    return isinstance(statement, cst.Expr) and _first_name(func) in names and func is not value


def _first_name(func: cst.BaseExpression) -> str:
    return (get_full_name_for_node(func) or "").split(".")[0] if isinstance(func, cst.Attribute) else ""


def _targets(statement: cst.Assign) -> set[str]:
    return {target.target.value for target in statement.targets if isinstance(target.target, cst.Name)}


def _reads(program: Program, node: cst.CSTNode) -> set[str]:
    return {name.value for name in program.walk(cst.Name, node) if program.is_read(name)}


def _is_used_outside(program: Program, name: str, dead: set[cst.Expr | cst.Assign]) -> bool:
    inside = {node for statement in dead for node in program.walk(cst.Name, statement)}
    return any(node.value == name and node not in inside and program.is_read(node) for node in program.walk(cst.Name))
