"""Optimizers: how gradients move the weights.

Formulas, their order and the place of epsilon are those of ``keras.optimizers``; the papers are named in
``scribal.engine.training``.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from scribal.engine.training import SGD, Adadelta, Adagrad, Adam, Adamax, Optimizer, RMSprop

__all__ = ["clip", "update"]

Array = NDArray[np.floating]


def clip(optimizer: Optimizer, gradients: Mapping[str, Array]) -> dict[str, Array]:
    """Shorten gradients that are too long, as the optimizer asks.

    Args:
        optimizer: Whose ``clipnorm``, ``global_clipnorm`` or ``clipvalue`` is applied.
        gradients: One array per weight.

    Returns:
        The gradients, shortened.
    """
    if optimizer.clipvalue:
        limit = optimizer.clipvalue
        return {name: np.clip(gradient, -limit, limit) for name, gradient in gradients.items()}
    if optimizer.clipnorm:
        norms = {name: float(np.linalg.norm(gradient)) for name, gradient in gradients.items()}
        return {name: gradient * _shorten(norms[name], optimizer.clipnorm) for name, gradient in gradients.items()}
    if optimizer.global_clipnorm:
        norm = float(np.sqrt(sum(float(np.square(gradient).sum()) for gradient in gradients.values())))
        return {name: gradient * _shorten(norm, optimizer.global_clipnorm) for name, gradient in gradients.items()}
    return dict(gradients)


def update(optimizer: Optimizer, weight: Array, gradient: Array, slots: dict[str, Array], step: int) -> Array:
    """Move one weight array against its gradient.

    Args:
        optimizer: Which rule.
        weight: The weights.
        gradient: Their gradient, clipped, in the same shape.
        slots: What the optimizer remembers of earlier steps; changed in place.
        step: 1 for the first step.

    Returns:
        The new weights.
    """
    rate = float(optimizer.rates(step - 1, 1)[0])
    if optimizer.weight_decay is not None:
        weight = weight - weight * (optimizer.weight_decay * rate)
    match optimizer:
        case SGD():
            return weight - _sgd(optimizer, gradient, slots, rate)
        case Adam():
            return weight - _adam(optimizer, gradient, slots, rate, step)
        case RMSprop():
            return weight - _rmsprop(optimizer, gradient, slots, rate)
        case Adagrad():
            return weight - _adagrad(optimizer, gradient, slots, rate)
        case Adadelta():
            return weight - _adadelta(optimizer, gradient, slots, rate)
        case Adamax():
            return weight - _adamax(optimizer, gradient, slots, rate, step)
    raise TypeError(f"optimizer must be one of scribal.engine.training. Received: {optimizer!r}")


def _sgd(optimizer: SGD, gradient: Array, slots: dict[str, Array], rate: float) -> Array:
    if not optimizer.momentum:
        return rate * gradient
    slots["momentum"] = optimizer.momentum * slots["momentum"] - rate * gradient
    if optimizer.nesterov:
        return rate * gradient - optimizer.momentum * slots["momentum"]
    return -slots["momentum"]


def _adam(optimizer: Adam, gradient: Array, slots: dict[str, Array], rate: float, step: int) -> Array:
    # Both averages start at zero; the correction for it is folded into the step size.
    correction = float(np.sqrt(1 - optimizer.beta_2**step) / (1 - optimizer.beta_1**step))
    slots["momentum"] = slots["momentum"] + (gradient - slots["momentum"]) * (1 - optimizer.beta_1)
    slots["velocity"] = slots["velocity"] + (gradient**2 - slots["velocity"]) * (1 - optimizer.beta_2)
    velocity = slots["velocity"]
    if optimizer.amsgrad:
        velocity = slots["velocity_hat"] = np.maximum(slots["velocity_hat"], velocity)
    return slots["momentum"] * (rate * correction) / (np.sqrt(velocity) + optimizer.epsilon)


def _rmsprop(optimizer: RMSprop, gradient: Array, slots: dict[str, Array], rate: float) -> Array:
    slots["velocity"] = optimizer.rho * slots["velocity"] + (1 - optimizer.rho) * gradient**2
    spread = slots["velocity"]
    if optimizer.centered:
        slots["average_gradient"] = optimizer.rho * slots["average_gradient"] + (1 - optimizer.rho) * gradient
        spread = spread - slots["average_gradient"] ** 2
    increment = rate * gradient / np.sqrt(spread + optimizer.epsilon)
    if not optimizer.momentum:
        return increment
    slots["momentum"] = optimizer.momentum * slots["momentum"] + increment
    return slots["momentum"]


def _adagrad(optimizer: Adagrad, gradient: Array, slots: dict[str, Array], rate: float) -> Array:
    slots["accumulator"] = slots["accumulator"] + gradient**2
    return rate * gradient / np.sqrt(slots["accumulator"] + optimizer.epsilon)


def _adadelta(optimizer: Adadelta, gradient: Array, slots: dict[str, Array], rate: float) -> Array:
    rho, epsilon = optimizer.rho, optimizer.epsilon
    slots["accumulated_grad"] = rho * slots["accumulated_grad"] + (1 - rho) * gradient**2
    spreads = [np.sqrt(slots[name] + epsilon) for name in ("accumulated_delta_var", "accumulated_grad")]
    step = spreads[0] * gradient / spreads[1]
    slots["accumulated_delta_var"] = rho * slots["accumulated_delta_var"] + (1 - rho) * step**2
    return rate * step


def _adamax(optimizer: Adamax, gradient: Array, slots: dict[str, Array], rate: float, step: int) -> Array:
    slots["momentum"] = slots["momentum"] + (gradient - slots["momentum"]) * (1 - optimizer.beta_1)
    slots["norm"] = np.maximum(optimizer.beta_2 * slots["norm"], np.abs(gradient))
    return rate / (1 - optimizer.beta_1**step) * slots["momentum"] / (slots["norm"] + optimizer.epsilon)


def _shorten(norm: float, longest: float) -> float:
    return longest / norm if norm > longest else 1.0
