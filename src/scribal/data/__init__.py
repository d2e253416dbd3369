"""Datasets and pictures: what goes into a network.

``load_dataset`` takes a name of ``DATASETS`` or a path and gives a ``Dataset``; ``read_image`` and ``fit_image`` turn a
picture's file into an array such as MNIST's. Nothing heavier than NumPy is imported before it is needed.
"""

from scribal.data.dataset import Dataset
from scribal.data.images import read_image
from scribal.data.load import load_dataset
from scribal.data.normalise import fit_image
from scribal.data.registry import DATASETS, DatasetEntry

__all__ = ["DATASETS", "Dataset", "DatasetEntry", "fit_image", "load_dataset", "read_image"]
