"""Keras without its remarks on standard error."""

import contextlib
import logging
import threading
import warnings
from collections.abc import Iterator

from scribal.backend import import_keras

__all__ = ["quiet_keras"]


@contextlib.contextmanager
def quiet_keras() -> Iterator[None]:
    """Hold back what Keras logs and warns while it saves or loads a model.

    Keras calls HDF5 a legacy format at each save and remarks that a model without training configuration was not
    compiled. Neither is news to a user who asked for just that. Failures still come as exceptions.
    """
    # Keras logs through absl, whose logger must be made by absl itself: it is imported with Keras.
    import_keras()
    logger = logging.getLogger("absl")
    thread = threading.get_ident()

    def from_another_thread(record: logging.LogRecord) -> bool:
        return record.thread != thread

    logger.addFilter(from_another_thread)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeFilter(from_another_thread)
