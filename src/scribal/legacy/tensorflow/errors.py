"""``tf.errors``: classes that programs name in ``except``; nothing here raises them."""

__all__ = ["InvalidArgumentError", "NotFoundError", "OpError", "ResourceExhaustedError"]

MODERN = dict.fromkeys(__all__, "Exception")


class OpError(Exception):
    """The base of TensorFlow's errors."""


class InvalidArgumentError(OpError):
    """An operation was given what it cannot take."""


class NotFoundError(OpError):
    """A file was not there."""


class ResourceExhaustedError(OpError):
    """The memory was full."""
