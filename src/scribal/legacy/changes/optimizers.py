"""Optimizers: ``lr``, ``decay``, and the step sizes that were the default.

Sources: the Keras 1.2, 2.3 and TensorFlow 1.15 documentation of optimizers. Keras 1 and 2 divided the learning rate by
``1 + decay * steps``, which is ``InverseTimeDecay`` with one decay step.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone, Order, Step

__all__ = ["KERAS_2_DEFAULTS", "OPTIMIZERS", "TENSORFLOW_OPTIMIZERS"]

KERAS_2_DEFAULTS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        "Adadelta": {"learning_rate": 1.0},
        # Its sums of squares began with 0; TensorFlow's, and today's, with 0.1.
        "Adagrad": {"learning_rate": 0.01, "initial_accumulator_value": 0.0},
        "Adamax": {"learning_rate": 0.002},
        "Nadam": {"learning_rate": 0.002},
    }
)
"""What Keras 1 and 2 took when it was not given, where Keras 3 (and ``tf.keras``) takes something else."""

_TODAY: Final[Mapping[str, float]] = MappingProxyType(
    {"Adadelta": 0.001, "Adagrad": 0.001, "Adam": 0.001, "Adamax": 0.001, "Nadam": 0.001, "RMSprop": 0.001, "SGD": 0.01}
)


def _learning_rate(arguments: Arguments[Any]) -> None:
    """A whole number, or one of NumPy's, is a float to Keras 3."""
    value = arguments.literal("learning_rate")
    if isinstance(value, int):
        arguments.put("learning_rate", arguments.values.constant(float(value)))


def _decay(default: float) -> Step:
    def step(arguments: Arguments[Any]) -> None:
        if "decay" not in arguments:
            return
        if arguments.literal("decay") in {0, None}:
            arguments.drop("decay")
            return
        values = arguments.values
        given = next((name for name in ("learning_rate", "lr") if name in arguments), None)
        rate = values.constant(default) if given is None else arguments.get(given)
        decay = arguments.get("decay")
        schedule = values.call("keras.optimizers.schedules.InverseTimeDecay", [rate, values.constant(1), decay], {})
        text = f"InverseTimeDecay({arguments.text(rate)}, 1, {arguments.text(decay)})"
        old = [name for name in (given, "decay") if name is not None]
        arguments.replace(old, "learning_rate", schedule, text=f"keras.optimizers.schedules.{text}")

    return step


def _rename(**names: str) -> Step:
    def step(arguments: Arguments[Any]) -> None:
        for old, new in names.items():
            if old in arguments:
                arguments.replace([old], new, arguments.get(old))

    return step


def _without_none(*names: str) -> Step:
    def step(arguments: Arguments[Any]) -> None:
        for name in names:
            if name in arguments and arguments.literal(name) is None:
                arguments.take(name)

    return step


def _old_defaults(name: str) -> Step:
    """What old Keras took, said aloud."""

    def step(arguments: Arguments[Any]) -> None:
        before = "learning_rate" in arguments and arguments.shown("learning_rate")
        added = {key: value for key, value in KERAS_2_DEFAULTS[name].items() if key not in arguments}
        for key, value in added.items():
            arguments.put(key, arguments.values.constant(value))
        text = ", ".join(f"{key}={value}" for key, value in added.items())
        if text:
            arguments.note(*((before, f"{before}, {text}") if before else (f"{name}()", f"{name}({text})")))

    return step


def _with_decay(*, before: int, order: tuple[str, ...]) -> Order:
    """The order of Keras 2, with ``decay`` in place `before`, if a number stands there."""

    def chosen(positional: list[object], _: set[str]) -> tuple[str, ...]:
        number = len(positional) > before and isinstance(positional[before], (int, float))
        if number and not isinstance(positional[before], bool):
            return (*order[:before], "decay", *order[before:])
        return order

    return chosen


def _optimizer(name: str, order: tuple[str, ...], *, decay_at: int | None = None, old_default: bool) -> Form:
    default = KERAS_2_DEFAULTS.get(name, {}).get("learning_rate", _TODAY[name]) if old_default else _TODAY[name]
    steps: list[Step] = [
        _without_none("epsilon", "weight_decay"),
        _decay(default),
        _rename(lr="learning_rate"),
        _learning_rate,
    ]
    if old_default and name in KERAS_2_DEFAULTS:
        steps.append(_old_defaults(name))
    return Form(
        modern=f"keras.optimizers.{name}",
        order=order,
        old_order=None if decay_at is None else _with_decay(before=decay_at, order=order),
        steps=tuple(steps),
        gone={
            "jit_compile": Gone(),
            "schedule_decay": Gone("the default, which is 0.004", (0.004,)),
        },
    )


def _optimizers(*, old_default: bool) -> dict[str, Form]:
    adam = ("learning_rate", "beta_1", "beta_2", "epsilon")
    return {
        "Adadelta": _optimizer("Adadelta", ("learning_rate", "rho", "epsilon"), decay_at=3, old_default=old_default),
        "Adagrad": _optimizer("Adagrad", ("learning_rate",), old_default=old_default),
        "Adam": _optimizer("Adam", (*adam, "amsgrad"), decay_at=4, old_default=old_default),
        "Adamax": _optimizer("Adamax", adam, decay_at=4, old_default=old_default),
        "Nadam": _optimizer("Nadam", adam, old_default=old_default),
        "RMSprop": _optimizer("RMSprop", ("learning_rate", "rho"), old_default=old_default),
        "SGD": _optimizer("SGD", ("learning_rate", "momentum", "nesterov"), decay_at=2, old_default=old_default),
    }


_TENSORFLOW_1_GONE = {"use_locking": Gone(), "locking": Gone()}


def _tensorflow_1(modern: str, order: tuple[str, ...], **renamed: str) -> Form:
    return Form(
        modern=f"keras.optimizers.{modern}",
        order=order,
        steps=(_rename(**renamed), _learning_rate),
        gone=_TENSORFLOW_1_GONE,
    )


OPTIMIZERS: Final[Mapping[str, Form]] = MappingProxyType(
    {f"keras.optimizers.{name}": form for name, form in _optimizers(old_default=True).items()}
)
"""As Keras 1 and 2 had them."""

TENSORFLOW_OPTIMIZERS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        **{f"tensorflow.keras.optimizers.{name}": form for name, form in _optimizers(old_default=False).items()},
        **{f"tensorflow.keras.optimizers.legacy.{name}": form for name, form in _optimizers(old_default=False).items()},
        "tensorflow.train.AdadeltaOptimizer": _tensorflow_1("Adadelta", ("learning_rate", "rho", "epsilon")),
        "tensorflow.train.AdagradOptimizer": _tensorflow_1("Adagrad", ("learning_rate", "initial_accumulator_value")),
        "tensorflow.train.AdamOptimizer": _tensorflow_1(
            "Adam", ("learning_rate", "beta_1", "beta_2", "epsilon"), beta1="beta_1", beta2="beta_2"
        ),
        "tensorflow.train.GradientDescentOptimizer": _tensorflow_1("SGD", ("learning_rate",)),
        "tensorflow.train.MomentumOptimizer": _tensorflow_1(
            "SGD", ("learning_rate", "momentum"), use_nesterov="nesterov"
        ),
        "tensorflow.train.RMSPropOptimizer": _tensorflow_1(
            "RMSprop", ("learning_rate", "rho", "momentum", "epsilon"), decay="rho"
        ),
    }
)
"""As ``tf.keras`` had them, and TensorFlow 1."""
