"""How a network is trained: its loss and its optimizer, as data.

Fields, defaults and meanings are those of ``keras.losses`` and ``keras.optimizers``.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "Adamax",
    "Loss",
    "LossName",
    "Optimizer",
    "RMSprop",
    "Schedule",
    "yes_above",
]

Schedule: TypeAlias = Callable[[NDArray[Any]], ArrayLike]

LossName = Literal[
    "categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error"
]


@dataclass(frozen=True)
class Loss:
    """A loss, averaged over the samples of a batch.

    Attributes:
        name: The Keras name of the function.
        from_logits: The network's output is before softmax (or sigmoid); not for mean_squared_error.
        label_smoothing: Share of the target spread evenly over the classes; not for sparse targets and squares.

    Raises:
        ValueError: The share lies outside [0, 1], or an option does not belong to the loss.
    """

    name: LossName
    from_logits: bool = False
    label_smoothing: float = 0.0

    def __post_init__(self) -> None:
        smooths = self.name in ("categorical_crossentropy", "binary_crossentropy")
        if not 0 <= self.label_smoothing <= 1 or (self.label_smoothing and not smooths):
            raise ValueError(f"Label smoothing must lie in [0, 1] and fit the loss. Received: {self}")
        if self.from_logits and self.name == "mean_squared_error":
            raise ValueError(f"mean_squared_error has no form from logits. Received: {self}")


def yes_above(loss: Loss) -> float:
    """The number above which a single output means yes: half of certainty, as a logit or as a probability."""
    return 0.0 if loss.from_logits else 0.5


@dataclass(frozen=True)
class Optimizer:
    """What all optimizers share.

    Attributes:
        learning_rate: Step size, or a function that gives it for an array of step numbers, the first step being 0.
        weight_decay: Before each step, weights shrink by the factor ``1 - weight_decay * learning_rate``.
        clipnorm: Largest L2 norm of the gradient of one weight array.
        global_clipnorm: Largest L2 norm of the gradients of all weight arrays together.
        clipvalue: Largest magnitude of a gradient's element.

    Raises:
        ValueError: A value is out of range, or more than one way of clipping is asked for.
    """

    learning_rate: float | Schedule = 0.001
    weight_decay: float | None = None
    clipnorm: float | None = None
    global_clipnorm: float | None = None
    clipvalue: float | None = None

    def __post_init__(self) -> None:
        if not callable(self.learning_rate) and not self.learning_rate >= 0:
            raise ValueError(f"learning_rate must not be negative. Received: {self.learning_rate}")
        clips = (self.clipnorm, self.global_clipnorm, self.clipvalue)
        if sum(clip is not None for clip in clips) > 1:
            raise ValueError(f"Gradients can be clipped in one way only. Received: {self}")

    def rates(self, first: int, count: int) -> NDArray[np.float64]:
        """Step sizes of ``count`` steps from number ``first``; the first step of a training is 0."""
        rate = self.learning_rate
        sizes = np.asarray(rate(np.arange(first, first + count)) if callable(rate) else rate, np.float64)
        return np.broadcast_to(sizes, count)

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the arrays kept for each weight, as Keras names them."""
        return ()

    @property
    def slot_start(self) -> float:
        """What all elements of these arrays are before the first step."""
        return 0.0


@dataclass(frozen=True)
class SGD(Optimizer):
    """Stochastic gradient descent, with momentum and Nesterov's form of it."""

    learning_rate: float | Schedule = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """A momentum, if it is used."""
        return ("momentum",) if self.momentum else ()


@dataclass(frozen=True)
class Adam(Optimizer):
    """Adam (D. P. Kingma, J. Ba, arXiv:1412.6980), with epsilon where Keras has it.

    With ``weight_decay`` it is AdamW (I. Loshchilov, F. Hutter, arXiv:1711.05101).
    """

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7
    amsgrad: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """First and second moments and, for AMSGrad, the largest second moment."""
        return ("momentum", "velocity", "velocity_hat") if self.amsgrad else ("momentum", "velocity")


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """RMSprop (G. Hinton, lecture 6e of "Neural Networks for Machine Learning", 2012), plain or centered."""

    rho: float = 0.9
    momentum: float = 0.0
    epsilon: float = 1e-7
    centered: bool = False

    @property
    def slots(self) -> tuple[str, ...]:
        """A second moment and, if used, a momentum and a mean gradient."""
        momentum = ("momentum",) if self.momentum else ()
        average = ("average_gradient",) if self.centered else ()
        return ("velocity", *momentum, *average)


@dataclass(frozen=True)
class Adagrad(Optimizer):
    """Adagrad (J. Duchi, E. Hazan, Y. Singer, JMLR 12, 2011)."""

    initial_accumulator_value: float = 0.1
    epsilon: float = 1e-7

    @property
    def slots(self) -> tuple[str, ...]:
        """The sum of all squares."""
        return ("accumulator",)

    @property
    def slot_start(self) -> float:
        """What the sums start from."""
        return self.initial_accumulator_value


@dataclass(frozen=True)
class Adadelta(Optimizer):
    """Adadelta (M. D. Zeiler, arXiv:1212.5701)."""

    rho: float = 0.95
    epsilon: float = 1e-7

    @property
    def slots(self) -> tuple[str, ...]:
        """Second moments of the gradients and of the steps."""
        return ("accumulated_grad", "accumulated_delta_var")


@dataclass(frozen=True)
class Adamax(Optimizer):
    """Adamax, Adam by the largest gradient instead of a second moment (arXiv:1412.6980, section 7)."""

    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7

    @property
    def slots(self) -> tuple[str, ...]:
        """A first moment, and the largest magnitude, which fades."""
        return ("momentum", "norm")
