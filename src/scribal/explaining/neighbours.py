"""Training pictures that look alike to the network: nearest in the space of its last features.

A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NeurIPS 2012,
section 6.1: two pictures whose features lie close together are alike to the upper layers, whatever their pixels say.
"""

from dataclasses import dataclass

import numpy as np

from scribal.data import Dataset
from scribal.engine.errors import LoweringError
from scribal.engine.graph import Graph
from scribal.explaining.image_network import Array, ImageNetwork

__all__ = ["Neighbour", "nearest"]

_COUNT = 8


@dataclass(frozen=True)
class Neighbour:
    """One training picture.

    Attributes:
        index: Its place in the training set.
        label: Its class.
        distance: Euclidean, between the features.
        picture: Raw pixels, shape (height, width, channels).
    """

    index: int
    label: str
    distance: float
    picture: Array


def nearest(
    network: ImageNetwork, picture: Array, dataset: Dataset, among: int, count: int = _COUNT
) -> tuple[Neighbour, ...]:
    """Find the nearest training pictures.

    Features are what the last layer with weights reads: the network's own description of the picture, from which it
    makes its answer.

    Args:
        network: What sees.
        picture: Raw pixels, shape (height, width, channels).
        dataset: Its training pictures are searched.
        among: How many of them, spread evenly over the set.
        count: How many to give.

    Raises:
        ModelError: The network does not take pictures of the dataset's shape.
    """
    from sklearn.neighbors import NearestNeighbors

    total = len(dataset.x_train)
    searched = np.arange(total) if among >= total else np.arange(among) * total // among
    inputs = network.prepared(dataset.x_train[searched])
    own = network.inputs(picture[np.newaxis])
    features = _features(network, np.concatenate([own, inputs]))
    search = NearestNeighbors(n_neighbors=min(count, len(searched)), algorithm="brute").fit(features[1:])
    distances, places = search.kneighbors(features[:1])
    return tuple(
        Neighbour(
            int(searched[place]),
            dataset.class_names[int(dataset.y_train[searched[place]])],
            float(distance),
            dataset.x_train[searched[place]].reshape(network.image_shape),
        )
        for place, distance in zip(places[0], distances[0], strict=True)
    )


def _features(network: ImageNetwork, inputs: Array) -> Array:
    name = _last_read(network.graph)
    try:
        features = network.part(name).predict(inputs)
    except LoweringError:
        # As where nothing but views of the pixels comes before the last layer.
        features = network.reference.trace(inputs).result(name)
    return features.reshape(len(inputs), -1)


def _last_read(graph: Graph) -> str:
    """The node whose result the last layer with weights reads."""
    weighted = [node for node in graph.nodes if node.operation.weights(*graph.input_shapes(node))]
    return weighted[-1].inputs[0] if weighted else graph.nodes[0].name
