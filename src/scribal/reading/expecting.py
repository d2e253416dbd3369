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
from operator import itemgetter
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


_Onward = tuple[float, _Beginning, Alternative | None, bool]
"""What a beginning may go on with: the score then, the beginning, the answer, and whether a number begins with it."""

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
                longer = _continued(beam, mark, is_gap=position == 0 and place > 0)
                longer.sort(key=itemgetter(0), reverse=True)
                beam = []
                for way in longer:
                    one = _after(way, mark)
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


def _continued(beam: list[_Beginning], mark: Digit, *, is_gap: bool) -> list[_Onward]:
    """Everything that some beginnings may go on with at the next mark: most of it is too improbable to be looked at."""
    score = _TAKEN_IN if mark.rejected else 0.0
    joined, parted = (score + _OTHER_GAP, score) if is_gap else (score, score + _OTHER_GAP)
    possible = (Alternative(mark.digit, mark.confidence), *mark.alternatives)
    answers = [(math.log(one.probability), one) for one in possible if one.probability >= _LEAST_PROBABILITY]
    longer: list[_Onward] = []
    for one in beam:
        if mark.rejected:
            longer.append((one.score, one, None, False))
        if one.text:
            longer += [(one.score + joined + log, one, answer, False) for log, answer in answers]
            longer += [(one.score + parted + log, one, answer, True) for log, answer in answers]
        else:
            longer += [(one.score + score + log, one, answer, False) for log, answer in answers]
    return longer


def _after(way: _Onward, mark: Digit) -> _Beginning:
    score, one, answer, is_parted = way
    if answer is None:
        return one
    text = f"{one.text} {answer.digit}" if is_parted else one.text + answer.digit
    return _Beginning(score, text, one, mark, answer, is_parted)


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
