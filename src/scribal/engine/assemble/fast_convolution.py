"""Convolutions of a chunk by Winograd's method: forward, and for the gradients of their inputs and weights."""

from scribal.engine import llvm as ir
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.assemble.move import Room
from scribal.engine.ir import Code
from scribal.engine.kernels.winograd_convolution import (
    emit_transform_filters,
    emit_transform_turned_filters,
    emit_winograd,
)
from scribal.engine.kernels.winograd_weight_gradient import emit_fast_weight_gradient
from scribal.engine.layout import Layout
from scribal.engine.plan_convolution import FastConvolution, FastWeights
from scribal.engine.tensor import Tensor

__all__ = ["emit_fast_convolution", "emit_fast_return", "emit_fast_weights", "emit_filters", "emit_turned_filters"]


def emit_filters(frame: Frame, tensor: Tensor, fast: FastConvolution) -> None:
    """Write the transformation of the filters, which each thread does once for many chunks."""

    def write(code: Code, arguments: list[ir.Value]) -> None:
        emit_transform_filters(code, fast.winograd, *arguments)

    frame.unit.call(frame.code, f"transform filters {tensor.node.name}", _filters(frame, tensor, fast), write)


def emit_turned_filters(frame: Frame, tensor: Tensor, fast: FastConvolution) -> None:
    """Write the same for the filters of the way back."""
    kernel = tensor.kernel
    assert kernel is not None

    def write(code: Code, arguments: list[ir.Value]) -> None:
        emit_transform_turned_filters(code, fast.winograd, kernel.block, *arguments)

    frame.unit.call(frame.code, f"transform turned filters {tensor.node.name}", _filters(frame, tensor, fast), write)


def emit_fast_convolution(
    frame: Frame, tensor: Tensor, fast: FastConvolution, arrays: tuple[ir.Value, ir.Value], layout: Layout
) -> None:
    """Write the convolution; ``arrays`` are inputs, which lie in a layout, and outputs."""
    kernel = tensor.kernel
    assert kernel is not None
    layouts = (layout, tensor.value.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, filters, outputs, transformed, sums, at_bias = arguments
        own_bias = None if kernel.bias is None else at_bias
        scratch, finish = (transformed, sums), finish_of(code, tensor)
        emit_winograd(code, fast.winograd, layouts, (inputs, filters, outputs), scratch, own_bias, finish)

    buffers = [frame.address(buffer) for buffer in (fast.transformed, fast.sums)]
    arguments = [arrays[0], frame.address(fast.filters), arrays[1], *buffers, frame.bias_of(kernel)]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def emit_fast_return(frame: Frame, tensor: Tensor, fast: FastConvolution, part: Room) -> None:
    """Write the gradient of the inputs: the turned filters slide over the bordered output gradient."""
    gradient = tensor.gradient
    assert gradient is not None
    layouts = (gradient.layout, part.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, filters, outputs, transformed, sums = arguments
        arrays, scratch = (inputs, filters, outputs), (transformed, sums)
        emit_winograd(code, fast.winograd, layouts, arrays, scratch, None, lambda value: value)

    outputs = frame.code.vector_at(frame.address(part.buffer), part.layout.first)
    buffers = [frame.address(buffer) for buffer in (fast.transformed, fast.sums)]
    arguments = [frame.address(gradient), frame.address(fast.filters), outputs, *buffers]
    frame.unit.call(frame.code, f"input gradient {tensor.node.name}", arguments, write)


def emit_fast_weights(
    frame: Frame, tensor: Tensor, fast: FastWeights, arrays: tuple[ir.Value, ir.Value], layout: Layout
) -> None:
    """Write the gradient of the weights; ``arrays`` are the inputs, which lie in a layout, and where it goes."""
    gradient = tensor.gradient
    assert gradient is not None
    layouts = (layout, gradient.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, at_gradient, result, *scratch = arguments
        to_inputs, to_gradients, sums = scratch
        arrays = (inputs, at_gradient, result)
        emit_fast_weight_gradient(code, fast.sizes, layouts, arrays, (to_inputs, to_gradients, sums))

    at_gradient = frame.code.vector_at(frame.address(gradient), gradient.layout.first)
    scratch = [frame.address(buffer) for buffer in (fast.inputs, fast.gradients, fast.sums)]
    arguments = [arrays[0], at_gradient, arrays[1], *scratch]
    frame.unit.call(frame.code, f"weight gradient {tensor.node.name}", arguments, write)


def _filters(frame: Frame, tensor: Tensor, fast: FastConvolution) -> list[ir.Value]:
    """The layer's weights, and where they go transformed."""
    assert tensor.kernel is not None
    return [frame.code.at(frame.arguments["weights"], tensor.kernel.offset), frame.address(fast.filters)]
