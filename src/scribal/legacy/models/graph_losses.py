"""Losses on tensors inside a network, as variational autoencoders have them.

They are ``add_loss`` of a model, and loss functions that use the tensors of its layers beside what they are given. In
Keras 1 and 2 all of it was one graph. In Keras 3 a loss sees targets and answers alone; here the tensors that it needs
are computed from the inputs once more, within the same compiled step.
"""

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal

__all__ = ["adapt_graph_losses", "inner_losses", "take_graph_loss"]

_ADDED, _COMPILED = "_losses_added_by_the_program", "_loss_on_inner_tensors"
_DEEPEST = 3


def adapt_graph_losses(patches: Patches) -> None:
    """Let functional models take losses on their tensors.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.models.functional import Functional
    from keras.src.trainers.trainer import Trainer

    layer = import_keras().layers.Layer
    patches.put(layer, "__call__", _call(layer.__call__))
    patches.put(layer, "add_loss", _layer_loss(layer.add_loss))
    patches.put(Functional, "__init__", _initialize(Functional.__init__))
    patches.put(Functional, "add_loss", _add_loss)
    patches.put(Trainer, "compute_loss", _compute_loss(Trainer.compute_loss))


def take_graph_loss(model: Any, keywords: dict[str, Any]) -> None:
    """Take a loss function that uses tensors of the model out of the arguments of ``compile``, and keep it.

    Args:
        model: That is compiled.
        keywords: Of the call; ``loss`` is None afterwards if it was such a function.
    """
    vars(model).pop(_COMPILED, None)
    loss = keywords.get("loss")
    if isinstance(loss, list) and len(loss) == 1:
        loss = loss[0]
    if not isinstance(loss, FunctionType) or not _uses_tensors(loss) or not getattr(model, "inputs", None):
        return
    keras = import_keras()
    targets, answers = (keras.Input(batch_shape=model.outputs[0].shape) for _ in range(2))
    vars(model)[_COMPILED] = _computed([*model.inputs, targets, answers], loss(targets, answers))
    keywords["loss"] = None
    current_journal().adapted(
        f"compile(loss={loss.__name__}) with tensors of layers", "a layer that calls self.add_loss(…)"
    )


def inner_losses(model: Any) -> ArgumentError | None:
    """Why the engine cannot train or measure a model, if it has losses on its own tensors."""
    if not vars(model).keys() & {_ADDED, _COMPILED}:
        return None
    return ArgumentError(
        "The engine computes losses from targets and answers alone",
        received="a loss on tensors of layers",
        advice="Nothing: Keras does it",
    )


def _add_loss(self: Any, loss: Any, inputs: Any = None) -> None:
    """``model.add_loss`` of a tensor, or of a list of them, that follow from the model's inputs."""
    keras = import_keras()
    if not all(map(keras.backend.is_keras_tensor, keras.tree.flatten(loss))):
        keras.layers.Layer.add_loss(self, loss, inputs)
        return
    vars(self).setdefault(_ADDED, []).append(_computed(self.inputs, loss))
    current_journal().adapted("model.add_loss(tensor)", "self.add_loss(tensor) in the call() of a layer")


def _layer_loss(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def add_loss(self: Any, loss: Any, inputs: Any = None) -> None:
        """Keep a loss that is a tensor of the graph, which belongs to the models that the layer will be part of."""
        del inputs
        if import_keras().backend.is_keras_tensor(loss):
            vars(self).setdefault(_ADDED, []).append(loss)
        else:
            method(self, loss)

    return add_loss


def _call(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def __call__(self: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N807 (it becomes the class's)
        kind: Any = type(self)
        if not _is_of_the_graph(kind):
            return method(self, *args, **kwargs)
        keras = import_keras()
        tensors = keras.tree.flatten(args[0]) if args else []
        if not all(map(keras.backend.is_keras_tensor, tensors)):
            return method(self, *args, **kwargs)
        result = self.call(*args, **kwargs)
        passed = keras.layers.Identity(name=self.name)
        vars(passed)[_ADDED] = vars(self).pop(_ADDED, [])
        return passed(result)

    return __call__


def _initialize(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807 (it becomes the class's)
        method(self, *args, **kwargs)
        for layer in self.layers:
            for loss in vars(layer).get(_ADDED, ()) if isinstance(layer, import_keras().layers.Identity) else ():
                self.add_loss(loss)

    return __init__


@functools.cache
def _is_of_the_graph(layer: type) -> bool:
    """Whether a layer of the program's own uses tensors of other layers: then its call is a part of the graph."""
    if layer.__module__.startswith(("keras.", "scribal.")):
        return False
    return any(_uses_tensors(each) for each in vars(layer).values() if isinstance(each, FunctionType))


def _compute_loss(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def compute_loss(
        self: Any, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, *, training: bool = True
    ) -> Any:
        total = method(self, x, y, y_pred, sample_weight, training=training)
        given = import_keras().tree.flatten(x)
        for added in vars(self).get(_ADDED, ()):
            total = total + added(given)
        if _COMPILED in vars(self):
            total = total + vars(self)[_COMPILED]([*given, y, y_pred])
        return total

    return compute_loss


def _computed(inputs: list[Any], losses: Any) -> Callable[[list[Any]], Any]:
    """The sum of the means of symbolic losses, as a function of values of the inputs."""
    keras = import_keras()
    function = keras.Function(inputs, losses)

    def total(values: list[Any]) -> Any:
        values = [keras.ops.cast(value, tensor.dtype) for value, tensor in zip(values, inputs, strict=True)]
        return sum(keras.ops.mean(loss) for loss in keras.tree.flatten(function(values)))

    return total


def _uses_tensors(function: Callable[..., Any], depth: int = 0) -> bool:
    """Whether a function, or one that it calls, reads tensors of a network from around it."""
    keras = import_keras()
    around = inspect.getclosurevars(function)
    values = keras.tree.flatten([*around.nonlocals.values(), *around.globals.values()])
    if any(keras.backend.is_keras_tensor(value) for value in values):
        return True
    functions = [value for value in values if isinstance(value, FunctionType) and value is not function]
    own = [each for each in functions if not each.__module__.startswith(("keras", "scribal", "numpy", "jax"))]
    return depth < _DEEPEST and any(_uses_tensors(each, depth + 1) for each in own)
