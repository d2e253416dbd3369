"""Grad-CAM: where the last convolution's patterns that speak for a class were seen.

R. Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017,
arXiv:1610.02391. Each channel of the last images before the network flattens or averages them is weighted by how much
the class's score grows with it on average; what is left above zero is enlarged to the picture.
"""

import numpy as np

from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node
from scribal.engine.reference.trace import Gradients, Trace
from scribal.explaining.attributions.base import Attribution
from scribal.explaining.image_network import Array

__all__ = ["grad_cam", "last_image"]

_IMAGE_AXES = 3
_CONVOLUTIONS = (op.Conv2D, op.DepthwiseConv2D)
# What makes no new pattern of the convolutions' own: smaller, wider or flat forms of them.
_REARRANGING = (op.MaxPool2D, op.AveragePooling2D, op.GlobalMaxPooling2D, op.ZeroPadding2D, op.Reshape, op.Dropout)


def last_image(graph: Graph) -> Node | None:
    """The last node behind a convolution that gives images of more than one pixel, before they are pooled.

    That is the last convolution with its activation or, where branches meet behind it, what joins them; ``None`` in a
    network without convolutions.
    """
    behind: set[str] = set()
    found = None
    for node in graph.nodes:
        if isinstance(node.operation, _CONVOLUTIONS) or behind.intersection(node.inputs):
            behind.add(node.name)
        shape = graph.shapes[node.name]
        is_image = len(shape) == _IMAGE_AXES and shape[0] * shape[1] > 1
        if node.name in behind and is_image and not isinstance(node.operation, _REARRANGING):
            found = node
    return found


def grad_cam(trace: Trace, gradients: Gradients, node: Node, size: tuple[int, int]) -> Attribution:
    """Attribute a class's score to the places of a node's images.

    Args:
        trace: Of one picture.
        gradients: Of the class's score.
        node: Whose images, as :func:`last_image` finds it.
        size: Height and width of the picture.
    """
    images, gradient = trace.result(node.name)[0], gradients.results[node.name][0]
    weights = gradient.mean(axis=(0, 1))
    places = np.maximum(images @ weights, 0)
    return Attribution(
        "Grad-CAM",
        _enlarge(places, size),
        "score per unit, averaged over places",
        "Selvaraju et al. 2017, arXiv:1610.02391",
    )


def _enlarge(places: Array, size: tuple[int, int]) -> Array:
    from PIL import Image

    height, width = size
    enlarged = Image.fromarray(places.astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(enlarged, np.float32)
