"""What the engine needs of a model: its graph and weights, from a Keras model or straight from a saved file.

A file is read without Keras. Whatever is unusual about it, an old layout, a model inside a model in HDF5, numbers that
do not fit, is left to Keras, which then reads the file or says what is wrong with it.
"""

import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from scribal.engine.arrays import Floats
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph
from scribal.engine.lower import lower_config, lower_model, weights_of
from scribal.engine.lower_training import lower_loss
from scribal.engine.operations import Activation
from scribal.engine.predictor import Predictor
from scribal.engine.threads import usable_threads
from scribal.engine.training import Loss
from scribal.models.contents import Contents
from scribal.models.forms import WEIGHTS_NAME, Form
from scribal.models.hdf5 import is_keras2_weights, open_hdf5, stored_parameters
from scribal.models.sources import Source

__all__ = ["Network", "network_of", "read_network"]

_MODEL_CLASSES = {"Sequential": "sequential", "Functional": "functional", "Model": "functional"}
# Versions of Keras whose HDF5 files hold weights as they are used today.
_KNOWN_VERSIONS = ("2.", "3.")


@dataclasses.dataclass(frozen=True)
class Network:
    """A model as the engine sees it.

    Attributes:
        graph: Its layers.
        weights: Their weights, by name.
        saved_loss: The loss it was compiled with, as Keras serializes it; ``None`` if it was not compiled.
    """

    graph: Graph
    weights: Mapping[str, Floats]
    saved_loss: Any = None

    @property
    def activation(self) -> str:
        """Name of the activation that gives the answers; ``"linear"`` without one."""
        last = self.graph.nodes[-1].operation
        return last.name if isinstance(last, Activation) else "linear"

    @property
    def loss(self) -> Loss | None:
        """The loss it was compiled with.

        Raises:
            LoweringError: The loss has no form in the engine.
        """
        if self.saved_loss is None:
            return None
        if not isinstance(self.saved_loss, str) and "class_name" not in self.saved_loss:
            raise LoweringError("The loss must be a single one", received=self.saved_loss)
        return lower_loss(self.saved_loss)

    @cached_property
    def before_softmax(self) -> "Network":
        """The network that answers with logits where this one makes probabilities of them."""
        if self.activation != "softmax":
            return self
        return dataclasses.replace(self, graph=Graph(self.graph.nodes[:-1]))

    @cached_property
    def predictor(self) -> Predictor:
        """The network's forward pass as machine code, on all processor cores.

        Raises:
            LoweringError: A layer has no native form.
        """
        return Predictor(self.graph, self.weights, threads=usable_threads())


def network_of(model: Any) -> Network:
    """See a ``keras.Model`` as the engine does; its weights are copied.

    Raises:
        LoweringError: The model has no form in the engine.
    """
    loss = getattr(model, "loss", None)
    if loss is not None and not isinstance(loss, str):
        from scribal.backend import import_keras

        # A class of the user's own may have the name of one of Keras'.
        module = getattr(loss, "__module__", "")
        loss = import_keras().losses.serialize(loss) if str(module).startswith("keras.") else {"own loss": str(loss)}
    return Network(lower_model(model), weights_of(model), loss)


def read_network(source: Source, contents: Contents) -> Network:
    """Read a saved model.

    Args:
        source: Its files.
        contents: Its description, which was looked through for code.

    Raises:
        LoweringError: The model has no form in the engine, or its file one of another form than Keras writes today.
        Exception: Of any kind, for a file that is damaged or was written by another program.
    """
    graph = lower_config(contents.config)
    compiled = contents.config.get("compile_config") or {}
    if source.form is Form.KERAS:
        import h5py

        with zipfile.ZipFile(source.file) as archive, h5py.File(io.BytesIO(archive.read(WEIGHTS_NAME))) as file:
            return Network(graph, _layer_weights(file, contents.config["config"], graph), compiled.get("loss"))
    with open_hdf5(source.weights or source.file) as file:
        if source.weights is not None:
            stored = 0 if is_keras2_weights(file) else stored_parameters(file)
            if stored > sum(int(np.prod(weight.shape)) for _, weight in graph.weights()):
                raise LoweringError("Weights must be those of the model", received=f"{stored} parameters")
        if is_keras2_weights(file):
            weights = _legacy_weights(file, contents.config["config"], graph)
        else:
            weights = _layer_weights(file, contents.config["config"], graph)
        if source.weights is None:
            compiled = json.loads(file.attrs.get("training_config", "{}"))
        return Network(graph, weights, compiled.get("loss"))


def _layer_weights(file: Any, config: Mapping[str, Any], graph: Graph) -> dict[str, Floats]:
    """Weights as Keras 3 keeps them: ``layers/<class>_<number>/vars/<number>``, models inside in the same way."""
    weights: dict[str, Floats] = {}
    wanted = _weights_by_layer(graph)
    for place, layer in _places(config, "", ""):
        if layer in wanted:
            variables = file[f"{place}/vars"]
            arrays = [variables[str(number)] for number in range(len(variables))]
            weights |= _checked(wanted[layer], arrays)
    return weights


def _places(config: Mapping[str, Any], place: str, prefix: str) -> Iterator[tuple[str, str]]:
    """Where each layer's weights are kept, and what the layer is called in the graph."""
    numbers: dict[str, int] = {}
    for layer in config["layers"]:
        class_name, name = layer["class_name"], layer["config"]["name"]
        kind = _MODEL_CLASSES.get(class_name) or _snake_case(class_name)
        number = numbers.get(kind, 0)
        numbers[kind] = number + 1
        own = f"{place}layers/{kind}_{number}" if number else f"{place}layers/{kind}"
        if class_name in _MODEL_CLASSES:
            yield from _places(layer["config"], f"{own}/", f"{prefix}{name}/")
        else:
            yield own, prefix + name


def _legacy_weights(file: Any, config: Mapping[str, Any], graph: Graph) -> dict[str, Floats]:
    """Weights as Keras 1 and 2 kept them: a group for each layer of the model, which lists the arrays in it."""
    group = file.get("model_weights", file)
    version = group.attrs["keras_version"]
    version = version.decode() if isinstance(version, bytes) else str(version)
    inner = [layer["config"]["name"] for layer in config["layers"] if layer["class_name"] in _MODEL_CLASSES]
    if inner or not version.startswith(_KNOWN_VERSIONS):
        received = f"Keras {version}, models {inner}"
        raise LoweringError("An HDF5 model must be a single one, of Keras 2 or later", received=received)
    weights: dict[str, Floats] = {}
    for layer, wanted in _weights_by_layer(graph).items():
        weights |= _checked(wanted, [group[layer][name] for name in group[layer].attrs["weight_names"]])
    return weights


def _weights_by_layer(graph: Graph) -> dict[str, list[tuple[str, tuple[int, ...]]]]:
    """Names and shapes of each layer's weights, in Keras' order."""
    layers: dict[str, list[tuple[str, tuple[int, ...]]]] = {}
    for name, weight in graph.weights():
        layers.setdefault(name.rpartition("/")[0], []).append((name, weight.shape))
    return layers


def _checked(wanted: list[tuple[str, tuple[int, ...]]], arrays: list[Any]) -> dict[str, Floats]:
    """Arrays of one layer under their names, if they are as many as wanted, numbers, and of the right shapes."""
    shapes = [tuple(array.shape) for array in arrays]
    if shapes != [shape for _, shape in wanted] or any(array.dtype.kind != "f" for array in arrays):
        raise LoweringError("Weights must be those of the model", received=f"shapes {shapes} for {wanted}")
    return {name: np.asarray(array, np.float32) for (name, _), array in zip(wanted, arrays, strict=True)}


def _snake_case(name: str) -> str:
    """A class' name as Keras writes it in files: ``max_pooling2d``."""
    parted = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"\W+", "", name))
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()
