"""``tf.data.Dataset`` of arrays and generators, as something that ``fit`` takes, and ``tensorflow_datasets.load``."""

from types import SimpleNamespace

import jax
import keras
import numpy as np

__all__ = ["Dataset", "load"]


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


def load(name, split=None, as_supervised=False, with_info=False, **options):
    """MNIST, or another of ``keras.datasets``, as ``tensorflow_datasets.load`` gives it."""
    parts = dict(zip(("train", "test"), getattr(keras.datasets, name.partition("/")[0]).load_data()))
    parts = {part: (x if x.ndim == 4 else x[..., None], y.astype("int64").ravel()) for part, (x, y) in parts.items()}

    def dataset(words):
        part, _, limits = words.partition("[")
        x, y = parts[part]
        first, _, last = limits.rstrip("]").partition(":")
        x, y = (values[place_in(first, values, 0) : place_in(last, values, len(values))] for values in (x, y))
        return Dataset.from_tensor_slices((x, y) if as_supervised else {"image": x, "label": y})

    if isinstance(split, str):
        found = dataset(split)
    else:
        found = {part: dataset(part) for part in parts} if split is None else [dataset(words) for words in split]
    if not with_info:
        return found
    classes = SimpleNamespace(num_classes=len(set(parts["train"][1].tolist())))
    sizes = {part: SimpleNamespace(num_examples=len(y)) for part, (_, y) in parts.items()}
    return found, SimpleNamespace(splits=sizes, features={"label": classes})


def place_in(word, values, default):
    """A number of samples, or their share: ``"80%"``."""
    if not word:
        return default
    return len(values) * int(word[:-1]) // 100 if word.endswith("%") else int(word)
