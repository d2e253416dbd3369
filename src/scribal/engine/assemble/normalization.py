"""Batch normalization: what every chunk does, and what every thread works out between two phases."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.ir import Code
from scribal.engine.kernels.normalization import (
    Groups,
    emit_measure,
    emit_normalize,
    emit_settle,
    emit_total,
    over_channels,
)
from scribal.engine.kernels.statistics import Channels, Measures, emit_merge, emit_move, emit_moving, emit_pull
from scribal.engine.layout import Layout
from scribal.engine.tensor import Normalization, Tensor

__all__ = [
    "measure",
    "merge_measures",
    "merge_totals",
    "move_averages",
    "normalize",
    "settle",
    "sum_gradients",
    "take_moving_averages",
]


def take_moving_averages(frame: Frame, tensor: Tensor) -> None:
    """Write how a thread works out a normalization's factors from its moving averages."""
    normalization = _of(tensor)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        weights, moving, factors = arguments
        emit_moving(code, _channels(code, tensor, weights), moving, factors)

    weights = frame.arguments["weights"]
    arguments = [weights, frame.code.at(weights, normalization.moving), frame.address(normalization.factors)]
    frame.unit.call(frame.code, f"take moving averages {tensor.node.name}", arguments, write)


def merge_measures(frame: Frame, tensor: Tensor, chunks: ir.Value) -> None:
    """Write how a thread works out the factors from all chunks' measures."""
    normalization = _of(tensor)
    weights, factors = frame.arguments["weights"], frame.address(normalization.factors)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        all_weights, shards, all_chunks, samples, to_factors = arguments
        measures = _measures(frame, tensor, code, (shards, all_chunks, samples), 0)
        emit_merge(code, _channels(code, tensor, all_weights), measures, to_factors)

    arguments = [weights, frame.arguments["shards"], chunks, frame.samples, factors]
    frame.unit.call(frame.code, f"merge measures {tensor.node.name}", arguments, write)


def move_averages(frame: Frame, tensor: Tensor) -> None:
    """Write how one thread moves the moving averages, once it has the factors."""
    normalization, operation = _of(tensor), tensor.node.operation
    assert isinstance(operation, op.BatchNormalization)
    arguments = [frame.address(normalization.factors), frame.code.at(frame.arguments["weights"], normalization.moving)]
    frame.unit.call(
        frame.code,
        f"move averages {tensor.node.name}",
        arguments,
        lambda code, args: emit_move(code, tensor.shape[2], operation.momentum, *args),
    )


def merge_totals(frame: Frame, tensor: Tensor, chunks: ir.Value) -> None:
    """Write how a thread works out from all chunks' sums of gradients how they pull at what was normalized."""

    def write(code: Code, arguments: list[ir.Value]) -> None:
        shards, all_chunks, samples, factors = arguments
        measures = _measures(frame, tensor, code, (shards, all_chunks, samples), 2)
        emit_pull(code, tensor.shape[2], measures, factors)

    arguments = [frame.arguments["shards"], chunks, frame.samples, frame.address(_of(tensor).factors)]
    frame.unit.call(frame.code, f"merge totals {tensor.node.name}", arguments, write)


def measure(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write a chunk's mean and deviations of what a normalization reads."""
    layout, groups = _inputs(frame, tensor), frame.plan.chunk

    def write(code: Code, arguments: list[ir.Value]) -> None:
        values, samples, statistics = arguments
        emit_measure(code, Groups(groups, samples), layout, values, statistics)

    (source,) = frame.plan.sources(tensor)
    arguments = [frame.address(source.value), frame.samples_left(), frame.code.at(shard, _of(tensor).statistics)]
    frame.unit.call(frame.code, f"measure {tensor.node.name}", arguments, write)


def normalize(frame: Frame, tensor: Tensor) -> None:
    """Write the normalization of a chunk."""
    layouts, (source,) = (_inputs(frame, tensor), tensor.value.layout), frame.plan.sources(tensor)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        factors, values, results = arguments
        emit_normalize(code, layouts, factors, (values, results), finish_of(code, tensor))

    with frame.code.loop(frame.plan.chunk) as groups:
        buffers = [frame.address(buffer, groups.index) for buffer in (source.value, tensor.value)]
        arguments = [frame.address(_of(tensor).factors), *buffers]
        frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def sum_gradients(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write a chunk's sums of gradients, which are also those of gamma and beta."""
    (source,), gradient, channels = frame.plan.sources(tensor), tensor.gradient, tensor.shape[2]
    assert gradient is not None
    layouts, groups = (_inputs(frame, tensor), gradient.layout), frame.plan.chunk
    places = _places(tensor)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        values, gradients, samples, factors, statistics, own_shard = arguments
        emit_total(code, Groups(groups, samples), layouts, factors, (values, gradients), statistics)
        for name, first in (("beta", 0), ("gamma", channels)):
            if name in places:
                _copy(code, channels, code.at(statistics, first), code.at(own_shard, places[name]))

    statistics = frame.code.at(shard, _of(tensor).statistics + 2 * channels)
    factors = frame.address(_of(tensor).factors)
    arguments = [frame.address(source.value), frame.address(gradient), frame.samples_left(), factors, statistics, shard]
    frame.unit.call(frame.code, f"total {tensor.node.name}", arguments, write)


def settle(frame: Frame, tensor: Tensor) -> None:
    """Write the gradient of what was normalized."""
    (source,), gradient, part = frame.plan.sources(tensor), tensor.gradient, part_of_gradient(frame, tensor)
    normalization = _of(tensor)
    if part is None:
        return
    assert gradient is not None
    layouts = (_inputs(frame, tensor), gradient.layout, part.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        samples, factors, values, gradients, results = arguments
        present = Groups(1, samples).present(code, 0) if normalization.by_batch else None
        emit_settle(code, layouts, present, factors, (values, gradients, results))

    with frame.code.loop(frame.plan.chunk) as groups:
        buffers = [frame.address(buffer, groups.index) for buffer in (source.value, gradient, part.buffer)]
        arguments = [frame.samples_left(groups.index), frame.address(normalization.factors), *buffers]
        frame.unit.call(frame.code, f"input gradient {tensor.node.name}", arguments, write)
        bring_part(frame, tensor, part, group=groups.index)


def _of(tensor: Tensor) -> Normalization:
    assert tensor.normalization is not None
    return tensor.normalization


def _inputs(frame: Frame, tensor: Tensor) -> Layout:
    (source,), (shape,) = frame.plan.sources(tensor), tensor.source_shapes
    return source.value.layout.seen_as(shape)


def _places(tensor: Tensor) -> dict[str, int]:
    """Where gamma and beta lie among all weights."""
    kernel = tensor.kernel
    if kernel is None:
        return {}
    return dict(zip(kernel.names, (kernel.offset, kernel.bias or 0), strict=False))


def _channels(code: Code, tensor: Tensor, weights: ir.Value) -> Channels:
    operation, places = tensor.node.operation, _places(tensor)
    assert isinstance(operation, op.BatchNormalization)
    gamma, beta = (code.at(weights, places[name]) if name in places else None for name in ("gamma", "beta"))
    return Channels(tensor.shape[2], operation.epsilon, gamma, beta)


def _measures(
    frame: Frame, tensor: Tensor, code: Code, arrays: tuple[ir.Value, ir.Value, ir.Value], kind: int
) -> Measures:
    """Measures from a kind on; ``arrays`` are shards, number of chunks, and samples of the batch."""
    shards, chunks, samples = arrays
    rows, columns, channels = tensor.shape
    return Measures(
        numbers=code.at(shards, _of(tensor).statistics + kind * channels),
        step=frame.plan.shard_size,
        chunks=chunks,
        samples=samples,
        chunk_samples=frame.plan.chunk * frame.plan.target.lanes,
        pixels=rows * columns,
    )


def _copy(code: Code, channels: int, numbers: ir.Value, target: ir.Value) -> None:
    over_channels(
        code,
        channels,
        lambda place, kind: code.store_unaligned(code.load_unaligned(numbers, place, kind), target, place),
    )
