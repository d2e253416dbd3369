"""The pass over ``tensorflow.examples.tutorials.mnist``: ``read_data_sets`` is written out with ``keras.datasets``."""

import libcst as cst

from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting
from scribal.legacy.modernise.written_out import read_definitions

__all__ = ["write_out_tutorial_data"]

_MODULE = "tensorflow.examples.tutorials.mnist"


def write_out_tutorial_data(program: Program) -> cst.Module:
    """Put a function of the same name into the program, if it reads MNIST in TensorFlow's old way."""
    uses = [node for node in program.walk(cst.ImportFrom) if program.module_of(node).startswith(_MODULE)]
    if not uses:
        return program.module
    return read_definitions("datasets").put_into(program.module.visit(_Reading(program)), ["read_data_sets"])


class _Reading(Rewriting):
    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """The old import goes."""
        gone = self.program.module_of(original_node).startswith(_MODULE)
        return cst.RemoveFromParent() if gone else updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """``input_data.read_data_sets`` is the program's own function."""
        name = self.program.qualified(original_node.func) or ""
        if name.startswith(_MODULE) and name.endswith(".read_data_sets"):
            return updated_node.with_changes(func=cst.Name("read_data_sets"))
        return updated_node
