"""Models and their methods: ``compile``, ``fit``, ``evaluate``, ``predict``, saving.

Sources: the Keras 1.2, 2.3 and TensorFlow 2.0 documentation of ``Model`` and ``Sequential``.
"""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone, Order, Step
from scribal.legacy.changes.inputs import plain_name
from scribal.legacy.changes.optimizers import KERAS_2_DEFAULTS
from scribal.legacy.changes.spellings import LOSSES, METRICS

__all__ = ["MODELS"]


def _pair(name: str) -> Step:
    """``validation_data=[x, y]``: Keras 3 takes a list for one input without targets."""

    def step(arguments: Arguments[Any]) -> None:
        if name not in arguments:
            return
        value = arguments.get(name)
        parts = arguments.values.parts(value)
        if parts is not None and arguments.values.is_list(value):
            arguments.replace([name], name, arguments.values.sequence(parts), text="(…)")

    return step


def _spelled_within(name: str, spellings: Mapping[str, str]) -> Step:
    """A word, or each word in lists and dicts, such as ``metrics=["acc"]`` and ``metrics={"digit": ["acc", f1]}``."""

    def step(arguments: Arguments[Any]) -> None:
        if name not in arguments:
            return
        value = arguments.get(name)
        spelled, text = _spelled(arguments, value, spellings)
        if spelled is not value:
            arguments.replace([name], name, spelled, text=text)

    return step


def _spelled(arguments: Arguments[Any], value: Any, spellings: Mapping[str, str]) -> tuple[Any, str]:
    """The value in today's words, itself if there is nothing to change, and its text."""
    values = arguments.values
    word = values.literal(value)
    if isinstance(word, str) and word in spellings:
        return values.constant(spellings[word]), repr(spellings[word])
    items = values.items(value)
    parts = values.parts(value) if items is None and values.is_list(value) else None
    inside = list(items.values()) if items is not None else parts or []
    new = [_spelled(arguments, each, spellings) for each in inside]
    if all(each is old for old, (each, _) in zip(inside, new, strict=True)):
        return value, arguments.text(value)
    if items is None:
        return values.listed([each for each, _ in new]), f"[{', '.join(text for _, text in new)}]"
    pairs = dict(zip(items, new, strict=True))
    text = ", ".join(f"{key!r}: {text}" for key, (_, text) in pairs.items())
    return values.mapping({key: each for key, (each, _) in pairs.items()}), f"{{{text}}}"


def _metrics_in_a_list(arguments: Arguments[Any]) -> None:
    """``metrics="accuracy"``."""
    if isinstance(arguments.literal("metrics"), str):
        value = arguments.get("metrics")
        arguments.replace(["metrics"], "metrics", arguments.values.listed([value]))


def _whole(*names: str) -> Step:
    """``steps_per_epoch=len(x) / 32``: as many steps as it takes."""

    def step(arguments: Arguments[Any]) -> None:
        for name in names:
            value = arguments.literal(name)
            if isinstance(value, float) and math.isfinite(value):
                arguments.replace([name], name, arguments.values.constant(math.ceil(value)))

    return step


def _samples_as_steps(samples: str, steps: str, generator: str) -> Step:
    """Keras 1 counted the samples of a generator, Keras 2 its batches."""

    def step(arguments: Arguments[Any]) -> None:
        if samples in arguments and arguments.literal(samples) is None:
            arguments.take(samples)
        if samples not in arguments or generator not in arguments:
            return
        source = arguments.get(generator)
        if arguments.values.parts(source) is not None:
            # Arrays: all of them are used.
            arguments.drop(samples)
            return
        batches, source = arguments.values.batches(arguments.get(samples), source)
        arguments.put(generator, source)
        arguments.replace([samples], steps, batches)

    return step


def _compile_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Third, Keras 1 and 2 take the metrics; Keras 0.x of ``Sequential`` a ``class_mode``."""
    third = positional[2] if len(positional) > 2 else None  # noqa: PLR2004 (the third)
    if isinstance(third, str) and third in {"categorical", "binary"}:
        return ("optimizer", "loss", "class_mode")
    numbers = isinstance(third, (list, tuple)) and third and all(isinstance(each, (int, float)) for each in third)
    if numbers or isinstance(third, dict):
        return ("optimizer", "loss", "loss_weights", "metrics")
    return ("optimizer", "loss", "metrics", "loss_weights", "sample_weight_mode")


def _generator_order(steps: str, samples: str) -> Order:
    """Second, Keras 1 takes a number of samples, Keras 2 of batches; the words beside it tell which."""

    def chosen(_: list[object], keywords: set[str]) -> tuple[str, ...]:
        keras_1 = keywords & {"max_q_size", "nb_epoch", "nb_val_samples", "nb_worker", "pickle_safe"}
        return ("generator", samples if keras_1 else steps, *_AFTER_STEPS)

    return chosen


_AFTER_STEPS = ("epochs", "verbose", "callbacks", "validation_data", "validation_steps", "class_weight")
_FIT = (
    "x", "y", "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle",
    "class_weight", "sample_weight", "initial_epoch", "steps_per_epoch", "validation_steps",
)  # fmt: skip
_ANSWER = ("x", "batch_size", "verbose", "steps")
_EVALUATE = ("x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks")
_DATA = {"X": "x", "generator": "x"}
_GONE = {
    "accuracy": Gone("metrics=['accuracy'] in compile"),
    "max_q_size": Gone(),
    "max_queue_size": Gone(),
    "nb_worker": Gone(),
    "pickle_safe": Gone(),
    "show_accuracy": Gone("metrics=['accuracy'] in compile"),
    "use_multiprocessing": Gone(),
    "workers": Gone(),
}
_WHOLE = _whole("batch_size", "steps_per_epoch", "validation_steps", "steps")
_SAVE_GONE = {"options": Gone(), "save_format": Gone("the ending of the file's name"), "signatures": Gone()}


def _method(
    modern: str, order: tuple[str, ...], *steps: Step, old_order: Order | tuple[str, ...] | None = None
) -> Form:
    return Form(
        modern=f"keras.Model.{modern}",
        order=order,
        old_order=old_order,
        steps=(*steps, _WHOLE),
        renamed={**_DATA, "nb_epoch": "epochs"} if modern == "fit" else _DATA,
        gone=_GONE,
    )


def _optimizer_by_name(arguments: Arguments[Any]) -> None:
    """``optimizer="adadelta"``: its learning rate was another when none was given."""
    name = arguments.literal("optimizer")
    for optimizer, defaults in KERAS_2_DEFAULTS.items():
        if isinstance(name, str) and name.lower() == optimizer.lower():
            values = arguments.values
            given = {key: values.constant(value) for key, value in defaults.items()}
            made = values.call(f"keras.optimizers.{optimizer}", [], given)
            text = ", ".join(f"{key}={value}" for key, value in defaults.items())
            arguments.replace(["optimizer"], "optimizer", made, text=f"keras.optimizers.{optimizer}({text})")


def _compile(*steps: Step) -> Form:
    return Form(
        modern="keras.Model.compile",
        order=("optimizer", "loss", "loss_weights", "metrics"),
        old_order=_compile_order,
        steps=(
            *steps,
            _metrics_in_a_list,
            _spelled_within("loss", LOSSES),
            _spelled_within("metrics", METRICS),
            _spelled_within("weighted_metrics", METRICS),
        ),
        gone={
            "class_mode": Gone("metrics=['accuracy'] and a loss that fits the classes"),
            "distribute": Gone(),
            "experimental_run_tf_function": Gone(),
            "options": Gone(),
            "run_metadata": Gone(),
            "sample_weight_mode": Gone("sample_weight of shape (samples, steps) in fit", (None, "None", "temporal")),
            "target_tensors": Gone("targets given to fit", (None,)),
            "theano_mode": Gone(),
        },
    )


_MODEL = Form(modern="keras.Model", order=("inputs", "outputs"), renamed={"input": "inputs", "output": "outputs"})

MODELS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.Model": _MODEL,
        "keras.models.Model": _MODEL,
        "tensorflow.keras.Model.compile": _compile(),
        "keras.Model.compile": _compile(_optimizer_by_name),
        "keras.Model.evaluate": _method("evaluate", _EVALUATE),
        "keras.Model.evaluate_generator": _method(
            "evaluate",
            ("x",),
            _samples_as_steps("val_samples", "steps", "generator"),
            old_order=("generator", "steps", "callbacks"),
        ),
        "keras.Model.fit": _method("fit", _FIT, _pair("validation_data")),
        "keras.Model.fit_generator": _method(
            "fit",
            ("x",),
            _samples_as_steps("samples_per_epoch", "steps_per_epoch", "generator"),
            _samples_as_steps("nb_val_samples", "validation_steps", "validation_data"),
            _pair("validation_data"),
            old_order=_generator_order("steps_per_epoch", "samples_per_epoch"),
        ),
        "keras.Model.get_layer": Form(modern="keras.Model.get_layer", order=("name", "index"), steps=(plain_name,)),
        "keras.Model.load_weights": Form(modern="keras.Model.load_weights", order=("filepath",), gone=_SAVE_GONE),
        "keras.Model.predict": _method("predict", _ANSWER),
        "keras.Model.predict_classes": _method("predict", _ANSWER[:3]),
        "keras.Model.predict_generator": _method(
            "predict",
            ("x",),
            _samples_as_steps("val_samples", "steps", "generator"),
            old_order=("generator", "steps", "callbacks"),
        ),
        "keras.Model.predict_proba": _method("predict", _ANSWER[:3]),
        "keras.Model.save": Form(
            modern="keras.Model.save", order=("filepath", "overwrite"), gone={**_SAVE_GONE, "save_traces": Gone()}
        ),
        "keras.Model.save_weights": Form(
            modern="keras.Model.save_weights", order=("filepath", "overwrite"), gone=_SAVE_GONE
        ),
        "keras.Model.test_on_batch": _method("test_on_batch", ("x", "y", "sample_weight")),
        "keras.Model.to_yaml": Form(modern="keras.Model.to_json"),
        "keras.Model.train_on_batch": _method("train_on_batch", ("x", "y")),
    }
)
"""Models, and their methods under ``keras.Model``, whichever class of model has them.

``tensorflow.keras.Model.compile`` is that of ``tf.keras``, whose optimizers had the learning rates of today.
``predict_classes`` and ``predict_proba`` become ``predict``; the classes are its ``argmax`` (or, of a single output,
``> 0.5``), which is the caller's to take.
"""
