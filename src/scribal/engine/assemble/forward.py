"""A chunk forward: from the samples' rows to the network's answers."""

from collections.abc import Callable, Sequence

from llvmlite import ir

from scribal.engine import operations as op
from scribal.engine.assemble.barrier import BYTES
from scribal.engine.assemble.frame import Frame
from scribal.engine.graph import Node
from scribal.engine.ir import BYTE, FLOAT, INT32, INT64, Code, Index
from scribal.engine.kernels.activation import emit_activation, emit_rescaling, emit_softmax, relu
from scribal.engine.kernels.dropout import emit_dropout
from scribal.engine.kernels.occupied import emit_list_steps
from scribal.engine.kernels.place import emit_place
from scribal.engine.kernels.pool import Pool, emit_max_pool
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.kernels.transpose import emit_gather
from scribal.engine.kernels.winograd import Winograd, emit_transform_filters, emit_winograd
from scribal.engine.layout import dense_layout, image_shape
from scribal.engine.plan import Kernel, Tensor
from scribal.engine.plan_convolution import FastConvolution

__all__ = ["emit_forward", "emit_prepare", "gather_rows", "is_rectified"]


def emit_forward(frame: Frame, *, training: bool) -> None:
    """Write the code that takes a chunk through all layers."""
    source, *tensors = frame.plan.tensors
    _load(frame, source)
    _finish_in_place(frame, source, training=training)
    for tensor in tensors:
        if isinstance(tensor.node.operation, op.Dense):
            _dense(frame, source, tensor)
        elif isinstance(tensor.node.operation, op.Conv2D):
            _convolution(frame, source, tensor)
        else:
            _pool(frame, source, tensor)
        _finish_in_place(frame, tensor, training=training)
        source = tensor


def emit_prepare(frame: Frame) -> None:
    """Write what each thread does once for many chunks: it transforms the filters of fast convolutions."""
    for tensor in frame.plan.tensors:
        if tensor.fast is not None and tensor.kernel is not None:
            winograd = tensor.fast.winograd
            weights = frame.code.at(frame.arguments["weights"], tensor.kernel.offset)

            def write(code: Code, arguments: list[ir.Value], winograd: Winograd = winograd) -> None:
                emit_transform_filters(code, winograd, *arguments)

            arguments = [weights, frame.address(tensor.fast.filters)]
            frame.unit.call(frame.code, f"transform filters {tensor.node.name}", arguments, write)


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
            sample = kernel.add(first, lane)
            sample = builder.select(builder.icmp_signed("<", sample, last), sample, last)
            row = kernel.load_number(order, sample, INT64)
            pointers.append(kernel.at(all_rows, kernel.times(row, size), kind))
        emit_gather(kernel, size, pointers, target, kind)

    last = code.builder.sub(frame.samples, INT64(1))
    arguments = [frame.arguments[array], frame.arguments["order"], frame.lane_sample(group), last, values]
    frame.unit.call(code, f"load {array} as {kind}", arguments, write)


def convolution_product(convolution: op.Conv2D, kernel: Kernel, source: Tensor, target: Tensor) -> Product:
    """The loop nest of a convolution."""
    rows, columns = convolution.window.size
    row_dilation, column_dilation = convolution.window.dilation
    row_stride, column_stride = convolution.window.strides
    inputs, outputs = source.value.layout, target.value.layout
    channels, block = inputs.shape[2], kernel.block
    taps = Reduction(rows, row_dilation * inputs.row_step, columns * channels * block)
    if column_dilation == 1:
        inner: tuple[Reduction, ...] = (Reduction(columns * channels, 1, block),)
    else:
        across = Reduction(columns, column_dilation * inputs.column_step, channels * block)
        inner = (across, Reduction(channels, 1, block))
    output = Output(
        rows=outputs.shape[0],
        columns=outputs.shape[1],
        input_row_step=row_stride * inputs.row_step,
        input_column_step=column_stride * inputs.column_step,
        output_row_step=outputs.row_step,
        output_column_step=outputs.column_step,
    )
    return Product(kernel.units, block, kernel.steps * block, 1, 0, (taps, *inner), output)


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


def _convolution(frame: Frame, source: Tensor, target: Tensor) -> None:
    operation, kernel = target.node.operation, target.kernel
    assert isinstance(operation, op.Conv2D)
    assert kernel is not None
    outputs = frame.code.vector_at(frame.address(target.value), target.value.layout.first)
    if target.fast is not None:
        _fast_convolution(frame, target.fast, source, target, outputs)
        return
    product = convolution_product(operation, kernel, source, target)
    _product(frame, target, product, frame.address(source.value), outputs)


def _fast_convolution(frame: Frame, fast: FastConvolution, source: Tensor, target: Tensor, outputs: ir.Value) -> None:
    kernel = target.kernel
    assert kernel is not None
    weights = frame.arguments["weights"]
    bias = weights if kernel.bias is None else frame.code.at(weights, kernel.bias)
    layouts = (source.value.layout, target.value.layout)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        inputs, filters, to_outputs, transformed, sums, at_bias = arguments
        own_bias = None if kernel.bias is None else at_bias
        arrays = (inputs, filters, to_outputs)
        emit_winograd(code, fast.winograd, layouts, arrays, (transformed, sums), own_bias, _finish(code, target))

    buffers = [frame.address(buffer) for buffer in (fast.transformed, fast.sums)]
    arguments = [frame.address(source.value), frame.address(fast.filters), outputs, *buffers, bias]
    frame.unit.call(frame.code, f"forward {target.node.name}", arguments, write)


def _dense(frame: Frame, source: Tensor, target: Tensor) -> None:
    kernel = target.kernel
    assert kernel is not None
    # The groups of a chunk are the columns of the product.
    output = Output(1, frame.plan.chunk, 0, kernel.steps, 0, kernel.units)
    reductions = (Reduction(kernel.steps, 1, kernel.block),)
    product = Product(kernel.units, kernel.block, kernel.steps * kernel.block, 1, 0, reductions, output)
    inputs, outputs = frame.address(source.value), frame.address(target.value)
    numbers = []
    if target.occupied is not None:
        numbers = [frame.address(target.occupied.steps)]

        def write(code: Code, arguments: list[ir.Value]) -> None:
            emit_list_steps(code, kernel.steps, frame.plan.chunk, *arguments)

        frame.unit.call(frame.code, f"list steps {target.node.name}", [inputs, *numbers], write)
    _product(frame, target, product, inputs, outputs, numbers)


def _product(
    frame: Frame,
    target: Tensor,
    product: Product,
    inputs: ir.Value,
    outputs: ir.Value,
    occupied: Sequence[ir.Value] = (),
) -> None:
    kernel = target.kernel
    assert kernel is not None
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    bias = weights if kernel.bias is None else frame.code.at(frame.arguments["weights"], kernel.bias)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, at_weights, at_bias, at_outputs, *numbers = arguments
        own_bias = None if kernel.bias is None else at_bias
        emit_product(code, product, at_inputs, at_weights, at_outputs, own_bias, _finish(code, target), *numbers)

    name = f"forward {target.node.name}"
    frame.unit.call(frame.code, name, [inputs, weights, bias, outputs, *occupied], write)


def _pool(frame: Frame, source: Tensor, target: Tensor) -> None:
    operation = target.node.operation
    assert isinstance(operation, op.MaxPool2D)
    pool = Pool(operation.window, source.value.layout, target.value.layout)
    arguments = [frame.address(source.value), frame.address(target.value)]
    name = f"forward {target.node.name}"
    frame.unit.call(frame.code, name, arguments, lambda code, args: emit_max_pool(code, pool, *args))


def _finish_in_place(frame: Frame, tensor: Tensor, *, training: bool) -> None:
    """What works in place, on every group of the chunk, but for the ReLU that the layer has done itself."""
    for node in tensor.in_place[1:] if is_rectified(tensor) else tensor.in_place:
        if isinstance(node.operation, op.Dropout) and not training:
            continue
        with frame.code.loop(frame.plan.chunk) as groups:
            values = frame.address(tensor.value, groups.index)
            if isinstance(node.operation, op.Dropout):
                _dropout(frame, tensor, node, groups.index, values)
            else:
                _pointwise(frame, tensor, node, values)


def _finish(code: Code, tensor: Tensor) -> Callable[[ir.Value], ir.Value]:
    """What is done to a sum before it is stored."""
    return (lambda value: relu(code, value)) if is_rectified(tensor) else (lambda value: value)


def is_rectified(tensor: Tensor) -> bool:
    """Whether the layer is one with weights, and a ReLU comes first behind it: applied before sums are stored."""
    return tensor.kernel is not None and bool(tensor.in_place) and tensor.in_place[0].operation == op.Activation("relu")


def _pointwise(frame: Frame, tensor: Tensor, node: Node, values: ir.Value) -> None:
    operation, layout = node.operation, tensor.value.layout
    classes = image_shape(layout.shape)[2]

    def write(code: Code, arguments: list[ir.Value]) -> None:
        if operation == op.Activation("softmax"):
            emit_softmax(code, classes, *arguments)
        elif isinstance(operation, op.Activation):
            emit_activation(code, operation, layout, *arguments)
        elif isinstance(operation, op.Rescaling):
            emit_rescaling(code, operation, layout, *arguments)

    frame.unit.call(frame.code, f"forward {node.name}", [values], write)


def _dropout(frame: Frame, tensor: Tensor, node: Node, group: Index, values: ir.Value) -> None:
    operation, layout, code = node.operation, tensor.value.layout, frame.code
    assert isinstance(operation, op.Dropout)
    rate = operation.rate
    place = 2 * [n.name for t in frame.plan.tensors for n in t.in_place if n.name in t.masks].index(node.name)
    words = [code.load_number(frame.arguments["keys"], place + word, INT32) for word in range(2)]
    masks = frame.address(tensor.masks[node.name], group)

    def write(kernel: Code, arguments: list[ir.Value]) -> None:
        first, second, sample, at_values, at_masks = arguments
        emit_dropout(kernel, rate, layout, (first, second), sample, at_values, at_masks)

    arguments = [*words, frame.lane_sample(group), values, masks]
    frame.unit.call(code, f"forward {node.name}", arguments, write)
