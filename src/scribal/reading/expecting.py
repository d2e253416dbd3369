"""What is expected of a number decides between a digit and its alternatives.

Who reads postcodes knows that five digits stand there. The marks of a line are read anew as the most probable text that
fits a regular expression: by a beam search over the answers to each mark, in which every beginning that cannot be
completed any more is left out. The library ``regex`` tells these, by its partial matches
(https://github.com/mrabarnett/mrab-regex#added-partial-matches-hg-issue-102).
"""

import dataclasses
import math
import sys
from collections.abc import Iterator
from typing import NamedTuple

from scribal.exceptions import ArgumentError
from scribal.reading.limits import Clock
from scribal.reading.result import Alternative, Digit, Line, Number

__all__ = ["Expectation", "MarkedLine"]

_BEAM = 100  # beginnings that are kept
_LEAST_PROBABILITY = 1e-5  # of an alternative that may be taken
_OTHER_GAP = math.log(0.02)  # numbers are joined or parted against what the gaps between them say
_TAKEN_IN = math.log(0.05)  # a mark that was taken for no digit is one all the same
_MOST_JOINED = 8  # numbers of a line, up to which it is tried to join some of them
_PATIENCE = 0.25  # seconds for one match; there are expressions that take ages

Marks = tuple[Digit, ...]
MarkedLine = tuple[Marks, ...]
"""A line's numbers, each with all marks that stand in it, also the rejected ones."""


class _Beginning(NamedTuple):
    """A line up to one of its marks, as it may be read."""

    score: float = 0.0
    text: str = ""
    before: "_Beginning | None" = None
    mark: Digit | None = None
    answer: Alternative | None = None
    is_parted: bool = False

    def numbers(self) -> tuple[Marks, ...]:
        """Put the answers together to numbers."""
        chosen: list[_Beginning] = []
        one: _Beginning | None = self
        while one is not None:
            chosen.append(one)
            one = one.before
        numbers: list[list[Digit]] = [[]]
        for one in reversed(chosen):
            if one.is_parted:
                numbers.append([])
            if one.mark is not None and one.answer is not None:
                numbers[-1].append(_answered(one.mark, one.answer))
        return tuple(map(tuple, numbers))


_Way = tuple[int, float, tuple[Number, ...]]
_NO_WAY: _Way = (sys.maxsize, math.inf, ())


def _price(way: _Way) -> tuple[int, float]:
    return way[:2]


class Expectation:
    """How every number is written, as a regular expression; one with a space in it is about several numbers.

    Args:
        pattern: The expression, in Python's syntax.

    Raises:
        ArgumentError: It is empty or no regular expression.
    """

    def __init__(self, pattern: str) -> None:
        import regex

        example = "Five digits, for example, are [0-9]{5}"
        if not pattern:
            raise ArgumentError("What is expected must not be empty", received="an empty expression", advice=example)
        try:
            whole = pattern.removeprefix("^").removesuffix("$")
            regex.compile(whole)
            self._line = regex.compile(rf"(?:{whole})(?: (?:{whole}))*")
        except (regex.error, OverflowError, RecursionError) as error:
            raise ArgumentError(
                "What is expected must be a regular expression", received=f"{pattern}: {error}", advice=example
            ) from error
        self.pattern = pattern

    def fits(self, text: str) -> bool:
        """Whether a number, or a line of them, is as it was expected."""
        return self._match(text, partial=False)

    def read(self, line: MarkedLine, clock: Clock) -> Line | None:
        """Read a line as it was expected, as far as any reading of it allows.

        Numbers are joined or parted where that takes it, marks that were rejected are taken in, and digits are replaced
        by alternatives: always by those that make the line most probable. What no reading fits stays as it was, with
        ``is_expected`` False.

        Args:
            line: Numbers with their marks.
            clock: Stops it where it takes too long.

        Returns:
            The line; None if nothing is left in it.

        Raises:
            TimeLimitError: The time is over.
        """
        # best[n]: the first n numbers, as (how many fit no reading, minus the log probability, numbers)
        best: list[_Way] = [(0, 0.0, ())] + [_NO_WAY] * len(line)
        longest = len(line) if len(line) <= _MOST_JOINED else 1
        for start, marks in enumerate(line):
            unfit, cost, numbers = best[start]
            plain = tuple(mark for mark in marks if not mark.rejected)
            as_it_was = (*numbers, Number(plain, is_expected=False)) if plain else numbers
            best[start + 1] = min(best[start + 1], (unfit + 1, cost, as_it_was), key=_price)
            for end, found in enumerate(self._fitting(line[start : start + longest], clock), start + 1):
                if found is not None:
                    fitting = tuple(Number(digits, is_expected=True) for digits in found.numbers())
                    best[end] = min(best[end], (unfit, cost - found.score, numbers + fitting), key=_price)
        numbers = best[-1][2]
        return Line(numbers) if numbers else None

    def _fitting(self, numbers: MarkedLine, clock: Clock) -> Iterator[_Beginning | None]:
        """Find the most probable reading that fits as a whole, of the first number, the first two, and so on."""
        beam = [_Beginning()]
        for place, marks in enumerate(numbers):
            for position, mark in enumerate(marks):
                clock.check("looking for what was expected")
                gap = position == 0 and place > 0
                longer = [other for one in beam for other in _continued(one, mark, is_gap=gap)]
                longer.sort(key=lambda one: -one.score)
                beam = []
                for one in longer:
                    if self._match(one.text, partial=True):
                        beam.append(one)
                        if len(beam) == _BEAM:
                            break
            if not beam:
                return
            yield next((one for one in beam if one.text and self.fits(one.text)), None)

    def _match(self, text: str, *, partial: bool) -> bool:
        try:
            return self._line.fullmatch(text, partial=partial, timeout=_PATIENCE) is not None
        except TimeoutError as error:
            raise ArgumentError(
                f"What is expected must be matched within {_PATIENCE:g} seconds",
                received=self.pattern,
                advice="Write it with fewer repetitions inside repetitions",
            ) from error


def _continued(one: _Beginning, mark: Digit, *, is_gap: bool) -> Iterator[_Beginning]:
    """Everything that a beginning may go on with at the next mark."""
    score, text = one.score, one.text
    if mark.rejected:
        yield one
        score += _TAKEN_IN
    joined, parted = (_OTHER_GAP, 0.0) if is_gap else (0.0, _OTHER_GAP)
    for answer in (Alternative(mark.digit, mark.confidence), *mark.alternatives):
        if answer.probability < _LEAST_PROBABILITY:
            continue
        longer = score + math.log(answer.probability)
        if not text:
            yield _Beginning(longer, answer.digit, one, mark, answer)
            continue
        yield _Beginning(longer + joined, text + answer.digit, one, mark, answer)
        yield _Beginning(longer + parted, f"{text} {answer.digit}", one, mark, answer, is_parted=True)


def _answered(mark: Digit, answer: Alternative) -> Digit:
    """The mark with another answer."""
    if answer.digit == mark.digit:
        return dataclasses.replace(mark, rejected=False) if mark.rejected else mark
    others = (Alternative(mark.digit, mark.confidence), *mark.alternatives)
    kept = tuple(one for one in others if one.digit != answer.digit)
    ordered = tuple(sorted(kept, key=lambda one: -one.probability))
    return dataclasses.replace(
        mark,
        digit=answer.digit,
        confidence=answer.probability,
        rejected=False,
        alternatives=ordered,
        read_as=mark.read_as or mark.digit,
    )
