"""Gradients of a class's score to the pixels: at the picture, and on the way to it from an empty one."""

import numpy as np

from scribal.explaining.attributions.base import Attribution
from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["input_gradient", "integrated_gradients"]

_STEPS = 32


def input_gradient(network: ImageNetwork, picture: Array, class_number: int) -> Attribution:
    """How fast the score would grow with each pixel (Simonyan, Vedaldi, Zisserman, arXiv:1312.6034, section 3).

    Args:
        network: What is asked.
        picture: Raw pixels, shape (height, width, channels). The gradients of several channels are added up.
        class_number: Whose score.
    """
    gradient = _input_gradients(network, picture[np.newaxis], class_number)
    return Attribution(
        "Input gradient",
        gradient[0].sum(axis=-1),
        "score per unit of input",
        "Simonyan, Vedaldi, Zisserman 2014, arXiv:1312.6034",
    )


def integrated_gradients(network: ImageNetwork, picture: Array, class_number: int, steps: int = _STEPS) -> Attribution:
    """Share the difference to an empty picture's score among the pixels (Sundararajan, Taly, Yan, arXiv:1703.01365).

    The gradient is averaged on the straight way from the empty picture, all pixels 0, to this one, and multiplied by
    the pixels. The values add up to the difference of the two scores, as exactly as the steps are fine.

    Args:
        network: What is asked.
        picture: Raw pixels, shape (height, width, channels). The values of several channels are added up.
        class_number: Whose score.
        steps: Places on the way, each in the middle of its step.
    """
    shares = (np.arange(steps, dtype=np.float32) + 0.5) / steps
    way = shares[:, np.newaxis, np.newaxis, np.newaxis] * picture.astype(np.float32)
    average = _input_gradients(network, way, class_number).mean(axis=0)
    inputs = network.as_picture(network.inputs(picture[np.newaxis]))[0]
    return Attribution(
        "Integrated gradients",
        (average * inputs).sum(axis=-1),
        "score",
        "Sundararajan, Taly, Yan 2017, arXiv:1703.01365",
    )


def _input_gradients(network: ImageNetwork, pictures: Array, class_number: int) -> Array:
    trace = network.trace(pictures)
    gradients = trace.backward(network.score_gradient(class_number, len(pictures)))
    return network.as_picture(gradients.results[network.graph.nodes[0].name])
