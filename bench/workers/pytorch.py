"""PyTorch, eager or compiled: channels last, fused optimizer, data in memory, no DataLoader."""

import copy
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from bench.workers.case import Case, Floats
from bench.workers.protocol import Worker, available_cores, serve
from bench.workers.torch_network import Network

__all__ = ["TorchWorker"]


class TorchWorker(Worker):
    """Trains with a plain loop over slices of a shuffled order.

    Args:
        threads: Of PyTorch; by default one for each core.
        compiled: Whether the network goes through ``torch.compile``, which needs a C++ compiler.
    """

    libraries = ("torch",)

    def __init__(self, *, threads: int | None = None, compiled: bool = False) -> None:
        torch.set_num_threads(threads or available_cores())
        torch.manual_seed(0)
        self._compiled = compiled

    def load(self, case: Case, *, training: bool) -> None:
        """Make network, optimizer and data."""
        self._network = Network(case, training=training).to(memory_format=torch.channels_last).train(training)
        self._model: Any = torch.compile(self._network, dynamic=False) if self._compiled else self._network
        if not training:
            return
        self._optimizer = _optimizer(case, self._network)
        self._inputs = torch.from_numpy(_channels_first(case.raw("train")))
        targets = case.labels("train") if case.is_classification else case.targets("train")
        self._targets = torch.from_numpy(targets)
        self._loss = nn.CrossEntropyLoss() if case.is_classification else nn.MSELoss()

    def warm_up(self) -> None:
        """Two full batches and the one that is left over, then the first weights again."""
        weights = copy.deepcopy(self._network.state_dict())
        samples, batch = len(self._inputs), self.case.batch_size
        order = torch.arange(min(samples, 2 * batch + samples % batch))
        self._train(order)
        self._network.load_state_dict(weights)
        self._optimizer = _optimizer(self.case, self._network)

    def train(self, epochs: int) -> None:
        """Train."""
        self._network.train()
        for _ in range(epochs):
            self._train(torch.randperm(len(self._inputs)))

    def predict(self, images: Floats, batch: int) -> Floats:
        """Answer in inference mode, by the network as it was before it was compiled."""
        self._network.eval()
        inputs = torch.from_numpy(_channels_first(images))
        with torch.inference_mode():
            return torch.cat([self._network(_channels_last(part)) for part in inputs.split(batch)]).numpy()

    def _train(self, order: Tensor) -> None:
        for part in order.split(self.case.batch_size):
            x = self._inputs[part]
            x = x if x.dtype == torch.float32 else x.float().mul_(self.case.scale)
            self._optimizer.zero_grad(set_to_none=True)
            self._loss(self._model(_channels_last(x)), self._targets[part]).backward()
            self._optimizer.step()


def _channels_first(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x  # noqa: PLR2004 (a batch of images)


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x  # noqa: PLR2004 (a batch of images)


def _optimizer(case: Case, network: nn.Module) -> torch.optim.Optimizer:
    """The optimizer with Keras' defaults, fused."""
    settings = case.optimizer_arguments
    if case.optimizer == "adam":
        return torch.optim.Adam(network.parameters(), settings.get("learning_rate", 1e-3), eps=1e-7, fused=True)
    return torch.optim.SGD(
        network.parameters(),
        settings.get("learning_rate", 1e-2),
        momentum=settings.get("momentum", 0.0),
        nesterov=settings.get("nesterov", False),
        fused=True,
    )


if __name__ == "__main__":
    serve(TorchWorker)
