"""The pass over ``tensorflow.examples.tutorials.mnist``: ``read_data_sets`` is written out with ``keras.datasets``."""

import libcst as cst

from scribal.legacy.modernise.definitions import with_definitions
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["write_out_tutorial_data"]

_MODULE = "tensorflow.examples.tutorials.mnist"
_FUNCTION = '''

def read_data_sets(*_, one_hot=False, reshape=True, validation_size=5000):
    """Give MNIST as parts with images, labels and next_batch: pixels 0..1, the first images for validation."""

    class Part:
        def __init__(self, images, labels):
            images = images.astype("float32") / 255
            self.images = images.reshape(len(images), -1) if reshape else images[..., None]
            self.labels = to_categorical(labels, 10) if one_hot else labels
            self.num_examples = len(images)
            self._order = []

        def next_batch(self, size):
            while len(self._order) < size:
                self._order.extend(np.random.permutation(self.num_examples))
            taken, self._order = self._order[:size], self._order[size:]
            return self.images[taken], self.labels[taken]

    (x, y), test = load_data()
    train, validation = (x[validation_size:], y[validation_size:]), (x[:validation_size], y[:validation_size])
    return SimpleNamespace(train=Part(*train), validation=Part(*validation), test=Part(*test))

'''
_IMPORTS = """\
import numpy as np
from types import SimpleNamespace
from keras.datasets.mnist import load_data
from keras.utils import to_categorical
"""


def write_out_tutorial_data(program: Program) -> cst.Module:
    """Put a function of the same name into the program, if it reads MNIST in TensorFlow's old way."""
    uses = [node for node in program.walk(cst.ImportFrom) if program.module_of(node).startswith(_MODULE)]
    if not uses:
        return program.module
    return with_definitions(program.module.visit(_Reading(program)), _IMPORTS, _FUNCTION, ["read_data_sets"])


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
