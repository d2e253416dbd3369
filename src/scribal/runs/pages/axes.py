"""Axes of charts: their range, and the round numbers that stand along them."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["Axis", "fraction_axis", "number_axis", "percent_axis", "whole_axis"]

_TICKS = 5
_ROUND_STEPS = (1.0, 2.0, 5.0, 10.0)
# From this ratio of the largest to the smallest number, a linear axis shows only the first few epochs.
_LOGARITHMIC_FROM = 50.0
_SMALLEST_PERCENT_RANGE = 0.004


@dataclass(frozen=True)
class Axis:
    """An axis.

    Attributes:
        low: The number at its beginning.
        high: The number at its end, above ``low``.
        ticks: Pairs of a number and its label.
        is_logarithmic: Whether equal ratios, and not equal differences, are equally long.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    is_logarithmic: bool = False

    def place(self, value: float) -> float:
        """Where a number stands: 0 at the beginning, 1 at the end."""
        if self.is_logarithmic:
            low, high = math.log(self.low), math.log(self.high)
            return (math.log(max(value, self.low)) - low) / (high - low)
        return (value - self.low) / (self.high - self.low)


def whole_axis(values: Iterable[float]) -> Axis:
    """An axis of whole numbers, such as epochs, with a little room at both ends."""
    low, high = _range(values)
    room = max((high - low) * 0.02, 0.02)
    step = max(1.0, _round_step((high - low) / _TICKS))
    ticks = _multiples(low, high, step)
    if low not in ticks and (not ticks or ticks[0] - low > step / 2):
        ticks.insert(0, low)
    return Axis(low - room, high + room, tuple((value, f"{round(value):,}") for value in ticks))


def number_axis(values: Iterable[float]) -> Axis:
    """An axis of any numbers, logarithmic where they are positive and far apart."""
    values = list(values)
    low, high = _range(values)
    positive = [value for value in values if math.isfinite(value) and value > 0]
    if positive and low > 0 and high / low > _LOGARITHMIC_FROM:
        return _logarithmic(low, high)
    low = 0.0 if 0 <= low < high / 2 else low
    return _linear(low, high, lambda value, step: f"{round(value, _places(step)):g}")


def percent_axis(values: Iterable[float]) -> Axis:
    """An axis of fractions that are written as percentages, no narrower than 0.4 points."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    missing = max(_SMALLEST_PERCENT_RANGE - (high - low), 0) / 2
    low = min(max(low - missing, 0.0), 1 - _SMALLEST_PERCENT_RANGE)
    high = max(min(high + missing, 1.0), low + _SMALLEST_PERCENT_RANGE)
    return _linear(low, high, lambda value, step: f"{100 * value:.{_places(100 * step)}f} %")


def fraction_axis() -> Axis:
    """The axis from 0 to 100 %."""
    return Axis(0.0, 1.0, tuple((n / 5, f"{20 * n} %") for n in range(6)))


def _linear(low: float, high: float, label: Callable[[float, float], str]) -> Axis:
    step = _round_step((high - low) / _TICKS)
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return Axis(low, high, tuple((value, label(value, step)) for value in _multiples(low, high, step)))


def _logarithmic(low: float, high: float) -> Axis:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    every = max(1, math.ceil((last - first) / _TICKS))
    ticks = tuple((10.0**power, f"{10.0**power:g}") for power in range(first, last + 1, every))
    return Axis(10.0**first, 10.0**last, ticks, is_logarithmic=True)


def _range(values: Iterable[float]) -> tuple[float, float]:
    """Least and largest, which are never the same."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    if low == high:
        return low, high + (abs(high) or 1.0) * 0.01
    return low, high


def _round_step(step: float) -> float:
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * candidate for candidate in _ROUND_STEPS if power * candidate >= step * (1 - 1e-9))


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _places(step: float) -> int:
    return max(0, -math.floor(math.log10(step) + 1e-9))
