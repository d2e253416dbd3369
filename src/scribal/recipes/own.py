"""A user's own network in a recipe's place: a Python file with ``build()``, or a Keras model."""

import contextlib
import inspect
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scribal.backend import import_keras
from scribal.exceptions import ModelError
from scribal.recipes.recipe import Recipe, Shape

__all__ = ["recipe_from_file", "recipe_from_model"]


def recipe_from_file(path: Path) -> Recipe:
    """Make a recipe from a Python file that defines ``build()`` or ``build(input_shape, classes)``.

    The file is run, as ``python FILE`` would run it. What ``build`` returns is a Keras model; if it is compiled, its
    optimizer and loss are kept, otherwise it is trained with Adam on categorical cross-entropy.

    Raises:
        ModelError: There is no such file. When the network is built: the file fails or has no ``build``.
    """
    if not path.is_file():
        raise ModelError(
            "A Python file with a function build() must be there",
            received=str(path),
            advice="Check the path; 'scribal recipes' lists what needs no file",
        )

    def network(input_shape: Shape, classes: int) -> Any:
        with _imports_beside(path):
            build = _build_function(path)
            try:
                model = build(input_shape, classes) if inspect.signature(build).parameters else build()
            except (Exception, SystemExit) as error:  # whatever the user's function raises is theirs to mend
                raise _unusable(path, f"build() raised {type(error).__name__}: {error}") from error
        return _checked(model, origin=str(path))

    return Recipe(name=path.stem, summary=f"build() of {path.name}", network=network)


@contextlib.contextmanager
def _imports_beside(path: Path) -> Iterator[None]:
    """Let a file import what stands beside it, as ``python FILE`` does."""
    folder = str(path.resolve().parent)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _build_function(path: Path) -> Any:
    """Run the file and give its ``build``; only now, so that the seed that was set holds for everything in it."""
    import_keras()
    try:
        names = runpy.run_path(str(path), run_name="scribal_own")
    except (Exception, SystemExit) as error:
        raise _unusable(path, f"{type(error).__name__}: {error}") from error
    build = names.get("build")
    if not callable(build):
        raise _unusable(path, "no function build in it")
    return build


def recipe_from_model(model: Any) -> Recipe:
    """Make a recipe that trains the given Keras model, as it is, with the defaults of :class:`Recipe`."""
    _checked(model, origin="the given object")
    return Recipe(
        name=str(model.name).replace("_", "-"),
        summary="a Keras model of the user's own",
        network=lambda _shape, _classes: model,
        parameters=model.count_params(),
        input_shape=tuple(model.input_shape[1:]),
        classes=int(model.output_shape[-1]),
    )


def _checked(model: Any, origin: str) -> Any:
    """Let a built Keras model with one input and one output through."""
    keras = import_keras()
    rule = "A network must be a Keras model with one input of known shape and one output of the form (batch, classes)"
    advice = "Start a Sequential with keras.Input(shape), or return a functional keras.Model"
    if not isinstance(model, keras.Model):
        raise ModelError(rule, received=f"{origin}: {type(model).__name__}", advice=advice)
    if not model.built:
        raise ModelError(rule, received=f"{origin}: a model without an input shape", advice=advice)
    shapes = (model.input_shape, model.output_shape)
    is_plain = all(isinstance(shape, tuple) and None not in shape[1:] for shape in shapes)
    if not is_plain or len(model.output_shape) != 2:  # noqa: PLR2004 (batch and classes)
        raise ModelError(rule, received=f"{origin}: input {shapes[0]}, output {shapes[1]}", advice=advice)
    if lambdas := [layer.name for layer in _all_layers(model) if isinstance(layer, keras.layers.Lambda)]:
        raise ModelError(
            "A network must not hold Lambda layers, whose code no saved model can bring along safely",
            received=f"{origin}: {', '.join(lambdas)}",
            advice="Use Keras' own layers, or a layer class registered with keras.saving",
        )
    return model


def _all_layers(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        yield layer
        if hasattr(layer, "layers"):
            yield from _all_layers(layer)


def _unusable(path: Path, reason: str) -> ModelError:
    return ModelError(
        "A recipe's Python file must define a function build() that returns a Keras model",
        received=f"{path}: {reason}",
        advice="Mend the file; scribal --debug shows the whole error",
    )
