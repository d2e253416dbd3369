"""The pass over what is left of ``tf.data``: a short class of the program's own, which fit takes too."""

import libcst as cst

from scribal.legacy.changes.names import modern_name
from scribal.legacy.modernise.definitions import with_definitions
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["write_out_datasets"]

_DATASET = "tensorflow.data.Dataset"
_IMPORTS = """\
import jax
import keras
import numpy as np
"""
_CLASS = '''

class Dataset(keras.utils.PyDataset):
    """Samples in arrays, shuffled, cut into batches and changed on the way."""

    def __init__(self, samples, **steps):
        super().__init__()
        self.samples = samples
        self.steps = {"size": None, "shuffled": False, "rounds": 1, "limits": (0, None), "functions": (), **steps}

    @classmethod
    def from_tensor_slices(cls, samples):
        return cls(jax.tree.map(np.asarray, tuple(samples) if isinstance(samples, list) else samples))

    @classmethod
    def from_generator(cls, generator, *types, **more_types):
        samples = list(generator())
        return cls(jax.tree.map(lambda *parts: np.stack([np.asarray(part) for part in parts]), *samples))

    def shuffle(self, buffer_size, **options):
        return self.with_steps(shuffled=True)

    def batch(self, batch_size, **options):
        return self.with_steps(size=batch_size)

    def repeat(self, count=None):
        return self.with_steps(rounds=count or 10**6)

    def cache(self, *options):
        return self

    def prefetch(self, *options, **more_options):
        return self

    def take(self, count):
        first, _ = self.steps["limits"]
        return self.with_steps(limits=(first, first + count))

    def skip(self, count):
        first, end = self.steps["limits"]
        return self.with_steps(limits=(first + count, end))

    def map(self, function, **options):
        if self.steps["size"] is not None:
            return self.with_steps(functions=(*self.steps["functions"], function))
        samples = self.samples if isinstance(self.samples, tuple) else (self.samples,)
        return Dataset(jax.tree.map(np.asarray, jax.vmap(function)(*samples)), **self.steps)

    def with_steps(self, **steps):
        return Dataset(self.samples, **{**self.steps, **steps})

    def __len__(self):
        first, end = self.steps["limits"]
        batches = -(-self.count() // (self.steps["size"] or 1)) * self.steps["rounds"]
        return max(0, min(batches, end or batches) - first)

    def __getitem__(self, index):
        size = self.steps["size"]
        place = (index + self.steps["limits"][0]) % -(-self.count() // (size or 1))
        if place == 0 or getattr(self, "order", None) is None:
            self.order = np.random.permutation(self.count()) if self.steps["shuffled"] else np.arange(self.count())
        chosen = self.order[place] if size is None else self.order[place * size : (place + 1) * size]
        batch = jax.tree.map(lambda array: keras.ops.convert_to_tensor(array[chosen]), self.samples)
        for function in self.steps["functions"]:
            batch = function(*batch) if isinstance(batch, tuple) else function(batch)
        return batch

    def __iter__(self):
        return (self[index] for index in range(len(self)))

    def count(self):
        return len(jax.tree.leaves(self.samples)[0])

'''


def write_out_datasets(program: Program) -> cst.Module:
    """Put a class ``Dataset`` into the program, if it does more with one than give arrays to a model."""
    nodes: list[cst.Name | cst.Attribute] = [*program.walk(cst.Attribute), *program.walk(cst.Name)]
    uses = {node for node in nodes if program.is_read(node) and modern_name(program.qualified(node) or "") == _DATASET}
    if not uses:
        return program.module
    module = program.module.visit(_Using(program, uses))
    return with_definitions(module, _IMPORTS, _CLASS, ["Dataset"])


class _Using(Rewriting):
    def __init__(self, program: Program, uses: set[cst.Name | cst.Attribute]) -> None:
        super().__init__(program)
        self._uses = uses

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        is_use = original_node in self._uses
        return cst.Name("Dataset", lpar=updated_node.lpar, rpar=updated_node.rpar) if is_use else updated_node

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return updated_node.with_changes(value="Dataset") if original_node in self._uses else updated_node

    def leave_Assign(
        self, original_node: cst.Assign, updated_node: cst.Assign
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """``Dataset = tf.data.Dataset`` goes."""
        targets = [self.program.code(target.target) for target in original_node.targets]
        is_alias = original_node.value in self._uses and targets == ["Dataset"]
        return cst.RemoveFromParent() if is_alias else updated_node
