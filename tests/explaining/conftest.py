"""A network that was trained a little, and test digits with what it takes them for."""

import pytest

from scribal.data import load_dataset
from scribal.explaining.image_network import ImageNetwork
from scribal.models import load_model


@pytest.fixture(scope="session")
def digits():
    """The first 200 test images of MNIST, shape (200, 28, 28, 1)."""
    return load_dataset("mnist").x_test[:200, ..., None]


@pytest.fixture(scope="session")
def lenet(finished_run):
    """``finished_run`` as explanations see it."""
    return ImageNetwork(load_model(finished_run))
