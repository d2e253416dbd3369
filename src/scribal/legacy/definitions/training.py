"""Training by hand: gradients of what was computed under a tape, and models with a step of their own."""

import jax
import keras
from keras.src.backend.common.stateless_scope import get_stateless_scope

__all__ = ["Gradients", "SteppedModel"]


class Gradients:
    """What a function of Keras variables gives, and the gradients of it."""

    def __init__(self, function):
        self.function = function
        self.results = function()

    def gradient(self, place, variables):
        """The gradients of one of the results, by its place among them."""
        flat = keras.tree.flatten(variables)

        def total(values):
            around = get_stateless_scope()
            with keras.StatelessScope(list(zip(flat, values))) as scope:
                scope.state_mapping = {**(around.state_mapping if around else {}), **scope.state_mapping}
                return keras.ops.sum(self.function()[place])

        found = jax.grad(total)([variable.value for variable in flat])
        return keras.tree.pack_sequence_as(variables, found)


class SteppedModel(keras.Model):
    """A model whose step takes a batch, and changes variables by itself."""

    def fit(self, *args, **kwargs):
        if self.layers and all(layer.built for layer in self.layers):
            self.built = True
        return super().fit(*args, **kwargs)

    def train_step(self, state, data):
        groups = [
            self.trainable_variables,
            self.non_trainable_variables,
            self.optimizer.variables,
            self.metrics_variables,
        ]
        values = [pair for group, part in zip(groups, state) for pair in zip(group, part)]
        with keras.StatelessScope(values) as scope:
            logs = self.step(data)
            return logs, tuple([scope.get_current_value(variable) for variable in group] for group in groups)

    def _get_metrics_result_or_logs(self, logs):
        return keras.tree.map_structure(float, logs)  # what the step gave, also where it is called as a metric is

    def compiled_loss(self, y, y_pred, sample_weight=None, regularization_losses=()):
        loss = sum(regularization_losses, self._compile_loss(y, y_pred, sample_weight))
        self._loss_tracker.update_state(loss)
        return loss

    @property
    def compiled_metrics(self):
        return self._compile_metrics
