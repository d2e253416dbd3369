"""The engine: a Keras network becomes one native training loop.

``compile`` is the whole pipeline, top to bottom::

    Keras model --lower--> graph --plan--> buffers --assemble--> LLVM --jit--> Program

``scribal.engine.reference`` does the same in plain NumPy, to be read and to be measured against.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scribal.engine.program import Program

__all__ = ["compile"]


def compile(  # noqa: A001 - Keras' own word, and always written with the engine's name before it
    model: Any,
    *,
    loss: Any = None,
    optimizer: Any = None,
    batch_size: int = 32,
    seed: int = 0,
    threads: int | None = None,
) -> "Program":
    """Compile a Keras model for training and prediction.

    Args:
        model: A built Keras model, with the weights to start from.
        loss: Name of a loss, or a serialized one; by default what ``model.compile`` was given.
        optimizer: Name of an optimizer, or a serialized one; by default what ``model.compile`` was given.
        batch_size: Samples in a training step.
        seed: Decides what Dropout drops.
        threads: Threads to work with; by default one for each processor. Results do not depend on it.

    Returns:
        The compiled program, with a copy of the model's weights.

    Raises:
        LoweringError: A layer, the loss or the optimizer has no native form; the message names it.
    """
    from scribal.engine.lower import lower_model, weights_of
    from scribal.engine.lower_training import lower_loss, lower_optimizer
    from scribal.engine.program import Program

    compiled = {} if loss and optimizer else model.get_compile_config()
    return Program(
        graph=lower_model(model),
        weights=weights_of(model),
        loss=lower_loss(loss or compiled.get("loss")),
        optimizer=lower_optimizer(optimizer or compiled.get("optimizer")),
        batch_size=batch_size,
        seed=seed,
        threads=threads or os.cpu_count() or 1,
    )
