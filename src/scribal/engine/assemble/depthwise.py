"""Depthwise convolutions of a chunk: forward, and the gradients of weights and inputs."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.convolution import inputs_of, slide
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.ir import Code
from scribal.engine.kernels.depthwise import (
    Depthwise,
    emit_depthwise,
    emit_depthwise_backward,
    emit_depthwise_weights,
)
from scribal.engine.kernels.product import Output
from scribal.engine.kernels.weight_gradient import WeightGradient, emit_bias_gradient
from scribal.engine.layout import Layout
from scribal.engine.plan_weights import Kernel
from scribal.engine.tensor import Tensor

__all__ = ["emit_depthwise_convolution", "emit_depthwise_convolution_backward"]


def emit_depthwise_convolution(frame: Frame, tensor: Tensor) -> None:
    """Write the convolution."""
    operation, nest, kernel = _parts(tensor)
    inputs, layout = inputs_of(frame, tensor, operation.window)
    output = slide(operation.window, layout, tensor.value.layout)
    steps = _tap_steps(operation, layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        *arrays, at_bias = arguments
        bias = None if kernel.bias is None else at_bias
        from_, weights, to = arrays
        emit_depthwise(code, nest, output, steps, (from_, weights, to), bias, finish_of(code, tensor))

    outputs = frame.code.vector_at(frame.address(tensor.value), tensor.value.layout.first)
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    arguments = [inputs, weights, outputs, frame.bias_of(kernel)]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def emit_depthwise_convolution_backward(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write the gradients of the weights, if they are trained, to the shard, and that of the inputs."""
    operation, nest, kernel = _parts(tensor)
    gradient, part = tensor.gradient, part_of_gradient(frame, tensor)
    assert gradient is not None
    if tensor.is_trained:
        _weights(frame, tensor, shard)
    if part is None:
        return
    layout, (row_stride, column_stride) = gradient.layout, operation.window.strides
    row_step, column_step = layout.row_step // row_stride, layout.column_step // column_stride
    rows, columns, _ = part.layout.shape
    output = Output(rows, columns, row_step, column_step, part.layout.row_step, part.layout.column_step)
    steps = (operation.window.dilation[0] * row_step, operation.window.dilation[1] * column_step)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        gradients, weights, results = arguments
        emit_depthwise_backward(code, nest, output, steps, (gradients, weights, results))

    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    results = frame.code.vector_at(frame.address(part.buffer), part.layout.first)
    arguments = [frame.address(gradient), weights, results]
    frame.unit.call(frame.code, f"input gradient {tensor.node.name}", arguments, write)
    bring_part(frame, tensor, part)


def _weights(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    operation, nest, kernel = _parts(tensor)
    gradient = tensor.gradient
    assert gradient is not None
    inputs, layout = inputs_of(frame, tensor, operation.window)
    output, steps = slide(operation.window, layout, gradient.layout), _tap_steps(operation, layout)
    own = gradient.layout
    bias_nest = WeightGradient(nest.block, 0, (), 0, (0, 0), (own.row_step, own.column_step))

    def write(code: Code, arguments: list[ir.Value]) -> None:
        from_, gradients, result, to_bias = arguments
        emit_depthwise_weights(code, nest, output, steps, (from_, gradients, result))
        if kernel.bias is not None:
            with code.loop(nest.units // nest.block) as blocks:
                emit_bias_gradient(code, bias_nest, blocks.index, own.shape[:2], gradients, to_bias)

    gradients = frame.code.vector_at(frame.address(gradient), own.first)
    result = frame.code.at(shard, kernel.offset)
    arguments = [inputs, gradients, result, frame.bias_gradient_of(kernel, shard)]
    frame.unit.call(frame.code, f"weight gradient {tensor.node.name}", arguments, write)


def _parts(tensor: Tensor) -> tuple[op.DepthwiseConv2D, Depthwise, Kernel]:
    operation, kernel = tensor.node.operation, tensor.kernel
    assert isinstance(operation, op.DepthwiseConv2D)
    assert kernel is not None
    return operation, Depthwise(kernel.units, operation.depth_multiplier, kernel.block, operation.window.size), kernel


def _tap_steps(operation: op.DepthwiseConv2D, layout: Layout) -> tuple[int, int]:
    down, across = operation.window.dilation
    return down * layout.row_step, across * layout.column_step
