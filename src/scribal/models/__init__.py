"""Keras models on disk: saved, loaded, converted, described, and fed with raw pixels.

Each of the four forms loads in plain Keras as well; scribal keeps beside the model how raw pixels enter it and what its
answers are called. :mod:`scribal.models.forms` says which files a form has.
"""

from scribal.models.conversion import convert
from scribal.models.description import LayerDescription, describe
from scribal.models.loading import LoadedModel, assume_metadata, load_model
from scribal.models.metadata import Metadata
from scribal.models.network import Network
from scribal.models.preprocessing import prepare
from scribal.models.saving import save_folder, save_model

__all__ = [
    "LayerDescription",
    "LoadedModel",
    "Metadata",
    "Network",
    "assume_metadata",
    "convert",
    "describe",
    "load_model",
    "prepare",
    "save_folder",
    "save_model",
]
