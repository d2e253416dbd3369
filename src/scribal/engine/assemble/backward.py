"""A chunk back: from the loss to the gradients of every layer's output and of the convolutions' weights."""

from itertools import pairwise

from llvmlite import ir

from scribal.engine import operations as op
from scribal.engine.assemble.barrier import WEIGHTED
from scribal.engine.assemble.forward import gather_rows, is_rectified
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.sparse import emit_sparse
from scribal.engine.blocks import unit_block
from scribal.engine.graph import Node
from scribal.engine.ir import INT64, Code, Index
from scribal.engine.kernels.activation import emit_activation_backward, emit_softmax_backward
from scribal.engine.kernels.dropout import emit_dropout_backward
from scribal.engine.kernels.loss import Sample, emit_hits, emit_loss
from scribal.engine.kernels.place import emit_place
from scribal.engine.kernels.pool import Pool, emit_max_pool_backward
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.kernels.weight_gradient import WeightGradient, emit_bias_gradient, emit_weight_gradient
from scribal.engine.layout import image_shape
from scribal.engine.plan import Tensor
from scribal.engine.training import Loss

__all__ = ["emit_backward", "emit_chunk_loss"]


def emit_chunk_loss(frame: Frame, loss: Loss, share: ir.Value, results: ir.Value) -> None:
    """Write the loss of a chunk: gradients of the outputs, and the sums of losses and of hits to ``results``."""
    code, answer = frame.code, frame.plan.tensors[-1]
    classes = answer.value.layout.size
    assert answer.gradient is not None
    targets = frame.address(frame.plan.targets)
    with code.loop(frame.plan.chunk, [code.splat(0.0)] * 2) as groups:
        gather_rows(frame, groups.index, "targets", classes, targets)
        gradients = frame.address(answer.gradient, groups.index)
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


def emit_backward(frame: Frame, shard: ir.Value) -> None:
    """Write the way back through all layers; ``shard`` receives the gradients of convolutions' weights."""
    tensors = frame.plan.tensors
    after = tensors[-1]
    for source, tensor in reversed(list(pairwise(tensors))):
        if tensor.gradient is None:
            return
        if tensor.sparse is not None:
            emit_sparse(frame, source, tensor, after, shard)
            after = tensor
            continue
        # The pooling behind a ReLU has taken the way back through it.
        pooled = isinstance(after.node.operation, op.MaxPool2D) and is_rectified(tensor)
        after = tensor
        _unfinish_in_place(frame, tensor, tensor.in_place[1:] if pooled else tensor.in_place)
        if isinstance(tensor.node.operation, op.Conv2D):
            _convolution_weights(frame, source, tensor, shard)
        if source.gradient is not None and source.sparse is None:
            if isinstance(tensor.node.operation, op.Dense):
                _dense(frame, source, tensor)
            elif isinstance(tensor.node.operation, op.Conv2D):
                _convolution(frame, source, tensor)
            else:
                _pool(frame, source, tensor)


def dense_nest(tensor: Tensor) -> WeightGradient:
    """The weight gradient of a dense layer: groups of images are its rows."""
    kernel = tensor.kernel
    assert kernel is not None
    block_step = kernel.steps * kernel.block
    return WeightGradient(kernel.block, block_step, (), kernel.steps, (kernel.steps, 0), (kernel.units, 0))


def _convolution_nest(source: Tensor, tensor: Tensor) -> WeightGradient:
    operation, kernel, gradient = tensor.node.operation, tensor.kernel, tensor.gradient
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    assert gradient is not None
    window, inputs = operation.window, source.value.layout
    channels = inputs.shape[2]
    down = (window.size[0], window.dilation[0] * inputs.row_step)
    if window.dilation[1] == 1:
        taps: tuple[tuple[int, int], ...] = (down,)
        steps = window.size[1] * channels
    else:
        taps, steps = (down, (window.size[1], window.dilation[1] * inputs.column_step)), channels
    return WeightGradient(
        block=kernel.block,
        block_step=kernel.steps * kernel.block,
        taps=taps,
        steps=steps,
        input_steps=(window.strides[0] * inputs.row_step, window.strides[1] * inputs.column_step),
        gradient_steps=(gradient.layout.row_step, gradient.layout.column_step),
    )


def _convolution_weights(frame: Frame, source: Tensor, tensor: Tensor, shard: ir.Value) -> None:
    kernel, gradient = tensor.kernel, tensor.gradient
    assert kernel is not None
    assert gradient is not None
    nest = _convolution_nest(source, tensor)
    rows, columns, _ = gradient.layout.shape
    at_gradient = frame.code.vector_at(frame.address(gradient), gradient.layout.first)
    result = frame.code.at(shard, kernel.offset)
    bias_result = result if kernel.bias is None else frame.code.at(shard, kernel.bias)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, gradients, weight_result, to_bias = arguments
        with code.loop(kernel.units // kernel.block) as blocks:
            emit_weight_gradient(code, nest, blocks.index, (rows, columns), inputs, gradients, weight_result)
            if kernel.bias is not None:
                emit_bias_gradient(code, nest, blocks.index, (rows, columns), gradients, to_bias)

    arguments = [frame.address(source.value), at_gradient, result, bias_result]
    frame.unit.call(frame.code, f"weight gradient {tensor.node.name}", arguments, write)


def _convolution(frame: Frame, source: Tensor, tensor: Tensor) -> None:
    """The turned kernel slides over the bordered output gradient."""
    operation, kernel, gradient, result = tensor.node.operation, tensor.kernel, tensor.gradient, source.gradient
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    assert gradient is not None
    assert result is not None
    rows, columns = operation.window.size
    row_dilation, column_dilation = operation.window.dilation
    channels, block = source.value.layout.shape[2], kernel.block
    tap = channels * block
    row_step = gradient.layout.row_step // operation.window.strides[0]
    reductions = (
        Reduction(rows, row_dilation * row_step, -columns * tap),
        Reduction(columns, column_dilation * kernel.units, -tap),
        Reduction(kernel.units // block, block, kernel.steps * block),
        Reduction(block, 1, 1),
    )
    output = Output(
        rows=result.layout.shape[0],
        columns=result.layout.shape[1],
        input_row_step=row_step,
        input_column_step=kernel.units,
        output_row_step=result.layout.row_step,
        output_column_step=result.layout.column_step,
    )
    units = unit_block(channels)
    last_tap = (rows * columns - 1) * tap
    product = Product(channels, units, units * block, block, last_tap, reductions, output)
    outputs = frame.code.vector_at(frame.address(result), result.layout.first)
    _product(frame, tensor, product, frame.address(gradient), outputs)


def _dense(frame: Frame, source: Tensor, tensor: Tensor) -> None:
    kernel, gradient, result = tensor.kernel, tensor.gradient, source.flat_gradient or source.gradient
    assert kernel is not None
    assert gradient is not None
    assert result is not None
    assert source.gradient is not None
    blocks = Reduction(kernel.units // kernel.block, kernel.block, kernel.steps * kernel.block)
    reductions = (blocks, Reduction(kernel.block, 1, 1))
    output = Output(1, frame.plan.chunk, 0, kernel.units, 0, kernel.steps)
    units = unit_block(kernel.steps)
    product = Product(kernel.steps, units, units * kernel.block, kernel.block, 0, reductions, output)
    _product(frame, tensor, product, frame.address(gradient), frame.address(result))
    if source.flat_gradient is not None:
        layout = source.gradient.layout
        arguments = [frame.address(source.flat_gradient), frame.address(source.gradient)]
        name = f"place gradient {source.node.name}"
        frame.unit.call(frame.code, name, arguments, lambda code, args: emit_place(code, layout, *args))


def _product(frame: Frame, tensor: Tensor, product: Product, inputs: ir.Value, outputs: ir.Value) -> None:
    kernel = tensor.kernel
    assert kernel is not None
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    name = f"input gradient {tensor.node.name}"
    frame.unit.call(frame.code, name, [inputs, weights, outputs], lambda code, args: emit_product(code, product, *args))


def _pool(frame: Frame, source: Tensor, tensor: Tensor) -> None:
    operation, gradient, result = tensor.node.operation, tensor.gradient, source.gradient
    assert isinstance(operation, op.MaxPool2D)
    assert gradient is not None
    assert result is not None
    pool = Pool(operation.window, source.value.layout, tensor.value.layout)
    layouts = (result.layout, gradient.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, to_gradient, from_gradient = arguments
        emit_max_pool_backward(
            code, pool, inputs, (to_gradient, from_gradient), layouts, rectified=is_rectified(source)
        )

    arguments = [frame.address(buffer) for buffer in (source.value, result, gradient)]
    frame.unit.call(frame.code, f"input gradient {tensor.node.name}", arguments, write)


def _unfinish_in_place(frame: Frame, tensor: Tensor, nodes: tuple[Node, ...]) -> None:
    """Back through Dropout and activations, on every group of the chunk that holds the tensor."""
    gradient = tensor.gradient
    assert gradient is not None
    layouts = (tensor.value.layout, gradient.layout)
    for node in reversed(nodes):
        with frame.code.loop(frame.plan.chunk) as groups:
            at_gradient = frame.address(gradient, groups.index)
            if isinstance(node.operation, op.Dropout):
                arguments = [frame.address(tensor.masks[node.name], groups.index), at_gradient]
            else:
                arguments = [frame.address(tensor.value, groups.index), at_gradient]

            def write(code: Code, args: list[ir.Value], operation: op.Operation = node.operation) -> None:
                if isinstance(operation, op.Dropout):
                    emit_dropout_backward(code, layouts[1], *args)
                elif isinstance(operation, op.Activation) and operation.name == "softmax":
                    emit_softmax_backward(code, image_shape(layouts[0].shape)[2], *args)
                elif isinstance(operation, op.Activation):
                    emit_activation_backward(code, operation, layouts, *args)

            frame.unit.call(frame.code, f"backward {node.name}", arguments, write)
