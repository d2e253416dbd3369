"""What scribal raises when it is given something it cannot work with.

::

    ScribalError                 every error below; the command line prints it in one line, exit code 2
    ├── ArgumentError            an argument breaks a rule: out of range, of the wrong type, in conflict
    │   └── UnknownNameError     a recipe, dataset or option value of that name does not exist
    ├── DataError                a dataset is missing, damaged, of the wrong shape or cannot be fetched
    ├── ImageError               a file is no image scribal can read, or is too large
    │   └── …LimitError          a picture asks for too much: pixels, pages, marks, time (in scribal.reading.limits)
    ├── ModelError               a model file is damaged or foreign, or a model does not fit its data
    ├── RunError                 a run folder exists already, is incomplete or cannot be written
    ├── NoModernFormError        Keras 3 has nothing for an old call (in scribal.legacy.changes.call)
    ├── LoweringError            the engine has no form for a network (in scribal.engine.errors); Keras can train it
    ├── TuningRefusedError       a tuned network would have forgotten too much (in scribal.reading.tuning)
    └── MissingExtraError        an optional library is not installed

Each error says three things, in this order: the rule, what was received, and what to do.
"""

import difflib
from collections.abc import Iterable

__all__ = [
    "ArgumentError",
    "DataError",
    "ImageError",
    "MissingExtraError",
    "ModelError",
    "RunError",
    "ScribalError",
    "UnknownNameError",
]

_LONGEST_RECEIVED = 200


class ScribalError(Exception):
    """Base of all errors that scribal raises on purpose.

    Args:
        rule: What has to hold, as a sentence without its full stop.
        received: What was given instead. Long values are shortened, line breaks folded.
        advice: What to do now, as a sentence without its full stop.
    """

    exit_code = 2

    def __init__(self, rule: str, *, received: object, advice: str) -> None:
        self.rule = rule
        self.received = _shorten(received)
        self.advice = advice
        super().__init__(f"{_sentence(rule)} Received: {self.received}. {_sentence(advice)}")

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by state: the constructor's keyword arguments would otherwise be lost between processes."""
        return _restore, (type(self), self.__dict__.copy(), self.args)


class ArgumentError(ScribalError, ValueError):
    """An argument breaks a rule: out of range, of the wrong type, or in conflict with another."""


class UnknownNameError(ArgumentError):
    """A name is not among the known ones; the nearest known names are offered.

    Args:
        kind: What the name should name, such as ``"recipe"``.
        name: The name that was received.
        known: All names of that kind.
        advice: What else to do, beside taking one of the nearest names or, where none is near, of all.
    """

    def __init__(self, kind: str, name: str, known: Iterable[str], advice: str | None = None) -> None:
        self.known = tuple(known)
        self.nearest = tuple(difflib.get_close_matches(name.lower(), self.known, n=3, cutoff=0.5))
        offer = f"Did you mean {' or '.join(self.nearest)}?" if self.nearest else f"Known are {', '.join(self.known)}."
        super().__init__(
            f"{kind} must be a known name",
            received=repr(name),
            advice=f"{offer} {advice}" if advice else offer,
        )


class DataError(ScribalError, ValueError):
    """A dataset is missing, damaged, of the wrong shape or type, or cannot be fetched."""


class ImageError(ScribalError, ValueError):
    """A file is no image that scribal can read, or it is larger than the limit."""


class ModelError(ScribalError, ValueError):
    """A model file is damaged or foreign, or a model does not fit the data it is given."""


class RunError(ScribalError, OSError):
    """A run folder exists already, is incomplete, or cannot be written."""


class MissingExtraError(ScribalError, ImportError):
    """An optional library is not installed.

    Args:
        library: The library's name on the package index.
        purpose: What it is needed for, as in ``"Reading HEIC photos"``.
        extra: scribal's extra that installs it, if there is one.
    """

    def __init__(self, library: str, *, purpose: str, extra: str | None = None) -> None:
        package = library if extra is None else f"'scribal[{extra}]'"
        super().__init__(
            f"{purpose} needs the library {library}",
            received="no such library installed",
            advice=f"Install it with: pip install {package}",
        )


def _sentence(text: str) -> str:
    folded = " ".join(text.split())
    return folded if folded.endswith((".", "?", "!")) else f"{folded}."


def _shorten(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST_RECEIVED else text[: _LONGEST_RECEIVED - 1] + "…"


def _restore(kind: type[ScribalError], state: dict[str, object], args: tuple[object, ...]) -> ScribalError:
    error = kind.__new__(kind)
    error.__dict__.update(state)
    error.args = args
    return error
