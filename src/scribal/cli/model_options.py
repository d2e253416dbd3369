"""The options by which commands are given a trained network, and how it is loaded from them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from scribal.exceptions import ArgumentError

__all__ = ["Model", "OwnModel", "Scale", "Weights", "load", "load_own"]

Model = Annotated[Path, typer.Argument(help="A run folder, .keras, .h5, or .json with its weights beside it.")]
OwnModel = Annotated[
    Path | None, typer.Option(help="A network of your own: a run folder, .keras, .h5, or .json with its weights.")
]
Weights = Annotated[Path | None, typer.Option(help="The .weights.h5 that goes with a .json elsewhere.")]
Scale = Annotated[
    float | None, typer.Option(help="Factor on pixel values 0..255, for a model of other origin: 1 or 0.00392.")
]


def load(model: Path, weights: Path | None, scale: float | None) -> Any:
    """Load a model, and say so on standard error when its pixel scaling had to be assumed."""
    from scribal import models

    loaded = models.load_model(model, weights=weights, scale=scale)
    if loaded.metadata_assumed and scale is None:
        print(
            f"{model} does not say how pixels are scaled; multiplying them by {loaded.metadata.scale:.5g}. "
            "Say otherwise with --scale.",
            file=sys.stderr,
        )
    return loaded


def load_own(model: Path | None, weights: Path | None, scale: float | None) -> Any:
    """Load the user's own model as :func:`load` does; nothing where the network of scribal is meant.

    Raises:
        ArgumentError: There are weights or a scale, and no model that they belong to.
    """
    if model is not None:
        return load(model, weights, scale)
    for name, value in (("--weights", weights), ("--scale", scale)):
        if value is not None:
            raise ArgumentError(
                f"{name} belongs to a model", received=f"{name} without --model", advice="Give both, or neither"
            )
    return None
