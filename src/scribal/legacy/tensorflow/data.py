"""``tf.data.Dataset`` of arrays: what is fed to ``fit``, in the steps that programs write one after the other.

Samples stay together in arrays: ``map`` of single samples is done for all of them at once (``jax.vmap``), and shuffling
and batches are done when batches are asked for.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError
from scribal.legacy.tensorflow.compiled_functions import NotCompiledError, is_compiling
from scribal.legacy.tensorflow.types import NumberType, TensorSpec, computed

__all__ = ["AUTOTUNE", "Dataset"]

AUTOTUNE = -1
MODERN = {"AUTOTUNE": "", "Dataset": "arrays, given to fit()"}

_PyDataset: Any = import_keras().utils.PyDataset


@dataclass(frozen=True)
class _Steps:
    """What is done with the samples.

    Attributes:
        samples: Arrays, in the nesting in which they were given; all of one length.
        shuffled: Whether each round has an order of its own.
        seed: Of that order.
        batch_size: How many samples make a batch; ``None`` for single ones.
        whole: Whether a last batch of fewer samples is left out.
        functions: What is done with each batch.
        rounds: How often all is given; ``None`` for ever.
        first: The first batch that is given.
        end: The batch before which it ends.
    """

    samples: Any
    shuffled: bool = False
    seed: int | None = None
    batch_size: int | None = None
    whole: bool = False
    functions: tuple[Callable[..., Any], ...] = ()
    rounds: int | None = 1
    first: int = 0
    end: int | None = None


class Dataset(_PyDataset):  # type: ignore[misc] # Keras has no types
    """Samples in arrays, shuffled, cut into batches and changed on the way.

    Made by :meth:`from_tensor_slices`; each method gives a new one.
    """

    def __init__(self, steps: _Steps) -> None:
        super().__init__()
        self._steps = steps
        self._order: Any = None
        self._round = -1

    @classmethod
    def from_tensor_slices(cls, tensors: Any, name: str | None = None) -> Self:
        """One sample for each entry of the first axis.

        Args:
            tensors: An array, or arrays in tuples and dictionaries.
            name: Ignored.

        Raises:
            ArgumentError: Arrays are of different lengths.
        """
        del name
        tree = import_keras().tree
        tensors = tuple(tensors) if isinstance(tensors, list) and np.ndim(tensors[0]) > 0 else tensors
        samples = tree.map_structure(_as_array, tensors) if not isinstance(tensors, list) else _as_array(tensors)
        lengths = {len(array) for array in tree.flatten(samples)}
        if len(lengths) != 1:
            raise ArgumentError(
                "Arrays of one dataset must have the same length",
                received=f"lengths {sorted(lengths)}",
                advice="Give one label for each sample",
            )
        return cls(_Steps(samples))

    @classmethod
    def from_tensors(cls, tensors: Any) -> Self:
        """One sample that is everything."""
        return cls(_Steps(import_keras().tree.map_structure(lambda value: np.asarray(value)[None], tensors)))

    @classmethod
    def zip(cls, *datasets: Any) -> Self:
        """Samples of several datasets side by side."""
        parts = datasets[0] if len(datasets) == 1 else datasets
        return cls(replace(parts[0]._steps, samples=tuple(part._steps.samples for part in parts)))  # noqa: SLF001 (its own)

    @classmethod
    def from_generator(cls, generator: Callable[..., Any], *types: Any, args: Any = (), **rest: Any) -> Self:
        """One sample for each that a generator gives; all are taken at once.

        Args:
            generator: A function that gives one.
            types: The types of numbers, and the shapes.
            args: What the function is given.
            rest: The same by name: ``output_types``, ``output_shapes`` or ``output_signature``.
        """
        tree = import_keras().tree
        wanted = types[0] if types else rest.get("output_types") or rest.get("output_signature")
        samples = [tuple(sample) if isinstance(sample, list) else sample for sample in generator(*args)]
        arrays = tree.map_structure(lambda *parts: np.stack([np.asarray(part) for part in parts]), *samples)
        if wanted is None:
            return cls(_Steps(arrays))
        names = [computed(str(getattr(each, "dtype", each))) for each in tree.flatten(wanted)]
        typed = [array.astype(name) for array, name in zip(tree.flatten(arrays), names, strict=True)]
        return cls(_Steps(tree.pack_sequence_as(arrays, typed)))

    @classmethod
    def range(cls, *limits: int) -> Self:
        """Whole numbers."""
        return cls(_Steps(np.arange(*limits)))

    def shuffle(
        self,
        buffer_size: int,
        seed: int | None = None,
        reshuffle_each_iteration: bool | None = None,  # noqa: FBT001
    ) -> Self:
        """Give samples in an order of their own in each round; all of them are mixed, whatever the buffer's size."""
        del buffer_size, reshuffle_each_iteration
        return self._with(shuffled=True, seed=seed)

    def batch(self, batch_size: int, drop_remainder: bool = False, **_: Any) -> Self:  # noqa: FBT001, FBT002
        """Put samples into batches."""
        return self._with(batch_size=int(batch_size), whole=drop_remainder)

    def map(self, map_func: Callable[..., Any], *_: Any, **__: Any) -> Self:
        """Change each sample, or each batch where there are batches already."""
        if self._steps.batch_size is not None:
            return self._with(functions=(*self._steps.functions, map_func))
        return self._with(samples=_for_all(map_func, self._steps.samples))

    def repeat(self, count: int | None = None) -> Self:
        """Give everything several times, or for ever."""
        return self._with(rounds=None if count in {None, -1} else count)

    def take(self, count: int) -> Self:
        """Keep the first samples, or batches where there are batches already."""
        if self._steps.batch_size is None and not self._steps.shuffled:
            return self._with(samples=self._cut(slice(None, count)))
        return self._with(end=self._steps.first + count)

    def skip(self, count: int) -> Self:
        """Leave the first samples, or batches, out."""
        if self._steps.batch_size is None and not self._steps.shuffled:
            return self._with(samples=self._cut(slice(count, None)))
        return self._with(first=self._steps.first + count)

    def cache(self, *_: Any, **__: Any) -> Self:
        """Keep samples in memory, where they are."""
        return self

    def prefetch(self, *_: Any, **__: Any) -> Self:
        """Prepare batches in advance: they need no preparing."""
        return self

    with_options = prefetch

    def unbatch(self) -> Self:
        """Give single samples again."""
        return self._with(batch_size=None, whole=False)

    def filter(self, predicate: Callable[..., Any], *_: Any) -> Self:
        """Keep the samples for which a function says yes."""
        kept = np.asarray(_for_all(predicate, self._steps.samples)).astype(bool)
        return self._with(samples=import_keras().tree.map_structure(lambda array: array[kept], self._steps.samples))

    def concatenate(self, dataset: "Dataset") -> Self:
        """Give the samples of another dataset behind these."""
        both = self._steps.samples, dataset._steps.samples  # noqa: SLF001 (its own)
        return self._with(samples=import_keras().tree.map_structure(lambda *parts: np.concatenate(parts), *both))

    def enumerate(self, start: int = 0) -> Iterator[tuple[int, Any]]:
        """Samples or batches with their numbers."""
        return enumerate(self, start)

    @property
    def element_spec(self) -> Any:
        """Shapes and types of what is given."""
        front = () if self._steps.batch_size is None else (None,)
        return import_keras().tree.map_structure(
            lambda array: TensorSpec((*front, *array.shape[1:]), NumberType(array.dtype)), self._steps.samples
        )

    def as_arguments(self) -> dict[str, Any] | None:
        """The same for ``fit``, as arrays: ``x``, ``y``, ``batch_size`` and ``shuffle``.

        Returns:
            ``None`` where batches are changed, counted or repeated, so that arrays would not say the same.
        """
        steps = self._steps
        parts = steps.samples if isinstance(steps.samples, tuple) else (steps.samples,)
        plain = replace(steps, samples=None, shuffled=False, seed=None, batch_size=None) == _Steps(None)
        if not plain or steps.batch_size is None or len(parts) > 2 or isinstance(parts[0], dict | tuple):  # noqa: PLR2004 (x and y)
            return None
        arrays = dict(zip(("x", "y"), parts, strict=False))
        return {**arrays, "batch_size": steps.batch_size, "shuffle": steps.shuffled}

    def cardinality(self) -> int:
        """How many batches, or samples, one iteration gives; -1 if it never ends."""
        return -1 if self.num_batches is None else self.num_batches

    def as_numpy_iterator(self) -> Iterator[Any]:
        """Samples or batches in NumPy's arrays."""
        keras = import_keras()
        return (keras.tree.map_structure(keras.ops.convert_to_numpy, batch) for batch in self)

    @property
    def num_batches(self) -> int | None:
        """How many batches, or samples, one iteration gives; ``None`` if it never ends."""
        steps = self._steps
        if steps.rounds is None and steps.end is None:
            return None
        total = math.inf if steps.rounds is None else self._in_round() * steps.rounds
        return max(0, int(min(total, math.inf if steps.end is None else steps.end)) - steps.first)

    def __len__(self) -> int:
        count = self.num_batches
        if count is None:
            raise TypeError("The dataset is infinite.")
        return count

    def __getitem__(self, index: int) -> Any:
        keras = import_keras()
        steps = self._steps
        turn, place = divmod(index + steps.first, self._in_round())
        if turn != self._round:
            self._begin(turn)
        if steps.batch_size is None:
            chosen = self._order[place]
        else:
            chosen = self._order[place * steps.batch_size : (place + 1) * steps.batch_size]
        batch = keras.tree.map_structure(lambda array: keras.ops.convert_to_tensor(array[chosen]), steps.samples)
        for function in steps.functions:
            batch = _called(function, batch)
        return batch

    def __iter__(self) -> Iterator[Any]:
        if is_compiling():
            raise NotCompiledError  # a loop over all data is not to become one function
        self._round = -1
        index = 0
        count = self.num_batches
        while count is None or index < count:
            yield self[index]
            index += 1

    def on_epoch_end(self) -> None:
        """Have the next epoch in another order."""
        self._round = -1

    def _begin(self, turn: int) -> None:
        count = self._count()
        self._round = turn
        self._order = np.arange(count)
        if self._steps.shuffled:
            random = np.random if self._steps.seed is None else np.random.RandomState(self._steps.seed + turn)
            random.shuffle(self._order)

    def _count(self) -> int:
        return len(import_keras().tree.flatten(self._steps.samples)[0])

    def _in_round(self) -> int:
        size = self._steps.batch_size or 1
        return self._count() // size if self._steps.whole else -(-self._count() // size)

    def _cut(self, part: slice) -> Any:
        return import_keras().tree.map_structure(lambda array: array[part], self._steps.samples)

    def _with(self, **changes: Any) -> Self:
        return type(self)(replace(self._steps, **changes))


def _as_array(value: Any) -> Any:
    """An array as TensorFlow makes it of a list: float32 and int32."""
    array = np.asarray(value)
    if isinstance(value, np.ndarray) or array.dtype.kind not in "if":
        return array
    return array.astype("float32" if array.dtype.kind == "f" else "int32")


def _called(function: Callable[..., Any], sample: Any) -> Any:
    return function(*sample) if isinstance(sample, tuple) else function(sample)


def _for_all(function: Callable[..., Any], samples: Any) -> Any:
    """A function of one sample, done for all: at once where JAX can, otherwise one by one."""
    import jax

    tree = import_keras().tree
    arguments: Iterable[Any] = samples if isinstance(samples, tuple) else (samples,)
    try:
        results = jax.vmap(function)(*arguments)
    except Exception:  # noqa: BLE001 (the function is the program's own: it may print, branch or call NumPy)
        count = len(tree.flatten(samples)[0])
        singles = [_called(function, tree.map_structure(lambda array, n=n: array[n], samples)) for n in range(count)]
        results = tree.map_structure(lambda *values: np.stack([np.asarray(value) for value in values]), *singles)
    results = tuple(results) if isinstance(results, list) else results
    return tree.map_structure(np.asarray, results)
