"""A chunk forward: from the samples' rows to the network's answers."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.convolution import emit_convolution
from scribal.engine.assemble.dense import emit_dense
from scribal.engine.assemble.depthwise import emit_depthwise_convolution
from scribal.engine.assemble.fast_convolution import emit_filters, emit_turned_filters
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.in_place import finish_in_place
from scribal.engine.assemble.join import emit_join
from scribal.engine.assemble.normalization import normalize, take_moving_averages
from scribal.engine.assemble.pooled import emit_pooled
from scribal.engine.assemble.pooling import emit_pool
from scribal.engine.assemble.turns import BYTES
from scribal.engine.ir import BYTE, FLOAT, INT64, Code, Index
from scribal.engine.kernels.place import emit_place
from scribal.engine.kernels.transpose import emit_gather
from scribal.engine.layout import dense_layout
from scribal.engine.tensor import Tensor

__all__ = ["POOLINGS", "emit_compute", "emit_forward", "emit_prepare", "gather_rows"]

POOLINGS = (op.MaxPool2D, op.AveragePooling2D, op.GlobalMaxPooling2D, op.GlobalAveragePooling2D)


def emit_forward(frame: Frame) -> None:
    """Write the code that takes a chunk through all layers, to answer and not to train."""
    for tensor in frame.plan.tensors:
        emit_compute(frame, tensor, training=False)


def emit_compute(frame: Frame, tensor: Tensor, *, training: bool) -> None:
    """Write one layer, and what works in place behind it."""
    if tensor.pooled is not None:
        emit_pooled(frame, tensor, training=training)
        return
    match tensor.node.operation:
        case op.Input():
            _load(frame, tensor)
        case op.Dense():
            emit_dense(frame, tensor)
        case op.Conv2D():
            emit_convolution(frame, tensor)
        case op.DepthwiseConv2D():
            emit_depthwise_convolution(frame, tensor)
        case op.BatchNormalization():
            normalize(frame, tensor)
        case operation if isinstance(operation, POOLINGS):
            if frame.plan.sources(tensor)[0].pooled is None:
                emit_pool(frame, tensor)
        case _:
            emit_join(frame, tensor)
    finish_in_place(frame, tensor, training=training)


def emit_prepare(frame: Frame, *, training: bool) -> None:
    """Write what each thread does once for many chunks.

    It transforms the filters of fast convolutions, and works out by what normalizations multiply that do not go by the
    batch.
    """
    for tensor in frame.plan.tensors:
        if tensor.normalization is not None and not (training and tensor.normalization.by_batch):
            take_moving_averages(frame, tensor)
        if tensor.fast is not None:
            emit_filters(frame, tensor, tensor.fast)
        if tensor.fast_return is not None and training:
            emit_turned_filters(frame, tensor, tensor.fast_return)


def gather_rows(frame: Frame, group: Index, array: str, size: int, values: ir.Value, kind: ir.Type = FLOAT) -> None:
    """Bring the chunk's group of samples into lanes; lanes without a sample repeat the last one.

    Args:
        frame: The chunk.
        group: Number of the group in the chunk.
        array: Name of the argument with all samples' rows.
        size: Numbers in a row.
        values: Receives the vectors.
        kind: Type of these numbers.
    """
    code, lanes = frame.code, frame.plan.target.lanes

    def write(kernel: Code, arguments: list[ir.Value]) -> None:
        all_rows, order, first, last, target = arguments
        builder, pointers = kernel.builder, []
        for lane in range(lanes):
            sample = kernel.index(kernel.add(first, lane))
            sample = builder.select(builder.icmp_signed("<", sample, last), sample, last)
            row = kernel.load_number(order, sample, INT64)
            pointers.append(kernel.at(all_rows, kernel.times(row, size), kind))
        emit_gather(kernel, size, pointers, target, kind)

    last = code.builder.sub(frame.samples, INT64(1))
    arguments = [frame.arguments[array], frame.arguments["order"], frame.lane_sample(group), last, values]
    frame.unit.call(code, f"load {array} as {kind}", arguments, write)


def _load(frame: Frame, tensor: Tensor) -> None:
    layout = tensor.value.layout
    size = dense_layout(layout.shape).size
    with frame.code.loop(frame.plan.chunk) as groups:
        values = frame.address(tensor.value, groups.index)
        flat = values if tensor.flat_value is None else frame.address(tensor.flat_value, groups.index)
        are_bytes = frame.code.load_number(frame.arguments["control"], BYTES, INT64)
        are_bytes = frame.code.builder.icmp_signed("!=", are_bytes, INT64(0))
        with frame.code.builder.if_else(are_bytes) as (then, otherwise):
            with then:
                gather_rows(frame, groups.index, "inputs", size, flat, BYTE)
            with otherwise:
                gather_rows(frame, groups.index, "inputs", size, flat)
        if tensor.flat_value is not None:
            frame.unit.call(
                frame.code, "place inputs", [flat, values], lambda code, args: emit_place(code, layout, *args)
            )
