"""A chunk back: from the loss to the gradients of every layer's output and of the convolutions' weights."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.convolution import emit_convolution_backward
from scribal.engine.assemble.dense import emit_dense_backward
from scribal.engine.assemble.depthwise import emit_depthwise_convolution_backward
from scribal.engine.assemble.forward import POOLINGS, gather_rows
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.in_place import unfinish_in_place
from scribal.engine.assemble.join import emit_join_backward
from scribal.engine.assemble.move import Room, move
from scribal.engine.assemble.normalization import settle
from scribal.engine.assemble.pooled import emit_pooled_return
from scribal.engine.assemble.pooling import emit_pool_backward
from scribal.engine.assemble.sparse import emit_sparse
from scribal.engine.assemble.turns import WEIGHTED
from scribal.engine.ir import INT64, Index
from scribal.engine.kernels.loss import Sample, emit_hits, emit_loss
from scribal.engine.layout import dense_layout
from scribal.engine.tensor import Tensor
from scribal.engine.training import Loss

__all__ = ["emit_chunk_loss", "emit_return"]


def emit_chunk_loss(frame: Frame, loss: Loss, share: ir.Value, results: ir.Value) -> None:
    """Write the loss of a chunk: gradients of the outputs, and the sums of losses and of hits to ``results``."""
    code, answer = frame.code, frame.plan.tensors[-1]
    classes = answer.value.layout.size
    assert answer.gradient is not None
    targets = frame.address(frame.plan.targets)
    with code.loop(frame.plan.chunk, [code.splat(0.0)] * 2) as groups:
        gather_rows(frame, groups.index, "targets", classes, targets)
        # The loss is taken of rows without gaps.
        room = answer.gradient if answer.gradient.layout.is_dense else frame.plan.scratch
        gradients = frame.address(room, groups.index)
        # Until the loss is written, there is room where the gradients will be.
        weight = _sample_weight(frame, groups.index, gradients)
        sample = Sample(
            outputs=frame.address(answer.value, groups.index),
            targets=targets,
            present=frame.present(groups.index),
            weight=weight,
            share=code.builder.fmul(code.splat(share), weight),
        )
        losses = emit_loss(code, loss, classes, sample, gradients)
        hits = emit_hits(code, loss, classes, sample)
        if room != answer.gradient:
            layout = answer.gradient.layout
            source = Room(room, dense_layout(layout.shape))
            move(frame, "place the answers' gradient", source, Room(answer.gradient, layout), groups.index)
        totals = [code.builder.fadd(total, new) for total, new in zip(groups.values, (losses, hits), strict=True)]
        groups.carry(totals)
    code.store_unaligned(code.lane_sums(groups.values), results, 0)


def _sample_weight(frame: Frame, group: Index, room: ir.Value) -> ir.Value:
    """How much the sample in each lane counts: one, unless samples have weights."""
    code = frame.code
    code.store(code.splat(1.0), room)
    weighted = code.load_number(frame.arguments["control"], WEIGHTED, INT64)
    with code.builder.if_then(code.builder.icmp_signed("!=", weighted, INT64(0))):
        gather_rows(frame, group, "sample_weight", 1, room)
    return code.load(room)


def emit_return(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write the way from a tensor's gradient to those of what it reads.

    ``shard`` receives the gradients of weights that are not a dense layer's.
    """
    if tensor.sparse is not None:
        emit_sparse(frame, tensor, shard)
        return
    if tensor.pooled is not None:
        emit_pooled_return(frame, tensor, shard)
        return
    unfinish_in_place(frame, tensor)
    sources = frame.plan.sources(tensor)
    match tensor.node.operation:
        case op.Input():
            pass
        case op.Dense():
            emit_dense_backward(frame, tensor)
        case op.Conv2D():
            emit_convolution_backward(frame, tensor, shard)
        case op.DepthwiseConv2D():
            emit_depthwise_convolution_backward(frame, tensor, shard)
        case op.BatchNormalization():
            settle(frame, tensor)
        case operation if isinstance(operation, POOLINGS):
            if sources[0].sparse is None:
                emit_pool_backward(frame, tensor)
        case _:
            emit_join_backward(frame, tensor)
