"""A convolution in one with the pooling that reads it, forward and back."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.convolution import inputs_of
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.in_place import is_rectified
from scribal.engine.ir import Code
from scribal.engine.kernels.pooled_convolution import PooledConvolution, emit_pooled_backward, emit_pooled_convolution
from scribal.engine.layout import Layout
from scribal.engine.tensor import Tensor

__all__ = ["emit_pooled", "emit_pooled_return"]


def emit_pooled(frame: Frame, tensor: Tensor, *, training: bool) -> None:
    """Write the way from a convolution's inputs to the pooled values and, in training, choices."""
    kernel, operation, pooling = tensor.kernel, tensor.node.operation, _pooling(frame, tensor)
    assert kernel is not None
    assert tensor.pooled is not None
    assert isinstance(operation, op.Conv2D)
    inputs, layout = inputs_of(frame, tensor, operation.window)
    nest = _nest(frame, tensor, layout)
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, at_weights, at_bias, at_outputs, *choices = arguments
        own_bias = None if kernel.bias is None else at_bias
        emit_pooled_convolution(
            code, nest, (at_inputs, at_weights, at_outputs), own_bias, choices[0] if choices else None
        )

    arguments = [inputs, weights, frame.bias_of(kernel), frame.address(pooling.value)]
    if training:
        arguments.append(frame.address(tensor.pooled))
    name = f"forward {tensor.node.name}"
    frame.unit.call(frame.code, name if training else f"{name} to answer", arguments, write)


def emit_pooled_return(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write the way from the pooled values' gradient to the gradients of the weights."""
    kernel, operation, pooling = tensor.kernel, tensor.node.operation, _pooling(frame, tensor)
    assert kernel is not None
    assert tensor.pooled is not None
    assert pooling.gradient is not None
    assert isinstance(operation, op.Conv2D)
    gradient = pooling.gradient.layout
    inputs, layout = inputs_of(frame, tensor, operation.window)
    nest = _nest(frame, tensor, layout)
    result = frame.code.at(shard, kernel.offset)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, choices, at_gradient, at_result, at_bias = arguments
        results = (at_result, None if kernel.bias is None else at_bias)
        emit_pooled_backward(code, nest, (at_inputs, choices, at_gradient), gradient, results)

    arguments = [inputs, frame.address(tensor.pooled), frame.address(pooling.gradient)]
    arguments += [result, frame.bias_gradient_of(kernel, shard)]
    frame.unit.call(frame.code, f"weight gradient {tensor.node.name}", arguments, write)


def _pooling(frame: Frame, tensor: Tensor) -> Tensor:
    """The pooling that reads a convolution."""
    return frame.plan.tensors[tensor.readers[0]]


def _nest(frame: Frame, tensor: Tensor, inputs: Layout) -> PooledConvolution:
    convolution, pooling, kernel = tensor.node.operation, _pooling(frame, tensor), tensor.kernel
    assert isinstance(convolution, op.Conv2D)
    assert isinstance(pooling.node.operation, op.MaxPool2D)
    assert kernel is not None
    windows = convolution.window, pooling.node.operation.window
    return PooledConvolution(*windows, inputs, pooling.value.layout, kernel.block, is_rectified(tensor))
