"""Constructors and functions of Keras that take the arguments they took in any version, while a program runs."""

from scribal.legacy.constructors.install import installed_constructors

__all__ = ["installed_constructors"]
