"""A network as a PyTorch module, with Keras' initial weights."""

from typing import Any

import torch
from torch import Tensor, nn

from bench.workers.case import Case
from bench.workers.network import Layer, channels_first_weights, read_layers, same_pads

__all__ = ["Network"]

_ACTIVATIONS = {"relu": nn.ReLU, "sigmoid": nn.Sigmoid, "tanh": nn.Tanh}


class Network(nn.Module):
    """Runs layers one after the other, each on what those it reads have given.

    Args:
        case: The workload.
        training: Whether the softmax at the end is left to the loss.
    """

    def __init__(self, case: Case, *, training: bool) -> None:
        super().__init__()
        layers = read_layers(case.training_network() if training else case.network)
        weights = channels_first_weights(case, layers)
        self._steps = [(layer.name, layer.kind, layer.inputs) for layer in layers]
        self._made = nn.ModuleDict()
        for layer in layers:
            own = {key: torch.from_numpy(value) for key, value in weights.items() if _belongs(key, layer)}
            module = _module(layer, own)
            if module is not None:
                self._made[_key(layer.name)] = module
        read = [name for *_, inputs in self._steps for name in inputs]
        self._chain = nn.Sequential(*self._made.values()) if len(read) == len(set(read)) else None

    def forward(self, x: Tensor) -> Tensor:
        """Answer for ``(n, channels, rows, columns)`` or ``(n, features)``."""
        if self._chain is not None:
            return self._chain(x)
        values: dict[str, Tensor] = {}
        for name, kind, inputs in self._steps:
            if kind == "InputLayer":
                values[name] = x
            elif kind == "Add":
                values[name] = values[inputs[0]] + values[inputs[1]]
            elif kind == "Concatenate":
                values[name] = torch.cat([values[source] for source in inputs], dim=1)
            else:
                values[name] = self._made[_key(name)](values[inputs[0]])
        return values[self._steps[-1][0]]


def _key(name: str) -> str:
    return name.replace("/", "_of_")


def _belongs(key: str, layer: Layer) -> bool:
    return key.rpartition("/")[0] == layer.name


def _module(layer: Layer, weights: dict[str, Tensor]) -> nn.Module | None:
    settings = layer.settings
    made: nn.Module
    if layer.kind in ("InputLayer", "Add", "Concatenate"):
        return None
    if layer.kind in ("Conv2D", "MaxPooling2D"):
        return _window(layer, weights)
    if layer.kind == "Dense":
        kernel = weights[f"{layer.name}/kernel"]
        made = nn.Linear(kernel.shape[1], kernel.shape[0])
        _fill(made, layer, weights)
    elif layer.kind == "BatchNormalization":
        made = nn.BatchNorm2d(len(weights[f"{layer.name}/gamma"]), settings["epsilon"], 1 - settings["momentum"])
    elif layer.kind == "Activation":
        activation = settings["activation"]
        made = nn.Softmax(dim=1) if activation == "softmax" else _ACTIVATIONS[activation]()
    elif layer.kind == "GlobalAveragePooling2D":
        made = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    else:
        made = {"Flatten": nn.Flatten, "Dropout": lambda: nn.Dropout(settings["rate"])}[layer.kind]()
    return made


def _window(layer: Layer, weights: dict[str, Tensor]) -> nn.Module:
    settings = layer.settings
    if layer.kind == "MaxPooling2D":
        pad = settings["pool_size"][0] // 2 if settings["padding"] == "same" else 0
        return nn.MaxPool2d(settings["pool_size"], settings["strides"], padding=pad)
    kernel, strides = weights[f"{layer.name}/kernel"], tuple(settings["strides"])
    filters, channels, *size = kernel.shape
    is_same = settings["padding"] == "same"
    padding: Any = "same" if is_same and strides == (1, 1) else 0
    made = nn.Conv2d(channels, filters, tuple(size), strides, padding=padding, bias=settings["use_bias"])
    _fill(made, layer, weights)
    if not is_same or strides == (1, 1):
        return made
    # PyTorch pads both sides alike; Keras puts the odd zero after an axis of even length.
    before, after = same_pads(2 * strides[0], size[0], strides[0])
    return nn.Sequential(nn.ZeroPad2d((before, after, before, after)), made)


def _fill(module: nn.Module, layer: Layer, weights: dict[str, Tensor]) -> None:
    """Put Keras' initial weights in place of PyTorch's."""
    names = {"weight": "kernel", "bias": "bias"}
    with torch.no_grad():
        for own, value in module.named_parameters():
            value.copy_(weights[f"{layer.name}/{names[own]}"])
