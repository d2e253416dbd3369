"""From the graph to memory: which buffers a training step needs, where they lie, and which weights lie where.

Images are taken in groups of as many as the vectors have lanes; groups are dealt out to the threads in chunks. A
buffer that is used in one phase only belongs to a thread, which takes one group all the way forward and back while its
numbers are in the cache. What is used in several phases is kept for the whole batch, and so are inputs and output
gradients of dense layers, as their weight gradients are sums over it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import prod

from scribal.engine import operations as op
from scribal.engine.graph import Graph
from scribal.engine.layout import Border, Layout, bordered_layout, dense_layout, gradient_layout
from scribal.engine.memory import Buffer, Memory, Place
from scribal.engine.phases import Phase, Schedule, schedule, waits
from scribal.engine.plan_convolution import (
    FastConvolution,
    FastWeights,
    Sparse,
    border_of,
    plan_fast,
    plan_fast_return,
    plan_fast_weights,
    plan_pooled,
    plan_sparse,
)
from scribal.engine.plan_dense import Occupied, plan_occupied
from scribal.engine.plan_weights import Kernel, WeightPlan, place_weights
from scribal.engine.target import Target
from scribal.engine.tensor import Mask, Normalization, Tensor
from scribal.engine.values import Value, find_values

__all__ = ["Buffer", "Kernel", "Plan", "Tensor", "make_plan"]

# Groups a dense network takes together, so that a weight, once loaded, is used for several.
_DENSE_CHUNK = 4
_DENSE_OPERATIONS = (
    op.Input, op.Dense, op.Flatten, op.Reshape, op.Activation, op.Dropout, op.Rescaling, op.Add, op.Concatenate,
    op.BatchNormalization,
)  # fmt: skip
_CONVOLUTIONS = (op.Conv2D, op.DepthwiseConv2D)
# Numbers for each channel that a thread keeps of a batch normalization.
_FACTORS = 6


@dataclass(frozen=True)
class Plan:
    """All a program is written from.

    Attributes:
        target: The processor.
        batch_size: Samples of a full batch.
        chunk: Groups a thread takes together.
        chunks: Chunks of a full batch.
        tensors: From the input to the output.
        phases: What a training step does, in order.
        targets: Where a thread keeps what the network should answer.
        scratch: Room for a tensor's values or gradient, without gaps.
        weight_count: Floats of all weights; those whose gradient every chunk has a shard of come first.
        shard_size: Floats of a shard.
        thread_vectors: Vectors each thread needs.
        batch_vectors: Vectors each group of the batch needs.
        dropouts: Positions in the graph of the Dropout layers that drop.
    """

    target: Target
    batch_size: int
    chunk: int
    chunks: int
    tensors: tuple[Tensor, ...]
    phases: tuple[Phase, ...]
    targets: Buffer
    scratch: Buffer
    weight_count: int
    shard_size: int
    thread_vectors: int
    batch_vectors: int
    dropouts: tuple[int, ...]

    def sources(self, tensor: Tensor) -> tuple[Tensor, ...]:
        """The tensors a tensor reads."""
        return tuple(self.tensors[number] for number in tensor.sources)


def make_plan(graph: Graph, batch_size: int, target: Target, *, training: bool = True) -> Plan:
    """Plan the training of a network, or its forward pass alone.

    Args:
        graph: The network.
        batch_size: Samples of a full batch.
        target: The processor.
        training: Whether there is a way back, for which memory is set aside.

    Raises:
        LoweringError: The network, or one of its layers, has no native form.
    """
    values = find_values(graph)
    weights = place_weights(values)
    groups = -(-batch_size // target.lanes)
    is_dense = all(isinstance(value.node.operation, _DENSE_OPERATIONS) for value in values)
    chunk = min(_DENSE_CHUNK, groups) if is_dense else 1
    dropped = [node.name for node in graph.nodes if isinstance(node.operation, op.Dropout) and node.operation.rate]
    chunks = -(-groups // chunk)
    if not training:
        # Nothing is trained: no gradients, no masks, and normalizations go by their moving averages.
        values = [replace(value, node=replace(value.node, trainable=False)) for value in values]
        dropped = []
    times = schedule(values, _have_gradients(values, training=training))
    planner = _Planner(target, values, weights, times, chunk, chunks * chunk, dropped)
    tensors = planner.tensors()
    targets = planner.memory.take_vectors(prod(values[-1].shape))
    largest = max((prod(tensor.shape) for tensor in tensors if _goes_by_scratch(tensor, tensors)), default=0)
    return Plan(
        target=target,
        batch_size=batch_size,
        chunk=chunk,
        chunks=chunks,
        tensors=tuple(tensors),
        phases=planner.schedule.phases,
        targets=targets,
        scratch=planner.memory.take("thread" if chunk == 1 else "batch", dense_layout((largest,))),
        weight_count=weights.count,
        shard_size=weights.shard,
        thread_vectors=planner.memory.vectors["thread"],
        batch_vectors=planner.memory.vectors["batch"],
        dropouts=tuple(number for number, node in enumerate(graph.nodes) if node.name in dropped),
    )


def _have_gradients(values: Sequence[Value], *, training: bool) -> list[bool]:
    """Which values have a gradient: those with trained weights before them, and in training the answers."""
    found: list[bool] = []
    for value in values:
        weights = value.node.operation.weights(*value.source_shapes)
        trained = value.node.trainable and any(weight.trainable for weight in weights)
        found.append(trained or any(found[source] for source in value.sources))
    return [*found[:-1], training]


def _goes_by_scratch(tensor: Tensor, tensors: Sequence[Tensor]) -> bool:
    """Whether some of its values or of its gradient may have to lie in scratch memory for a while."""
    has_gaps = not tensor.value.layout.is_dense or (tensor.gradient is not None and not tensor.gradient.layout.is_dense)
    flags = (flag for reader in tensor.readers for flag in tensors[reader].adds)
    return has_gaps or any(flags)


@dataclass
class _Planner:
    """Sets aside memory, value by value."""

    target: Target
    values: Sequence[Value]
    weights: WeightPlan
    schedule: Schedule
    chunk: int
    groups: int
    dropped: Sequence[str]
    memory: Memory = field(default_factory=Memory)

    def tensors(self) -> list[Tensor]:
        """Plan all values."""
        adds = self._adds()
        tensors: list[Tensor] = []
        for number, value in enumerate(self.values):
            sources = [tensors[source] for source in value.sources]
            layout = bordered_layout(value.shape, self._borders(value))
            gathered = not value.sources and not layout.is_dense
            sparse, fast = self._convolution(number, sources)
            pooled = self._pooled(number, sources) if fast is None else None
            fast_return = self._fast_return(number, sources) if sparse is None else None
            fast_weights = self._fast_weights(number) if fast_return is not None else None
            tile = 1 if fast_return is None else fast_return.winograd.output_tile
            gradient = self._gradient(number, sources, tile) if pooled is None else None
            masks = {
                node.name: Mask(
                    self.memory.take(self._mask_place(number), dense_layout(value.shape)), self.dropped.index(node.name)
                )
                for node in value.in_place
                if node.name in self.dropped
            }
            tensors.append(
                Tensor(
                    node=value.node,
                    shape=value.shape,
                    sources=value.sources,
                    source_shapes=value.source_shapes,
                    readers=tuple(value.readers),
                    kernel=self.weights.kernels.get(number),
                    is_trained=value.node.trainable,
                    value=self._value(number, layout, is_written=pooled is None),
                    gradient=gradient,
                    adds=adds[number],
                    flat_value=self.memory.take("thread", dense_layout(value.shape)) if gathered else None,
                    in_place=tuple(value.in_place),
                    masks=masks,
                    sparse=sparse,
                    fast=fast,
                    fast_return=fast_return,
                    fast_weights=fast_weights,
                    pooled=pooled,
                    occupied=self._occupied(number, sources),
                    normalization=self._normalization(number),
                )
            )
        return tensors

    def _readers(self, value: Value) -> list[Value]:
        return [self.values[reader] for reader in value.readers]

    def _borders(self, value: Value) -> list[Border]:
        # A convolution that sees another shape asks for no border, or there would be a copy in that shape.
        readers = [reader for reader in self._readers(value) if value.shape in reader.source_shapes]
        operations = [reader.node.operation for reader in readers]
        return [border_of(operation, value.shape) for operation in operations if isinstance(operation, _CONVOLUTIONS)]

    def _value(self, number: int, layout: Layout, *, is_written: bool) -> Buffer:
        place = self._value_place(number)
        return self.memory.take(place, layout) if is_written else Buffer(place, 0, layout)

    def _value_place(self, number: int) -> Place:
        value = self.values[number]
        read = self._readers(value)
        phases = {self.schedule.forward[number], self.schedule.backward[number]}
        phases |= {self.schedule.forward[reader] for reader in value.readers}
        phases |= {self.schedule.leaves(reader, self.values[reader]) for reader in value.readers}
        # What a dense layer reads, or the network answers, is kept for the batch.
        kept = not read or any(isinstance(reader.node.operation, op.Dense) for reader in read)
        return "batch" if kept or self.chunk > 1 or len(phases - {None}) > 1 else "thread"

    def _mask_place(self, number: int) -> Place:
        phases = {self.schedule.forward[number], self.schedule.backward[number]}
        return "batch" if len(phases - {None}) > 1 else self._value_place(number)

    def _gradient(self, number: int, sources: Sequence[Tensor], tile: int) -> Buffer | None:
        value, complete = self.values[number], self.schedule.backward[number]
        if complete is None:
            return None
        operation, layout = value.node.operation, dense_layout(value.shape)
        if isinstance(operation, _CONVOLUTIONS) and sources[0].gradient is not None:
            layout = gradient_layout(value.shape, operation, value.source_shapes[0], tile)
        phases = {complete, self.schedule.leaves(number, value)}
        phases |= {self.schedule.leaves(reader, self.values[reader]) for reader in value.readers}
        kept = isinstance(operation, op.Dense) or self.chunk > 1 or len(phases - {None}) > 1
        return self.memory.take("batch" if kept else "thread", layout)

    def _adds(self) -> list[tuple[bool, ...]]:
        """For every value and each of its sources, whether another reader has left its part in the gradient before."""
        begun: set[int] = set()
        adds: list[tuple[bool, ...]] = [()] * len(self.values)
        for step in (step for phase in self.schedule.phases for step in phase.steps):
            if step.action in ("return", "settle"):
                flags = []
                for source in self.values[step.number].sources:
                    flags.append(source in begun)
                    begun.add(source)
                adds[step.number] = tuple(flags)
        return adds

    def _convolution(self, number: int, sources: Sequence[Tensor]) -> tuple[Sparse | None, FastConvolution | None]:
        """Set aside what a convolution needs to do less, if it can."""
        value = self.values[number]
        if not isinstance(value.node.operation, op.Conv2D):
            return None, None
        inputs, lanes = sources[0].value.layout.seen_as(value.source_shapes[0]), self.target.lanes
        sparse = None
        if sources[0].gradient is not None and len(value.readers) == 1:
            reader = self.values[value.readers[0]]
            if reader.source_shapes[0] == value.shape:
                sparse = plan_sparse(self.memory, value.node, inputs, reader.node, value.in_place, lanes)
        block = self.weights.kernels[number].block
        return sparse, plan_fast(self.memory, value.node.operation, inputs, value.shape, block, lanes)

    def _fast_return(self, number: int, sources: Sequence[Tensor]) -> FastConvolution | None:
        value = self.values[number]
        if not isinstance(value.node.operation, op.Conv2D) or sources[0].gradient is None:
            return None
        return plan_fast_return(self.memory, value.node.operation, value.source_shapes[0], self.target.lanes)

    def _fast_weights(self, number: int) -> FastWeights | None:
        value = self.values[number]
        if not isinstance(value.node.operation, op.Conv2D) or not value.node.trainable:
            return None
        block, channels = self.weights.kernels[number].block, value.source_shapes[0][2]
        return plan_fast_weights(self.memory, value.node.operation, channels, value.shape, block, self.target.lanes)

    def _pooled(self, number: int, sources: Sequence[Tensor]) -> Buffer | None:
        value = self.values[number]
        if len(value.readers) != 1 or not sources or sources[0].gradient is not None:
            return None
        reader, where = self.values[value.readers[0]], self._mask_place(number)
        if reader.source_shapes[0] != value.shape:
            return None
        return plan_pooled(self.memory, value.node, value.shape, reader.node, value.in_place, where, self.target)

    def _occupied(self, number: int, sources: Sequence[Tensor]) -> Occupied | None:
        if not isinstance(self.values[number].node.operation, op.Dense):
            return None
        kernel, (source,) = self.weights.kernels[number], sources
        sizes = (kernel.steps, kernel.units, kernel.block)
        return plan_occupied(self.memory, source.node, source.in_place, sizes, self.groups, self.target)

    def _normalization(self, number: int) -> Normalization | None:
        value = self.values[number]
        if not isinstance(value.node.operation, op.BatchNormalization):
            return None
        factors = self.memory.take_vectors(-(-_FACTORS * value.shape[2] // self.target.lanes))
        moving, statistics = self.weights.moving[number], self.weights.statistics[number]
        return Normalization(waits(value), moving, statistics, factors)
