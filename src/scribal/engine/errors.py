"""What the engine raises when a network is outside what it can run.

::

    ScribalError
    └── LoweringError    a layer, loss or optimizer has no form in the engine; Keras can still train it

    UserWarning
    └── FallbackWarning  Keras does what was asked of the engine; says why
"""

from scribal.exceptions import ScribalError

__all__ = ["FallbackWarning", "LoweringError"]


class LoweringError(ScribalError, ValueError):
    """A layer, loss, optimizer or option has no form in the engine.

    Args:
        rule: What the engine requires, naming the layer, as a sentence without its full stop.
        received: What the model has instead.
        advice: What to do; by default, to let Keras train the model.
    """

    def __init__(self, rule: str, *, received: object, advice: str = "Train this model with Keras instead") -> None:
        super().__init__(rule, received=received, advice=advice)


class FallbackWarning(UserWarning):
    """Keras does what was asked of the engine, which has no form for it.

    Args:
        reason: What the engine would have raised; or the warning's own text, as pickle and processes pass it on.
    """

    def __init__(self, reason: LoweringError | str) -> None:
        if isinstance(reason, LoweringError):
            reason = f"Keras does this, not the engine. {reason.rule}. Received: {reason.received}."
        super().__init__(reason)
