"""``tf.debugging``: assertions on values, which hold nothing up while a function is compiled."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scribal.legacy.tensorflow.compiled_functions import is_compiling
from scribal.legacy.tensorflow.errors import InvalidArgumentError

__all__ = [
    "assert_all_finite",
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_non_negative",
    "assert_positive",
    "assert_rank",
    "check_numerics",
    "set_log_device_placement",
]

MODERN = dict.fromkeys(__all__, "assert")


def _compared(word: str, holds: Callable[[Any, Any], Any]) -> Callable[..., None]:
    def assertion(x: Any, y: Any, message: str | None = None, *_: Any, **__: Any) -> None:
        if not is_compiling() and not np.all(holds(np.asarray(x), np.asarray(y))):
            raise InvalidArgumentError(f"{message or 'Assertion failed'}: x {word} y does not hold. x = {x}, y = {y}")

    return assertion


assert_equal = _compared("==", np.equal)
assert_greater = _compared(">", np.greater)
assert_greater_equal = _compared(">=", np.greater_equal)
assert_less = _compared("<", np.less)
assert_less_equal = _compared("<=", np.less_equal)
assert_near = _compared("is near", lambda x, y: np.isclose(x, y, rtol=1e-5))
assert_rank = _compared("has the rank", lambda x, y: x.ndim == y)


def assert_positive(x: Any, message: str | None = None, *_: Any, **__: Any) -> None:
    """All values are above zero."""
    assert_greater(x, 0, message)


def assert_non_negative(x: Any, message: str | None = None, *_: Any, **__: Any) -> None:
    """No value is below zero."""
    assert_greater_equal(x, 0, message)


def assert_all_finite(x: Any, message: str = "", *_: Any) -> Any:
    """Every value is a number."""
    if not is_compiling() and not np.all(np.isfinite(np.asarray(x))):
        raise InvalidArgumentError(f"{message or 'Assertion failed'}: Tensor had NaN or Inf values")
    return x


check_numerics = assert_all_finite


def set_log_device_placement(enabled: bool) -> None:  # noqa: FBT001
    """Do nothing: there is one device."""
