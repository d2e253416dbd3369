"""The end of a step: gradients are completed, perhaps shortened, and move the weights.

::

    for each block of units of the share: complete its gradient, update its weights

Where gradients are clipped by their norm, all of them come first, in a phase of their own::

    for each block of units of the share: complete its gradient, sum its squares

    norms = sums of the blocks' squares, in order
    for each block of units of the share: shorten its gradient, update its weights
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.dense import dense_nest
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.weight_arrays import WeightArray, block_count, weight_arrays
from scribal.engine.ir import FLOAT, Code, Index
from scribal.engine.kernels.occupied import emit_list_groups
from scribal.engine.kernels.optimizer import State, emit_update
from scribal.engine.kernels.penalty import emit_penalty, emit_slope
from scribal.engine.kernels.run_sum import emit_number_sum, emit_run_sum
from scribal.engine.kernels.weight_gradient import emit_bias_gradient, emit_weight_gradient
from scribal.engine.plan import Tensor
from scribal.engine.training import Optimizer

__all__ = ["UpdatePhase", "emit_total_penalty", "update_phases"]

Values = dict[str, ir.Value]
Reader = Callable[[Index, ir.Type], ir.Value]
UpdatePhase = Callable[[Frame, Optimizer, ir.Value, ir.Value], None]


def update_phases(optimizer: Optimizer) -> tuple[UpdatePhase, ...]:
    """What is done with each share of the weights, phase by phase.

    Returns:
        Functions that write it, given the frame of the batch, the optimizer, the number of the batch's chunks, and that
        of the share, one of as many as there are threads.
    """
    return (_emit_gradients, _emit_clipped_updates) if _clips_by_norm(optimizer) else (_emit_updates,)


def _clips_by_norm(optimizer: Optimizer) -> bool:
    return bool(optimizer.clipnorm or optimizer.global_clipnorm)


def _emit_updates(frame: Frame, optimizer: Optimizer, chunks: ir.Value, share: ir.Value) -> None:
    for layer in _layers(frame, optimizer, chunks, share):
        _list_groups(layer)
        layer.for_each_block("update", _update)


def _emit_gradients(frame: Frame, optimizer: Optimizer, chunks: ir.Value, share: ir.Value) -> None:
    for layer in _layers(frame, optimizer, chunks, share):
        _list_groups(layer)
        layer.for_each_block("gradient", _complete)


def _emit_clipped_updates(frame: Frame, optimizer: Optimizer, chunks: ir.Value, share: ir.Value) -> None:
    for layer in _layers(frame, optimizer, chunks, share):
        factors = [_shortening(frame, optimizer, array) for array in layer.arrays]
        layer.for_each_block("clipped update", _update_clipped, factors)


def _layers(frame: Frame, optimizer: Optimizer, chunks: ir.Value, share: ir.Value) -> "list[_Layer]":
    arrays = weight_arrays(frame.plan)
    return [
        _Layer(frame, optimizer, frame.plan.sources(tensor)[0], tensor, arrays[tensor.node.name], chunks, share)
        for tensor in frame.plan.tensors
        if tensor.node.name in arrays
    ]


def emit_total_penalty(frame: Frame) -> ir.Value:
    """Write the sum of the penalties on the weights as they were before the update."""
    blocks = block_count(frame.plan)
    return emit_number_sum(frame.code, frame.code.at(frame.arguments["block_sums"], blocks), blocks)


@dataclass(frozen=True)
class _Layer:
    """A layer whose weights are updated."""

    frame: Frame
    optimizer: Optimizer
    source: Tensor
    tensor: Tensor
    arrays: tuple[WeightArray, ...]
    chunks: ir.Value
    share: ir.Value

    @property
    def is_dense(self) -> bool:
        """Whether its weight gradient is yet to be summed over the batch."""
        return isinstance(self.tensor.node.operation, op.Dense)

    def for_each_block(
        self,
        name: str,
        write: Callable[["_Layer", Code, Values, list[ir.Value]], None],
        factors: Sequence[ir.Value] = (),
    ) -> None:
        """Call a kernel for every block of units of the share.

        Args:
            name: What the kernel does.
            write: Writes it, given its values by name and the factors.
            factors: Numbers to pass.
        """
        frame, kernel = self.frame, self.tensor.kernel
        assert kernel is not None
        slots = [f"slot_{number}" for number in range(len(self.optimizer.slots))]
        names = ["weights", "gradients", "shards", "settings", "block_sums", *slots]
        passed = {name: frame.arguments[name] for name in names} | {"chunks": self.chunks}
        if self.is_dense and self.tensor.gradient is not None:
            passed |= {"inputs": frame.batch_base(self.source.value), "to": frame.batch_base(self.tensor.gradient)}
        if self.tensor.occupied is not None:
            passed["lists"] = frame.address(self.tensor.occupied.groups)
        shares = frame.arguments["threads"]

        def kernel_body(code: Code, values: list[ir.Value]) -> None:
            block, *rest = values
            write(self, code, dict(zip(passed, rest, strict=False)) | {"block": block}, rest[len(passed) :])

        with frame.code.strided(self.share, self.arrays[0].blocks, shares) as block:
            arguments = [block, *passed.values(), *factors]
            frame.unit.call(frame.code, f"{name} {self.tensor.node.name}", arguments, kernel_body)


def _update(layer: _Layer, code: Code, values: Values, _: list[ir.Value]) -> None:
    """Complete a block's gradient, and update."""
    _sum_over_batch(layer, code, values)
    for array in layer.arrays:
        _keep_penalty(code, layer, array, values)
        _move(layer, code, values, array, _gradient(layer, code, values, array))


def _complete(layer: _Layer, code: Code, values: Values, _: list[ir.Value]) -> None:
    """Complete a block's gradient, keep it and the sum of its squares."""
    _sum_over_batch(layer, code, values)
    for array in layer.arrays:
        _keep_penalty(code, layer, array, values)
        read = _gradient(layer, code, values, array)

        def square(place: Index, kind: ir.Type, read: Reader = read) -> ir.Value:
            gradient = read(place, kind)
            code.store_unaligned(gradient, values["gradients"], place)
            return code.builder.fmul(gradient, gradient)

        total = emit_run_sum(code, _first(code, values, array), array.size, square)
        code.store_number(total, values["block_sums"], code.add(values["block"], array.sums))


def _update_clipped(layer: _Layer, code: Code, values: Values, factors: list[ir.Value]) -> None:
    """Shorten a block's gradient, and update."""
    for array, factor in zip(layer.arrays, factors, strict=True):

        def read(place: Index, kind: ir.Type, factor: ir.Value = factor) -> ir.Value:
            gradient = code.load_unaligned(values["gradients"], place, kind)
            return code.builder.fmul(gradient, factor if kind == FLOAT else code.splat(factor))

        _move(layer, code, values, array, read)


def _move(layer: _Layer, code: Code, values: Values, array: WeightArray, gradient: Reader) -> None:
    slots = tuple(values[f"slot_{number}"] for number in range(len(layer.optimizer.slots)))
    state = State(values["weights"], slots, values["settings"])
    emit_update(code, layer.optimizer, state, _first(code, values, array), array.size, gradient)


def _sum_over_batch(layer: _Layer, code: Code, values: Values) -> None:
    """Sum a dense layer's gradient over the batch."""
    kernel = layer.tensor.kernel
    assert kernel is not None
    if layer.is_dense:
        nest, block, gradients = dense_nest(layer.tensor), values["block"], values["gradients"]
        occupied = None if layer.tensor.occupied is None else (values["lists"], layer.tensor.occupied.room)
        size = (code.times(values["chunks"], layer.frame.plan.chunk), 1)
        to_kernel = code.at(gradients, kernel.offset)
        emit_weight_gradient(code, nest, block, size, values["inputs"], values["to"], to_kernel, occupied)
        if kernel.bias is not None:
            emit_bias_gradient(code, nest, block, size, values["to"], code.at(gradients, kernel.bias))


def _list_groups(layer: _Layer) -> None:
    """List which groups of the batch have something in which inputs of a dense layer."""
    frame, kernel, occupied = layer.frame, layer.tensor.kernel, layer.tensor.occupied
    if kernel is None or occupied is None:
        return
    groups = frame.code.index(frame.code.times(layer.chunks, frame.plan.chunk))

    def write(code: Code, values: list[ir.Value]) -> None:
        count, inputs, lists = values
        emit_list_groups(code, kernel.steps, kernel.block, count, inputs, (lists, occupied.room))

    arguments = [groups, frame.batch_base(layer.source.value), frame.address(occupied.groups)]
    frame.unit.call(frame.code, f"list groups {layer.tensor.node.name}", arguments, write)


def _gradient(layer: _Layer, code: Code, values: Values, array: WeightArray) -> Reader:
    """Reads the gradient of the loss, with the penalty."""

    def read(place: Index, kind: ir.Type) -> ir.Value:
        if layer.is_dense:
            gradient = code.load_unaligned(values["gradients"], place, kind)
        else:
            gradient = _shard_sum(code, values["shards"], layer.frame.plan.shard_size, values["chunks"], place, kind)
        if array.regularizer:
            weight = code.load_unaligned(values["weights"], place, kind)
            gradient = code.builder.fadd(gradient, emit_slope(code, array.regularizer, weight))
        return gradient

    return read


def _keep_penalty(code: Code, layer: _Layer, array: WeightArray, values: Values) -> None:
    """Note the penalty of a block, before its weights change."""
    if array.regularizer:
        total = emit_penalty(code, array.regularizer, values["weights"], _first(code, values, array), array.size)
        place = array.sums + block_count(layer.frame.plan)
        code.store_number(total, values["block_sums"], code.add(values["block"], place))


def _first(code: Code, values: Values, array: WeightArray) -> Index:
    """Place of the block's first weight."""
    return code.add(array.first, code.times(values["block"], array.size))


def _shortening(frame: Frame, optimizer: Optimizer, array: WeightArray) -> ir.Value:
    """What an array's gradient is multiplied by, so that its norm, or that of all, is as short as is asked for."""
    code = frame.code
    first, blocks = (array.sums, array.blocks) if optimizer.clipnorm else (0, block_count(frame.plan))
    squares = emit_number_sum(code, code.at(frame.arguments["block_sums"], first), blocks)
    longest = FLOAT(optimizer.clipnorm or optimizer.global_clipnorm or 0.0)
    norm = code.intrinsic("llvm.sqrt", FLOAT, squares)
    is_longer = code.builder.fcmp_ordered(">", norm, longest)
    return code.builder.select(is_longer, code.builder.fdiv(longest, norm), FLOAT(1))


def _shard_sum(code: Code, shards: ir.Value, size: int, chunks: ir.Value, place: Index, kind: ir.Type) -> ir.Value:
    """Add up the chunks' shards of a gradient, in order."""
    zero = code.splat(0.0) if kind == code.vector_type else kind(0)
    with code.loop(chunks, [zero]) as loop:
        part = code.load_unaligned(shards, code.add(code.times(loop.index, size), place), kind)
        loop.carry([code.builder.fadd(loop.values[0], part)])
    return loop.values[0]
