"""Keras on JAX, for all tests of the engine; none of them leaves machine code in the user's cache."""

import os
import signal

import pytest

from scribal.backend import choose_backend
from scribal.engine.cache import CACHE_VARIABLE

choose_backend()
os.environ[CACHE_VARIABLE] = "off"


@pytest.fixture
def hears_interrupts():
    """A shell without a terminal starts background jobs deaf to Ctrl-C; this process hears it again."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
