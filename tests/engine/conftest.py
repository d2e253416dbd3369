"""Keras on JAX, for all tests of the engine; what each of them runs was compiled for it."""

import signal

import pytest

from scribal.backend import choose_backend
from scribal.engine.cache import CACHE_VARIABLE

choose_backend()


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch):
    """Machine code from another test would hide that the same network is not always written alike."""
    monkeypatch.setenv(CACHE_VARIABLE, "off")


@pytest.fixture
def hears_interrupts():
    """A shell without a terminal starts background jobs deaf to Ctrl-C; this process hears it again."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
