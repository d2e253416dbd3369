"""Convolutions of a chunk: forward, and the gradients of weights and inputs."""

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.fast_convolution import emit_fast_convolution, emit_fast_return, emit_fast_weights
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.blocks import unit_block
from scribal.engine.ir import Code
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.kernels.weight_gradient import WeightGradient, emit_bias_gradient, emit_weight_gradient
from scribal.engine.layout import Layout
from scribal.engine.plan_weights import Kernel
from scribal.engine.tensor import Tensor
from scribal.engine.window import Window

__all__ = ["emit_convolution", "emit_convolution_backward", "inputs_of", "slide"]


def emit_convolution(frame: Frame, tensor: Tensor) -> None:
    """Write the convolution, plainly or by Winograd's method."""
    operation, kernel = tensor.node.operation, tensor.kernel
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    inputs, layout = inputs_of(frame, tensor, operation.window)
    outputs = frame.code.vector_at(frame.address(tensor.value), tensor.value.layout.first)
    if tensor.fast is not None:
        emit_fast_convolution(frame, tensor, tensor.fast, (inputs, outputs), layout)
        return
    product = _forward_product(operation, kernel, layout, tensor.value.layout)
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, at_weights, at_bias, at_outputs = arguments
        own_bias = None if kernel.bias is None else at_bias
        emit_product(code, product, at_inputs, at_weights, at_outputs, own_bias, finish_of(code, tensor))

    arguments = [inputs, weights, frame.bias_of(kernel), outputs]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def emit_convolution_backward(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    """Write the gradients of the weights, if they are trained, to the shard, and that of the inputs."""
    if tensor.is_trained:
        _weights(frame, tensor, shard)
    part = part_of_gradient(frame, tensor)
    if part is None:
        return
    operation, kernel, gradient = tensor.node.operation, tensor.kernel, tensor.gradient
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    assert gradient is not None
    if tensor.fast_return is not None:
        emit_fast_return(frame, tensor, tensor.fast_return, part)
        bring_part(frame, tensor, part)
        return
    product = _backward_product(operation, kernel, gradient.layout, part.layout)
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    outputs = frame.code.vector_at(frame.address(part.buffer), part.layout.first)
    arguments = [frame.address(gradient), weights, outputs]
    name = f"input gradient {tensor.node.name}"
    frame.unit.call(
        frame.code, name, arguments, lambda code, args: emit_product(code, product, args[0], args[1], args[2])
    )
    bring_part(frame, tensor, part)


def inputs_of(frame: Frame, tensor: Tensor, window: Window) -> tuple[ir.Value, Layout]:
    """The first tap of a convolution's first window, and the layout it slides over."""
    (source,), (shape,) = frame.plan.sources(tensor), tensor.source_shapes
    layout = source.value.layout.seen_as(shape)
    return frame.code.vector_at(frame.address(source.value), layout.window_start(window)), layout


def slide(window: Window, inputs: Layout, outputs: Layout) -> Output:
    """How a window slides over inputs."""
    return Output(
        rows=outputs.shape[0],
        columns=outputs.shape[1],
        input_row_step=window.strides[0] * inputs.row_step,
        input_column_step=window.strides[1] * inputs.column_step,
        output_row_step=outputs.row_step,
        output_column_step=outputs.column_step,
    )


def _forward_product(convolution: op.Conv2D, kernel: Kernel, inputs: Layout, outputs: Layout) -> Product:
    """The loop nest of a convolution."""
    rows, columns = convolution.window.size
    row_dilation, column_dilation = convolution.window.dilation
    channels, block = inputs.shape[2], kernel.block
    taps = Reduction(rows, row_dilation * inputs.row_step, columns * channels * block)
    if column_dilation == 1:
        inner: tuple[Reduction, ...] = (Reduction(columns * channels, 1, block),)
    else:
        across = Reduction(columns, column_dilation * inputs.column_step, channels * block)
        inner = (across, Reduction(channels, 1, block))
    output = slide(convolution.window, inputs, outputs)
    return Product(kernel.units, block, kernel.steps * block, 1, 0, (taps, *inner), output)


def _weights(frame: Frame, tensor: Tensor, shard: ir.Value) -> None:
    operation, kernel, gradient = tensor.node.operation, tensor.kernel, tensor.gradient
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    assert gradient is not None
    inputs, layout = inputs_of(frame, tensor, operation.window)
    rows, columns, _ = gradient.layout.shape
    at_gradient = frame.code.vector_at(frame.address(gradient), gradient.layout.first)
    result = frame.code.at(shard, kernel.offset)
    nest = _weight_nest(operation, kernel, layout, gradient.layout)
    if tensor.fast_weights is not None:
        emit_fast_weights(frame, tensor, tensor.fast_weights, (inputs, result), layout)
    else:

        def write(code: Code, arguments: list[ir.Value]) -> None:
            at_inputs, to, at_result = arguments
            with code.loop(kernel.units // kernel.block) as blocks:
                emit_weight_gradient(code, nest, blocks.index, (rows, columns), at_inputs, to, at_result)

        frame.unit.call(frame.code, f"weight gradient {tensor.node.name}", [inputs, at_gradient, result], write)
    if kernel.bias is not None:

        def write_bias(code: Code, arguments: list[ir.Value]) -> None:
            with code.loop(kernel.units // kernel.block) as blocks:
                emit_bias_gradient(code, nest, blocks.index, (rows, columns), *arguments)

        bias_result = frame.code.at(shard, kernel.bias)
        frame.unit.call(frame.code, f"bias gradient {tensor.node.name}", [at_gradient, bias_result], write_bias)


def _weight_nest(convolution: op.Conv2D, kernel: Kernel, inputs: Layout, gradient: Layout) -> WeightGradient:
    window, channels = convolution.window, inputs.shape[2]
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
        gradient_steps=(gradient.row_step, gradient.column_step),
    )


def _backward_product(convolution: op.Conv2D, kernel: Kernel, gradient: Layout, result: Layout) -> Product:
    """The turned kernel slides over the bordered output gradient."""
    rows, columns = convolution.window.size
    row_dilation, column_dilation = convolution.window.dilation
    channels, block = result.shape[2], kernel.block
    tap = channels * block
    row_step = gradient.row_step // convolution.window.strides[0]
    reductions = (
        Reduction(rows, row_dilation * row_step, -columns * tap),
        Reduction(columns, column_dilation * kernel.units, -tap),
        Reduction(kernel.units // block, block, kernel.steps * block),
        Reduction(block, 1, 1),
    )
    output = Output(
        rows=result.shape[0],
        columns=result.shape[1],
        input_row_step=row_step,
        input_column_step=kernel.units,
        output_row_step=result.row_step,
        output_column_step=result.column_step,
    )
    units = unit_block(channels)
    return Product(channels, units, units * block, block, (rows * columns - 1) * tap, reductions, output)
