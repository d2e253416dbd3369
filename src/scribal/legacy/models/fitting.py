"""``compile``, ``fit``, ``evaluate`` and ``predict`` as Keras 1 and 2 had them, on the engine where it can.

The journal hears of each call whether the engine or Keras carried it out, and why.
"""

import functools
import inspect
from collections.abc import Callable
from types import GeneratorType
from typing import Any

from scribal.backend import import_keras
from scribal.engine.fitting.fallback import ORIGINAL, collected_fallbacks, original
from scribal.exceptions import ArgumentError, DataError, ScribalError
from scribal.legacy.accuracy_words import is_called_acc
from scribal.legacy.changes.call import Call
from scribal.legacy.constructors.adapting import modern_arguments
from scribal.legacy.constructors.decay import leave_rate_to_callbacks
from scribal.legacy.constructors.patches import Patches
from scribal.legacy.journal import current_journal
from scribal.legacy.models.batch_sources import counts_samples, endless, with_known_size, with_plain_targets
from scribal.legacy.models.compiled_state import as_compiled, own_optimizer, remember_trainable
from scribal.legacy.models.graph_losses import inner_losses, take_graph_loss
from scribal.legacy.models.kept_states import has_states, predict_on, states_as_variables
from scribal.legacy.models.own_steps import has_own_step, with_own_step
from scribal.legacy.models.training_data import class_weights, data_for, steps, validation_data, without_word

__all__ = ["adapt_fitting"]

# Keras' own fit says so when it validates.
_INTERNAL = "_use_cached_eval_dataset"


def adapt_fitting(patches: Patches) -> None:
    """Let every model compile, train and answer by the arguments of any Keras.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.trainers.trainer import Trainer

    # Keras takes a model whose compile is not this class's for one with a method of its own.
    patches.put(Trainer, "compile", _compile(Trainer.compile))
    model = import_keras().Model
    for name in ("fit", "evaluate", "predict"):
        patches.put(model, name, _recorded(name, getattr(model, name)))
    for name in ("train_on_batch", "test_on_batch"):
        patches.put(model, name, _on_batch(name, getattr(model, name)))
    patches.put(model, "fit_generator", _former("fit_generator", "fit"))
    patches.put(model, "evaluate_generator", _former("evaluate_generator", "evaluate", verbose=0))
    patches.put(model, "predict_generator", _former("predict_generator", "predict"))
    patches.put(model, "predict_proba", _predict_proba)
    patches.put(model, "predict_classes", _predict_classes)


def _compile(method: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> None:
        call = modern_arguments("keras.Model.compile", args, kwargs)
        if isinstance(kwargs.get("metrics"), list):
            # The History of a program that asks for "acc" has that key, in each Keras since 2.3.
            given = zip(kwargs["metrics"], call.keywords["metrics"], strict=True)
            call.keywords["metrics"] = [
                metric if isinstance(metric, str) and metric == "acc" else new for metric, new in given
            ]
        outputs = _counts(self)[1]
        if call.keywords.get("metrics") and is_called_acc():
            call.keywords["metrics"] = import_keras().tree.map_structure(_as_acc, call.keywords["metrics"])
        call.keywords["metrics"] = _for_each_output(call.keywords.get("metrics"), outputs)
        named = dict(zip(("optimizer", "loss", "loss_weights"), call.positional, strict=False)) | call.keywords
        if outputs == 1:
            named |= {name: without_word(named[name]) for name in ("loss", "loss_weights", "metrics") if name in named}
            if isinstance(named["metrics"], str) or callable(named["metrics"]):
                named["metrics"] = [named["metrics"]]
        if "optimizer" in named:
            named["optimizer"] = own_optimizer(self, named["optimizer"])
        take_graph_loss(self, named)
        method(self, **named)
        remember_trainable(self)

    return stand_in


def _as_acc(metric: Any) -> Any:
    return "acc" if isinstance(metric, str) and metric == "accuracy" else metric


def _for_each_output(metrics: Any, outputs: int) -> Any:
    """Repeat metrics for each output: Keras 2 took one list for all of them."""
    is_flat = isinstance(metrics, list) and not any(isinstance(metric, list | dict) for metric in metrics)
    return [list(metrics)] * outputs if outputs > 1 and is_flat and len(metrics) not in (0, outputs) else metrics


def _recorded(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A method that takes the arguments of each Keras, and tells the journal who carried it out."""

    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get(_INTERNAL):
            return method(self, *args, **kwargs)
        if kwargs.pop("show_accuracy", False):
            _measure_accuracy(self)
        call = modern_arguments(f"keras.Model.{name}", args, kwargs)
        with as_compiled(self):
            return _carry_out(self, name, method, call)

    return stand_in


def _former(old: str, name: str, **defaults: Any) -> Callable[..., Any]:
    """A method that is gone, as the one that does its work now, with the values it had for arguments not given."""

    def stand_in(self: Any, *args: Any, **kwargs: Any) -> Any:
        current_journal().adapted(f"{old}()", f"{name}()")
        args = tuple(with_known_size(value) for value in args)
        kwargs = {key: with_known_size(value) for key, value in kwargs.items()}
        source, *numbers = args or (None,)
        if old != "fit_generator" and len(numbers) == 1 and counts_samples(source, numbers[0]):
            args, kwargs = (source,), {**kwargs, "val_samples": numbers[0]}
        call = modern_arguments(f"keras.Model.{old}", args, kwargs)
        return getattr(self, name)(*call.positional, **defaults | call.keywords)

    stand_in.__name__ = stand_in.__qualname__ = old
    stand_in.__doc__ = f"``{name}`` on a generator, as Keras 1 and 2 had it."
    return stand_in


def _carry_out(model: Any, name: str, method: Callable[..., Any], call: Call[Any]) -> Any:
    # The stand-in has the signature of Keras' own method.
    _, *names = inspect.signature(method).parameters
    given = dict(zip(names, call.positional, strict=False)) | call.keywords
    if name == "predict":
        # Keras 1 and 2 answered without a progress bar.
        given.setdefault("verbose", 0)
    _make_modern(model, name, given)
    leave_rate_to_callbacks(getattr(model, "optimizer", None), given.get("callbacks"))
    if has_own_step(model, name):
        with with_own_step(model, name):
            result = original(model, name)(**given)
        current_journal().ran(name, "Keras", "The model has a step of its own")
        return result
    if name == "predict" and not given.get("steps") and has_states(model) and _is_arrays(given.get("x")):
        current_journal().ran(name, "Keras", "The model keeps states from call to call")
        return predict_on(model, given["x"], given.get("batch_size"))
    reason: ScribalError | None = inner_losses(model) if name != "predict" else None
    with collected_fallbacks() as reasons, states_as_variables(model):
        try:
            result = None if reason else method(model, **given)
        except (ArgumentError, DataError) as error:
            reason = error
        except KeyboardInterrupt:
            _tell(name, method, next(iter(reasons), None))
            raise
    _tell(name, method, reason or next(iter(reasons), None))
    # Keras says it in its own words, or is content with such data.
    return result if reason is None else original(model, name)(**given)


def _tell(name: str, method: Callable[..., Any], reason: ScribalError | None) -> None:
    if not hasattr(method, ORIGINAL):
        current_journal().ran(name, "Keras", "The engine was not to be used")
    elif reason is not None:
        current_journal().ran(name, "Keras", f"{reason.rule}. Received: {reason.received}")
    else:
        current_journal().ran(name, "engine")


def _make_modern(model: Any, name: str, given: dict[str, Any]) -> None:
    """Bring the values of arguments, by their modern names, into forms that Keras 3 takes."""
    inputs, outputs = _counts(model)
    _as_arrays(name, given)
    for key, count in (("x", inputs), ("y", outputs)):
        if key in given:
            given[key] = data_for(given[key], count)
    for key in ("epochs", "steps", "steps_per_epoch", "validation_steps"):
        if key in given:
            given[key] = steps(given[key])
    if "x" in given:
        given["x"] = endless(given["x"], given.get("steps_per_epoch") or given.get("steps"))
        if name == "fit" and isinstance(given["x"], GeneratorType):
            # Keras 3 warns of shuffling what it cannot shuffle.
            given.setdefault("shuffle", False)
        given["x"] = with_plain_targets(given["x"], outputs)
    if "class_weight" in given:
        given["class_weight"] = class_weights(given["class_weight"])
    if "validation_data" in given:
        given["validation_data"] = endless(
            validation_data(given["validation_data"], inputs, outputs), given.get("validation_steps")
        )
        for callback in import_keras().tree.flatten(given.get("callbacks") or ()):
            callback.validation_data = given["validation_data"]


def _is_arrays(data: Any) -> bool:
    return all(hasattr(part, "__array__") for part in import_keras().tree.flatten(data))


def _as_arrays(name: str, given: dict[str, Any]) -> None:
    """Take the arrays out of a ``tf.data.Dataset``, where they are the same data: the engine trains on arrays."""
    if hasattr(given.get("x"), "as_arguments"):
        arrays = given["x"].as_arguments()
        if arrays is not None and not any(given.get(key) for key in ("steps", "steps_per_epoch", "y")):
            if name != "fit":
                del arrays["shuffle"]
            if name == "predict":
                arrays.pop("y", None)
            given.update(arrays)
    validation: Any = given.get("validation_data")
    if hasattr(validation, "as_arguments") and not given.get("validation_steps"):
        arrays = validation.as_arguments()
        if arrays is not None and "y" in arrays:
            given["validation_data"] = (arrays["x"], arrays["y"])
            given["validation_batch_size"] = arrays["batch_size"]


def _counts(model: Any) -> tuple[int, int]:
    """How many inputs and outputs a model has; 0 inputs if only its ``call`` knows."""
    try:
        return len(model.inputs), len(model.outputs)
    except (AttributeError, TypeError):
        # A class of the user's own, or a Sequential model that has not seen data; its first part may be a model of
        # several inputs.
        layers = getattr(model, "layers", None)
        loss = getattr(model, "loss", None)
        outputs = len(loss) if isinstance(loss, list | tuple) else 1
        if not isinstance(model, import_keras().Sequential):
            return 0, outputs
        return (_counts(layers[0])[0], 1) if layers and isinstance(layers[0], import_keras().Model) else (1, 1)


def _measure_accuracy(model: Any) -> None:
    """Keras 0.x asked for accuracy with each call, not in ``compile``."""
    current_journal().adapted("show_accuracy=True", 'compile(..., metrics=["accuracy"])')
    if model.metrics_names == ["loss"]:
        model.compile(optimizer=model.optimizer, loss=model.loss, metrics=["accuracy"])


def _on_batch(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """A step that measures its batch alone, as in Keras 2; Keras 3 goes on counting."""

    @functools.wraps(method)
    def stand_in(self: Any, *args: Any, reset_metrics: bool = True, **kwargs: Any) -> Any:
        call = modern_arguments(f"keras.Model.{name}", args, kwargs)
        given = dict(zip(("x", "y"), call.positional, strict=False)) | call.keywords
        inputs, outputs = _counts(self)
        for key, count in (("x", inputs), ("y", outputs)):
            if key in given:
                given[key] = _rows(data_for(given[key], count))
        if reset_metrics:
            self.reset_metrics()
        positional = [given.pop(key) for key in ("x", "y") if key in given]
        with as_compiled(self):
            result = method(self, *positional, *call.positional[2:], **given)
        current_journal().ran(name, "Keras", "Only Keras takes single steps")
        return result

    return stand_in


def _rows(value: Any) -> Any:
    return value.to_numpy() if hasattr(value, "to_numpy") else value


def _predict_proba(self: Any, *args: Any, **kwargs: Any) -> Any:
    """``predict``, as Sequential models of Keras 1 and 2 called it for classifiers."""
    current_journal().adapted("predict_proba(x)", "predict(x)")
    return self.predict(*args, **kwargs)


def _predict_classes(self: Any, *args: Any, **kwargs: Any) -> Any:
    """Numbers of the classes, ``(n,)``, or ``(n, 1)`` of one output, as Keras 1 and 2 gave them."""
    answers = self.predict(*args, **kwargs)
    if answers.shape[-1] > 1:
        current_journal().adapted("predict_classes(x)", "predict(x).argmax(axis=-1)")
        return answers.argmax(axis=-1)
    current_journal().adapted("predict_classes(x)", '(predict(x) > 0.5).astype("int32")')
    return (answers > 0.5).astype("int32")  # noqa: PLR2004
