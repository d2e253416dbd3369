"""``tf.logging``: TensorFlow's own messages, of which there are none here."""

import logging
from typing import Any

__all__ = [
    "DEBUG",
    "ERROR",
    "FATAL",
    "INFO",
    "WARN",
    "WARNING",
    "debug",
    "error",
    "fatal",
    "get_logger",
    "get_verbosity",
    "info",
    "set_verbosity",
    "warn",
    "warning",
]

DEBUG, INFO, WARN, WARNING, ERROR, FATAL = 10, 20, 30, 30, 40, 50
MODERN = dict.fromkeys(__all__, "")


def get_logger() -> logging.Logger:
    """The logger of TensorFlow's name."""
    return logging.getLogger("tensorflow")


def set_verbosity(level: Any) -> None:
    """Set the level from which messages are shown."""
    get_logger().setLevel(level)


def get_verbosity() -> int:
    """The level from which messages are shown."""
    return get_logger().getEffectiveLevel()


debug = get_logger().debug
info = get_logger().info
warn = warning = get_logger().warning
error = get_logger().error
fatal = get_logger().critical
