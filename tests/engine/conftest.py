"""Keras on JAX, for all tests of the engine; none of them leaves machine code in the user's cache."""

import os

from scribal.backend import choose_backend
from scribal.engine.cache import CACHE_VARIABLE

choose_backend()
os.environ[CACHE_VARIABLE] = "off"
