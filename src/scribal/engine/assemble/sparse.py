"""The sparse way back through a convolution and the pooling behind it."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.ir import Code
from scribal.engine.kernels.pool import Pool
from scribal.engine.kernels.sparse import (
    Entries,
    emit_collect,
    emit_pack,
    emit_sparse_backward,
    emit_turn_in,
    emit_turn_out,
)
from scribal.engine.plan import Tensor

__all__ = ["emit_sparse"]


def emit_sparse(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write the way back from a pooling to the input of the convolution before it.

    Args:
        frame: The chunk, of a single group.
        tensor: The convolution.
        shard: Receives the gradients of the convolution's weights.
    """
    (source,), pooled = frame.plan.sources(tensor), frame.plan.tensors[tensor.readers[0]]
    sparse, kernel, pooling, part = tensor.sparse, tensor.kernel, pooled.node.operation, part_of_gradient(frame, tensor)
    assert sparse is not None
    assert kernel is not None
    assert isinstance(pooling, op.MaxPool2D)
    assert pooled.gradient is not None
    assert part is not None
    geometry, block, name, code = sparse.geometry, kernel.block, tensor.node.name, frame.code
    pool = Pool(pooling.window, tensor.value.layout, pooled.value.layout)
    (shape,) = tensor.source_shapes
    pooled_layout, layout, inputs = pooled.gradient.layout, part.layout, source.value.layout.seen_as(shape)
    lists = [frame.address(buffer) for buffer in (sparse.gradients, sparse.places, sparse.counts)]
    images, image_gradients = frame.address(sparse.images), frame.address(sparse.image_gradients)
    filters, filter_gradients = frame.address(sparse.filters), frame.address(sparse.filter_gradients)
    weights = code.at(frame.arguments["weights"], kernel.offset)
    weight_gradient = code.at(shard, kernel.offset)
    bias_gradient = frame.bias_gradient_of(kernel, shard)

    def collect(inner: Code, arguments: list[ir.Value]) -> None:
        values, gradients, to_bias, *entries = arguments
        bias = None if kernel.bias is None else to_bias
        arrays = (values, gradients)
        emit_collect(inner, geometry, pool, arrays, pooled_layout, Entries(*entries), bias, rectified=sparse.rectified)

    def multiply(inner: Code, arguments: list[ir.Value]) -> None:
        *entries, from_images, to_images, from_filters, to_filters = arguments
        emit_sparse_backward(inner, geometry, Entries(*entries), (from_images, to_images), (from_filters, to_filters))

    arguments = [frame.address(tensor.value), frame.address(pooled.gradient), bias_gradient, *lists]
    frame.unit.call(code, f"collect {name}", arguments, collect)
    arguments = [frame.address(source.value), images]
    frame.unit.call(code, f"turn in {name}", arguments, lambda inner, args: emit_turn_in(inner, geometry, *args))
    arguments = [weights, filters]
    frame.unit.call(code, f"pack {name}", arguments, lambda inner, args: emit_pack(inner, geometry, block, *args))
    arguments = [*lists, images, image_gradients, filters, filter_gradients]
    frame.unit.call(code, f"sparse backward {name}", arguments, multiply)
    frame.unit.call(
        code,
        f"unpack {name}",
        [weight_gradient, filter_gradients],
        lambda inner, args: emit_pack(inner, geometry, block, *args, back=True),
    )
    frame.unit.call(
        code,
        f"turn out {name}",
        [image_gradients, frame.address(part.buffer)],
        lambda inner, args: emit_turn_out(inner, geometry, inputs, args[0], layout, args[1]),
    )
    bring_part(frame, tensor, part)
