"""A network seen as what explanations ask: scores of pictures, every layer's results, and gradients of a score.

Explanations follow the score of a class before the softmax, its logit, as their authors do: a probability also rises
when another class's score falls, and where it is near 1 it hardly moves at all, so that its gradients are all but zero
(K. Simonyan, A. Vedaldi, A. Zisserman, arXiv:1312.6034, section 3).
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph, Node
from scribal.engine.operations import Activation
from scribal.engine.predictor import Predictor
from scribal.engine.reference.network import Network as Reference
from scribal.engine.reference.trace import Trace
from scribal.engine.threads import usable_threads
from scribal.exceptions import ModelError, UnknownNameError
from scribal.models import LoadedModel, prepare
from scribal.runs.labels import probabilities

__all__ = ["Array", "ImageNetwork", "on_one_core"]

Array = npt.NDArray[Any]

_IMAGE_AXES = 3
_GREY, _COLOUR = 1, 3
_LEAST_SIDE = 2
_ADVICE = (
    "Explain a network of the layers that docs/engine.md lists; "
    "scribal predict, evaluate and errors take the others, through Keras"
)
_PROBABILITY_MAKERS = ("softmax", "sigmoid")


class ImageNetwork:
    """A loaded model that takes one picture a sample.

    Args:
        loaded: The model.
        scale: Factor on raw pixel values; by default the model's own.

    Attributes:
        image_shape: ``(height, width, channels)`` of a picture; a network of flat samples sees a square one.
        graph: The network up to its scores.
        activation: What makes the answers of the scores: ``"softmax"``, ``"sigmoid"`` or, where there is neither,
            ``"linear"``.
        class_names: One for each class.
        weights: An array for each weight, by full name, such as ``"conv2d/kernel"``.

    Raises:
        LoweringError: The engine has no form for the model.
        ModelError: The network takes no picture, or does not give one score a class.
    """

    def __init__(self, loaded: LoadedModel, scale: float | None = None) -> None:
        try:
            network = loaded.network
        except LoweringError as error:
            raise LoweringError(error.rule, received=error.received, advice=_ADVICE) from error
        self.image_shape = _image_shape(network.graph.input_shape)
        if len(network.graph.output_shape) != 1:
            raise ModelError(
                "An explanation needs a network that answers with one number for each class",
                received=f"a network with output shape {network.graph.output_shape}",
                advice="Explain a network that ends in Dense or in global pooling",
            )
        last = network.graph.nodes[-1].operation
        is_probable = isinstance(last, Activation) and last.name in _PROBABILITY_MAKERS
        self.activation = network.activation if is_probable else "linear"
        self.graph = Graph(network.graph.nodes[:-1]) if is_probable else network.graph
        self.class_names = _names(loaded.metadata.class_names, self.graph.output_shape[0])
        self._scale = loaded.metadata.scale if scale is None else scale
        self.weights = network.weights

    @cached_property
    def reference(self) -> Reference:
        """The network in NumPy, which gives every layer's results and gradients."""
        return Reference(self.graph, self.weights)

    @cached_property
    def _predict(self) -> Callable[[Array], Array]:
        """The engine's answers to many inputs; the reference's, which is slower, for layers without a native form."""
        try:
            return Predictor(self.graph, self.weights, threads=usable_threads()).predict
        except LoweringError:
            return self.reference.predict

    def inputs(self, pictures: Array) -> Array:
        """What the network reads for raw pictures ``(n, height, width, channels)``: ``(n, *input_shape)``, float32."""
        return self.prepared(pictures.reshape(len(pictures), *self.graph.input_shape))

    def prepared(self, samples: Array) -> Array:
        """The same for raw samples of a dataset, in its own shape.

        Raises:
            ModelError: The network takes no samples of that shape.
        """
        return prepare(samples, self.graph.input_shape, self._scale)

    def as_picture(self, values: Array) -> Array:
        """Values of the network's inputs ``(n, *input_shape)`` as ``(n, height, width, channels)``."""
        return values.reshape(len(values), *self.image_shape)

    def scores(self, pictures: Array) -> Array:
        """Scores of raw pictures ``(n, height, width, channels)``: ``(n, classes)``."""
        return _of_two(self._predict(self.inputs(pictures)))

    def probabilities(self, scores: Array) -> Array:
        """Probabilities of scores ``(n, classes)``, in the same shape, as ``scribal predict`` gives them."""
        if self.graph.output_shape[0] == 1:
            return probabilities(scores[:, 1:], "linear")
        if self.activation == "sigmoid":
            from scribal.engine.reference.activations import sigmoid

            return np.asarray(sigmoid(scores), np.float32)
        return probabilities(scores, "linear")

    def trace(self, pictures: Array) -> Trace:
        """Every operation's result for raw pictures, with the way back for gradients."""
        return self.reference.trace(self.inputs(pictures))

    def score_gradient(self, class_number: int, samples: int = 1) -> Array:
        """Gradient of a class's score to the network's outputs, ``(samples, outputs)``: where the way back begins."""
        outputs = self.graph.output_shape[0]
        gradient = np.zeros((samples, outputs), np.float32)
        if outputs == 1:
            gradient[:] = 1 if class_number else -1
        else:
            gradient[:, class_number] = 1
        return gradient

    def class_number(self, name: str) -> int:
        """The number of a class.

        Raises:
            UnknownNameError: There is none of that name.
        """
        if name not in self.class_names:
            raise UnknownNameError("class", name, self.class_names)
        return self.class_names.index(name)

    def part(self, name: str) -> Predictor:
        """The network from its input to the node of that name, on the engine.

        Raises:
            LoweringError: That part has no native form.
        """
        nodes = _leading_to(self.graph, name)
        graph = Graph(nodes)
        weights = {full: self.weights[full] for full, _ in graph.weights()}
        return Predictor(graph, weights, threads=usable_threads())


@contextmanager
def on_one_core() -> Iterator[None]:
    """Keep NumPy's matrix products on one core: theirs are small here, and threads only wait for each other."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield


def _image_shape(shape: tuple[int, ...]) -> tuple[int, int, int]:
    side = math.isqrt(math.prod(shape))
    if len(shape) == 1 and side >= _LEAST_SIDE and side * side == shape[0]:
        return side, side, 1
    if len(shape) == _IMAGE_AXES - 1:
        return shape[0], shape[1], 1
    if len(shape) == _IMAGE_AXES and shape[2] in (_GREY, _COLOUR):
        return shape[0], shape[1], shape[2]
    if len(shape) == _IMAGE_AXES and shape[0] == _GREY:
        return shape[1], shape[2], 1
    raise ModelError(
        "An explanation needs a network that takes a picture: (height, width), with one or three channels, or flat "
        "with as many values as a square has",
        received=f"a network with input shape {shape}",
        advice="Ask such a network with scribal.predict; there is no picture to explain",
    )


def _names(known: tuple[str, ...], outputs: int) -> tuple[str, ...]:
    """Names of all classes, numbers where the model does not say."""
    classes = max(outputs, 2)
    return tuple(known[:classes]) + tuple(str(number) for number in range(len(known), classes))


def _of_two(outputs: Array) -> Array:
    """A single output tells two classes apart: its score speaks for the second and against the first."""
    return np.concatenate([-outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def _leading_to(graph: Graph, name: str) -> tuple[Node, ...]:
    """The nodes that a node's result is made of, and itself."""
    needed = {name}
    for node in reversed(graph.nodes):
        if node.name in needed:
            needed.update(node.inputs)
    return tuple(node for node in graph.nodes if node.name in needed)
