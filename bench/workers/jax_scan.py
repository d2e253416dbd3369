"""Bare JAX: ``lax.scan`` over the steps of an epoch, compiled once, with Keras' stateless model and optimizer.

The way described in Keras' guide "Writing a training loop from scratch in JAX", with the loop itself compiled, too.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from bench.workers.case import Case, Floats
from bench.workers.keras_fit import keras_model, keras_optimizer
from bench.workers.protocol import Worker, serve

__all__ = ["ScanWorker"]


class ScanWorker(Worker):
    """Trains an epoch, or for tiny data all epochs, in one call."""

    libraries = ("jax", "keras")

    def load(self, case: Case, *, training: bool) -> None:
        """Make the model and its state."""
        self._model = keras_model(case.training_network() if training else case.network, case)
        self._optimizer = keras_optimizer(case)
        self._optimizer.build(self._model.trainable_variables)
        self._state = self._variables()
        self._inputs, self._targets = jnp.asarray(case.inputs("train")), jnp.asarray(case.targets("train"))
        self._random = np.random.default_rng(0)
        self._run: Any = jax.jit(self._steps, donate_argnums=0)

    def warm_up(self) -> None:
        """Compile for the shapes of an epoch, without running it."""
        self._run = self._run.lower(self._state, self._inputs, self._targets, *self._order()).compile()

    def train(self, epochs: int) -> None:
        """Train; epochs of a single step are scanned like steps."""
        whole, rest = self._order()
        if len(whole) <= 1 and not len(rest):
            whole, epochs = np.tile(whole, (epochs, 1)), 1
        for _ in range(epochs):
            self._state = self._run(self._state, self._inputs, self._targets, whole, rest)
            whole, rest = self._order()
        self._state[0][0].block_until_ready()

    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer with the trained weights."""
        trained, other, _ = self._state
        parts = [
            self._model.stateless_call(trained, other, images[i : i + batch], training=False)[0]
            for i in range(0, len(images), batch)
        ]
        return np.concatenate([np.asarray(part) for part in parts])

    def _variables(self) -> tuple[list[Any], list[Any], list[Any]]:
        groups = (self._model.trainable_variables, self._model.non_trainable_variables, self._optimizer.variables)
        trained, other, slots = ([jnp.array(variable.value) for variable in group] for group in groups)
        return trained, other, slots

    def _order(self) -> tuple[np.ndarray, np.ndarray]:
        """Numbers of the samples, a row for each full batch, and those left over."""
        samples = len(self._inputs)
        batch = min(self.case.batch_size, samples)
        order = self._random.permutation(samples).astype(np.int32)
        whole = samples // batch * batch
        return order[:whole].reshape(-1, batch), order[whole:]

    def _steps(self, state: Any, x: Any, y: Any, whole: Any, rest: Any) -> Any:
        """Train on every row of ``whole``, then on ``rest`` if there is one."""

        def step(state: Any, order: Any) -> tuple[Any, None]:
            trained, other, slots = state
            (_, other), gradients = jax.value_and_grad(self._loss, has_aux=True)(trained, other, x[order], y[order])
            trained, slots = self._optimizer.stateless_apply(slots, gradients, trained)
            return (trained, other, slots), None

        state, _ = jax.lax.scan(step, state, whole)
        return step(state, rest)[0] if rest.shape[0] else state

    def _loss(self, trained: Any, other: Any, x: Any, y: Any) -> tuple[Any, Any]:
        answers, other = self._model.stateless_call(trained, other, x, training=True)
        if not self.case.is_classification:
            return jnp.mean((answers - y) ** 2), other
        chances = jax.nn.log_softmax(answers)
        if self.case.loss == "categorical_crossentropy":
            return -jnp.mean(jnp.sum(y * chances, axis=-1)), other
        return -jnp.mean(jnp.take_along_axis(chances, y[:, None], axis=-1)), other


if __name__ == "__main__":
    serve(ScanWorker)
