"""``model.add_loss(tensor)`` of a network's own tensors, as functional models of Keras 2 took it.

Keras 3 takes losses in a layer's ``call`` only. What is added here is a function of the model's inputs, computed beside
its outputs.
"""

import functools
from collections.abc import Callable
from typing import Any

from scribal.backend import import_keras
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_symbolic_losses"]

_KEY = "_losses_of_inputs"


def adapt_symbolic_losses(patches: Patches) -> None:
    """Let functional models have losses of their tensors.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.models.functional import Functional
    from keras.src.trainers.trainer import Trainer

    model = import_keras().Model
    for kind in (model, Functional):
        patches.put(kind, "add_loss", _add_loss(model.add_loss))
    patches.put(Trainer, "compute_loss", _compute_loss(Trainer.compute_loss))


def _add_loss(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def stand_in(self: Any, losses: Any, **_: Any) -> None:
        keras = import_keras()
        tensors = [tensor for tensor in keras.tree.flatten(losses) if keras.backend.is_keras_tensor(tensor)]
        if not tensors:
            method(self, losses)
            return
        current_journal().adapted("model.add_loss(tensor)", "self.add_loss(tensor) in the call() of a layer")
        functions = [keras.Function(self.inputs, tensor) for tensor in tensors]
        vars(self).setdefault(_KEY, []).extend(functions)

    return stand_in


def _compute_loss(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def stand_in(self: Any, x: Any = None, y: Any = None, *args: Any, **kwargs: Any) -> Any:
        functions = vars(self).get(_KEY)
        if not functions:
            return method(self, x, y, *args, **kwargs)
        keras = import_keras()
        inputs = keras.tree.flatten(x)
        total = sum(keras.ops.mean(function(inputs)) for function in functions)
        has_other = self._compile_loss is not None or self.losses
        return total + method(self, x, y, *args, **kwargs) if has_other else total

    return stand_in
