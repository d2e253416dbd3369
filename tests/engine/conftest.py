"""Keras on JAX, for all tests of the engine."""

from scribal.backend import choose_backend

choose_backend()
