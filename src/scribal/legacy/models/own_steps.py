"""Models with a ``train_step(self, data)`` of their own, as ``tf.keras`` had them since 2.2.

Keras 3 on JAX hands a step all state and takes it back; such a step reads and changes variables itself. It is compiled
as a function under ``@tf.function`` is, and Keras' loop goes around it.
"""

import contextlib
import inspect
from collections.abc import Callable
from typing import Any

from scribal.legacy.constructors.patches import Patches
from scribal.legacy.tensorflow.compiled_functions import CompiledFunction

__all__ = ["adapt_own_steps", "has_own_step", "with_own_step"]

_STEPS = {"evaluate": "test_step", "fit": "train_step"}


def adapt_own_steps(patches: Patches) -> None:
    """Give models what steps of that kind call.

    Args:
        patches: Where the changes are kept.
    """
    from keras.src.trainers.trainer import Trainer

    patches.put(Trainer, "compiled_loss", property(_CompiledLoss))
    patches.put(Trainer, "compiled_metrics", property(_CompiledMetrics))


def has_own_step(model: Any, name: str) -> bool:
    """Whether a model's class has a step for ``fit`` or ``evaluate`` that takes nothing but a batch."""
    step = getattr(type(model), _STEPS.get(name, ""), None)
    if step is None or step.__module__.startswith("keras."):
        return False
    python = getattr(step, "python_function", step)
    return len(inspect.signature(python).parameters) == 2  # noqa: PLR2004 (self, data)


@contextlib.contextmanager
def with_own_step(model: Any, name: str) -> Any:
    """Let Keras' loop take a model's own steps until the block ends.

    Args:
        model: A compiled model.
        name: ``fit`` or ``evaluate``.
    """
    kind = "train" if name == "fit" else "test"
    given = vars(model)
    compiled = given.setdefault(f"_own_{kind}_step", CompiledFunction(getattr(model, f"{kind}_step")))
    state_of = model._get_jax_state  # noqa: SLF001 (the state that the loop hands to each step)
    size = 4 if name == "fit" else 3

    def step(state: Any, iterator: Any) -> tuple[Any, Any]:
        return compiled(next(iterator)), state

    def no_state(*args: Any, **kwargs: Any) -> Any:
        is_own = bool(kwargs.get("optimizer_variables")) == (name == "fit")
        return ([],) * size if is_own else state_of(*args, **kwargs)

    stand_ins = {
        "_get_jax_state": no_state,
        "_symbolic_build": _built_if_possible(model),
        f"make_{kind}_function": lambda force=False: given.update({f"{kind}_function": step}),  # noqa: ARG005
    }
    before = {key: given[key] for key in stand_ins if key in given}
    given.update(stand_ins)
    try:
        yield
    finally:
        for key in stand_ins:
            given.pop(key)
        given.update(before)
        given[f"{kind}_function"] = None


def _built_if_possible(model: Any) -> Callable[..., None]:
    build = model._symbolic_build  # noqa: SLF001 (what makes variables from a batch's shape)

    def stand_in(*args: Any, **kwargs: Any) -> None:
        # A model with steps of its own may have no call(): the first step makes what it needs.
        with contextlib.suppress(Exception):
            build(*args, **kwargs)

    return stand_in


class _CompiledLoss:
    """``model.compiled_loss``: what ``compile`` was given as loss."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, y: Any, y_pred: Any, sample_weight: Any = None, regularization_losses: Any = None) -> Any:
        loss = self._model._compile_loss(y, y_pred, sample_weight)  # noqa: SLF001
        for extra in regularization_losses or ():
            loss += extra
        self._model._loss_tracker.update_state(loss)  # noqa: SLF001
        return loss


class _CompiledMetrics:
    """``model.compiled_metrics``: what ``compile`` was given as metrics."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @property
    def metrics(self) -> Any:
        """All of them."""
        return self._model.metrics

    def update_state(self, y: Any, y_pred: Any, sample_weight: Any = None) -> None:
        """Take a batch in."""
        if self._model._compile_metrics is not None:  # noqa: SLF001
            self._model._compile_metrics.update_state(y, y_pred, sample_weight)  # noqa: SLF001

    def reset_state(self) -> None:
        """Begin anew."""
        self._model.reset_metrics()

    reset_states = reset_state
