"""Names of measures, then and now: what one Keras calls ``acc`` is ``accuracy`` in the next.

Up to version 2.2 Keras called accuracy ``acc``, however ``compile`` was told; since 2.3 a measure has the name it was
given there (https://github.com/keras-team/keras/releases/tag/2.3.0). Programs read either from a ``History``, from the
``logs`` of a callback, in file names with ``{val_acc:.2f}``. Here a name that is missing stands for its equivalent.
"""

from collections.abc import Container, Iterator, Mapping
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["Measures", "equivalent_names", "name_among", "with_both_names"]

_SAME = (
    ("acc", "accuracy"),
    ("mse", "MSE", "mean_squared_error"),
    ("mae", "MAE", "mean_absolute_error"),
    ("mape", "MAPE", "mean_absolute_percentage_error"),
    ("msle", "MSLE", "mean_squared_logarithmic_error"),
    ("kld", "KLD", "kullback_leibler_divergence", "kl_divergence"),
    ("cosine", "cosine_proximity", "cosine_similarity"),
    ("lr", "learning_rate"),
)


def equivalent_names(name: str) -> Iterator[str]:
    """Give the other names of a measure.

    Args:
        name: Such as ``val_acc``, or ``digit_acc`` of a network's output called digit.
    """
    for group in _SAME:
        for word in group:
            prefix = name.removesuffix(word)
            if prefix != name and (not prefix or prefix.endswith("_")) and not _is_part_of_longer(name, word):
                yield from (prefix + other for other in group if other != word)
                return


def name_among(name: str, known: Container[str]) -> str | None:
    """Find the name by which a measure is known, if it is.

    Args:
        name: Any of its names.
        known: The names in use.
    """
    if name in known:
        return name
    return next((other for other in equivalent_names(name) if other in known), None)


def with_both_names(measures: Mapping[str, Any]) -> dict[str, Any]:
    """Give a mapping in which every name of each measure is a key."""
    return {other: value for name, value in measures.items() for other in equivalent_names(name)} | dict(measures)


class Measures(dict[str, Any]):
    """Measures by name: has the keys that Keras writes, and answers to their equivalents too.

    It is copied and pickled as a plain dictionary.
    """

    def __missing__(self, name: str) -> Any:
        known = self._known(name)
        if known is None:
            raise KeyError(name)
        return self[known]

    def __contains__(self, name: object) -> bool:
        return self._known(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """The measure of that name or of an equivalent one."""
        known = self._known(name)
        return default if known is None else super().__getitem__(known)

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)

    def _known(self, name: object) -> str | None:
        if super().__contains__(name):
            return str(name)
        if not isinstance(name, str):
            return None
        known = next((other for other in equivalent_names(name) if super(Measures, self).__contains__(other)), None)
        # Where compile was told "acc", that is its name in Keras 3 too.
        if known is not None and not known.endswith("acc"):
            current_journal().adapted(repr(name), repr(known))
        return known


def _is_part_of_longer(name: str, word: str) -> bool:
    """Whether a name that ends in a word ends in a measure of its own, as binary_accuracy does."""
    return any(name.endswith(f"{kind}_{word}") for kind in ("categorical", "binary", "top_k"))
