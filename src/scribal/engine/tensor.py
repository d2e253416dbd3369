"""What the plan knows of one value of the network: its layer, its weights and its buffers."""

from dataclasses import dataclass

from scribal.engine.graph import Node
from scribal.engine.layout import ImageShape
from scribal.engine.memory import Buffer
from scribal.engine.plan_convolution import FastConvolution, FastWeights, Sparse
from scribal.engine.plan_dense import Occupied
from scribal.engine.plan_weights import Kernel

__all__ = ["Mask", "Normalization", "Tensor"]


@dataclass(frozen=True)
class Mask:
    """The factors of a Dropout.

    Attributes:
        buffer: Where they lie.
        key: Number of its key among the network's.
    """

    buffer: Buffer
    key: int


@dataclass(frozen=True)
class Normalization:
    """A batch normalization's numbers.

    Attributes:
        by_batch: Whether training uses the batch's own mean and variance.
        moving: Position of the moving mean among all weights; the moving variance follows.
        statistics: Position of the chunk's statistics in its shard.
        factors: What a thread has worked out for each channel.
    """

    by_batch: bool
    moving: int
    statistics: int
    factors: Buffer


@dataclass(frozen=True)
class Tensor:
    """The result of a layer and of what works in place on it.

    Attributes:
        node: The layer.
        shape: Rows, columns and channels, as the layer writes them.
        sources: Numbers of the tensors it reads, in order.
        source_shapes: How it sees them.
        readers: Numbers of the tensors that read it.
        kernel: Its weights, if it has any.
        is_trained: Whether they are trained.
        value: Where the result lies, unless it is pooled at once.
        gradient: Where its gradient lies; None if no trained weights come before, or if it is pooled at once.
        adds: For each source, whether its gradient has something of another reader in it already.
        flat_value: Where samples are turned into lanes, if ``value`` has gaps; for the Input only.
        in_place: Activations, Dropout and Rescaling, in order.
        masks: By the node name of each Dropout.
        sparse: For a convolution whose backward pass is sparse, its sizes and buffers.
        fast: For a convolution with fewer multiplications, its sizes and buffers.
        fast_return: The same for the gradient of its inputs.
        fast_weights: The same for the gradient of its weights.
        pooled: For a convolution in one with the pooling that reads it, where the pooling's choices are kept.
        occupied: For a dense layer that leaves zeros among its inputs out, where it lists the others.
        normalization: For a batch normalization, its numbers.
    """

    node: Node
    shape: ImageShape
    sources: tuple[int, ...]
    source_shapes: tuple[ImageShape, ...]
    readers: tuple[int, ...]
    kernel: Kernel | None
    is_trained: bool
    value: Buffer
    gradient: Buffer | None
    adds: tuple[bool, ...]
    flat_value: Buffer | None
    in_place: tuple[Node, ...]
    masks: dict[str, Mask]
    sparse: Sparse | None
    fast: FastConvolution | None
    fast_return: FastConvolution | None
    fast_weights: FastWeights | None
    pooled: Buffer | None
    occupied: Occupied | None
    normalization: Normalization | None
