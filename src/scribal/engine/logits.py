"""Cross-entropy from logits: the softmax or sigmoid at a network's end is left out of what is trained.

``log(softmax(x))`` has a slope for every ``x``; the logarithm of a probability that has been rounded to 0 or cut off
at 1e-7 has none, and a sample that is answered wrongly for certain teaches nothing. So the loss is taken from the
numbers before the last activation, as Keras does on TensorFlow, and the activation is applied to the answers only.
"""

from dataclasses import dataclass, replace

from scribal.engine.arrays import Floats
from scribal.engine.graph import Graph
from scribal.engine.operations import Activation
from scribal.engine.reference.activations import activate
from scribal.engine.training import Loss

__all__ = ["LogitsForm", "logits_form"]

_BEFORE = {
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
    "binary_crossentropy": "sigmoid",
}


@dataclass(frozen=True)
class LogitsForm:
    """What is trained in a network's place.

    Attributes:
        graph: The network, perhaps without its last activation.
        loss: The loss of its results.
        activation: What turns its results into the network's answers; None if they are.
    """

    graph: Graph
    loss: Loss
    activation: Activation | None = None

    def answers(self, results: Floats) -> Floats:
        """Turn results of the graph into answers of the network, ``(samples, *output_shape)`` both."""
        return results if self.activation is None else activate(self.activation, results)


def logits_form(graph: Graph, loss: Loss) -> LogitsForm:
    """Find what to train: the network without its last activation, if the loss can be taken from logits.

    Args:
        graph: The network.
        loss: Its loss.
    """
    last = graph.nodes[-1].operation
    if loss.from_logits or not isinstance(last, Activation) or _BEFORE.get(loss.name) != last.name:
        return LogitsForm(graph, loss)
    return LogitsForm(Graph(graph.nodes[:-1]), replace(loss, from_logits=True), last)
