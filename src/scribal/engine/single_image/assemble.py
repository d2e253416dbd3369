"""The one-image form's only function: every sample through all steps, one after the other.

::

    image:  for each sample:
                load it; step, step, ...; write the answer
"""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assembly import Assembly, Take
from scribal.engine.ir import BYTE, INT64, POINTER, Code
from scribal.engine.single_image.convolution import emit_convolution, emit_depthwise
from scribal.engine.single_image.layout import image_layout, pixels_of
from scribal.engine.single_image.moving import emit_load, emit_place, emit_reshape
from scribal.engine.single_image.plan import ImagePlan, Step, Value
from scribal.engine.single_image.pooling import emit_pooling
from scribal.engine.single_image.sweep import Array, Finish, finishing
from scribal.engine.single_image.values import emit_affine, emit_softmax, emit_sum
from scribal.engine.single_image.winograd import emit_winograd
from scribal.engine.window import Window

__all__ = ["IMAGE_ARGUMENTS", "write_image_module"]

# Arguments of the native function: two counts, then pointers.
IMAGE_ARGUMENTS = ("samples", "are_bytes", "inputs", "weights", "memory", "outputs")
_COUNTS = 2
_PIXEL = Window((1, 1))


def write_image_module(plan: ImagePlan, take: Take) -> None:
    """Write the LLVM assembly of a network's one-image form, the function ``image``, and hand on its parts."""
    assembly = Assembly(plan.target, take)
    kinds = [(name, INT64 if number < _COUNTS else POINTER) for number, name in enumerate(IMAGE_ARGUMENTS)]
    code, values = assembly.begin("image", kinds)
    samples, are_bytes, inputs, weights, memory, outputs = values.values()
    graph = plan.graph
    input_size, output_size = (
        rows * columns * channels
        for rows, columns, channels in (pixels_of(graph.input_shape), pixels_of(graph.output_shape))
    )
    with code.loop(samples) as loop:
        first = code.times(loop.index, input_size)
        with code.builder.if_else(code.builder.icmp_signed("!=", are_bytes, INT64(0))) as (then, otherwise):
            with then:
                _load(assembly, code, plan, code.at(inputs, first, BYTE), memory, are_bytes=True)
            with otherwise:
                _load(assembly, code, plan, code.at(inputs, first), memory, are_bytes=False)
        for step in plan.steps[1:]:
            if step.sources[0].offset != step.target.offset:
                assembly.call(code, f"step {step.node.name}", [weights, memory], _writer(step))
        answer = code.at(outputs, code.times(loop.index, output_size))
        assembly.call(code, "answer", [memory, answer], _answer_writer(plan))
    assembly.end(code)


Writer = Callable[[Code, list[ir.Value]], None]


def _load(
    assembly: Assembly, code: Code, plan: ImagePlan, sample: ir.Value, memory: ir.Value, *, are_bytes: bool
) -> None:
    step = plan.steps[0]

    def write(inner: Code, values: list[ir.Value]) -> None:
        target = _array(inner, values[1], step.target)
        emit_load(inner, values[0], target, finishing(step.finish), are_bytes=are_bytes)

    assembly.call(code, f"load {'bytes' if are_bytes else 'floats'}", [sample, memory], write)


def _answer_writer(plan: ImagePlan) -> Writer:
    shape = plan.graph.output_shape

    def write(code: Code, values: list[ir.Value]) -> None:
        answer = Array(values[1], image_layout(shape, shape[-1]))
        emit_reshape(code, _array(code, values[0], plan.output), answer, finishing(()))

    return write


def _array(code: Code, memory: ir.Value, value: Value) -> Array:
    return Array(code.at(memory, value.offset), value.layout)


def _writer(step: Step) -> Writer:
    """What writes a step's kernel, given its code and pointers to weights and memory."""

    def write(code: Code, values: list[ir.Value]) -> None:
        weights, memory = values
        sources = tuple(_array(code, memory, source) for source in step.sources)
        own = (weights, weights)
        if step.kernel is not None:
            own = (code.at(weights, step.kernel.offset), code.at(weights, step.kernel.bias))
        target, finish = _array(code, memory, step.target), finishing(step.finish)
        if step.tiling is not None and step.kernel is not None and isinstance(step.node.operation, op.Conv2D):
            scratch = (code.at(memory, step.scratch[0]), code.at(memory, step.scratch[1]))
            images = (sources[0], target)
            emit_winograd(code, step.node.operation, step.tiling, step.kernel.blocks, images, scratch, own, finish)
        else:
            _emit(code, step, sources, target, own, finish)

    return write


def _emit(
    code: Code,
    step: Step,
    sources: tuple[Array, ...],
    target: Array,
    weights: tuple[ir.Value, ir.Value],
    finish: Finish,
) -> None:
    operation, source = step.node.operation, sources[0]
    kernel = step.kernel
    if isinstance(operation, op.Conv2D | op.Dense) and kernel is not None:
        window = operation.window if isinstance(operation, op.Conv2D) else _PIXEL
        emit_convolution(code, window, kernel.blocks, source, target, weights, finish)
    elif isinstance(operation, op.DepthwiseConv2D) and kernel is not None:
        emit_depthwise(code, operation, source, target, weights, finish, kernel.room)
    elif isinstance(operation, op.BatchNormalization):
        emit_affine(code, source, target, weights, finish)
    elif isinstance(operation, op.Activation) and operation.name == "softmax":
        emit_softmax(code, source, target)
    elif isinstance(operation, op.Activation | op.Rescaling):
        emit_sum(code, sources, target, finishing((operation, *step.finish)))
    elif isinstance(operation, op.Add):
        emit_sum(code, sources, target, finish)
    elif isinstance(operation, op.Concatenate):
        _concatenate(code, operation, sources, target, finish)
    elif isinstance(operation, op.ZeroPadding2D):
        (top, _), (left, _) = operation.padding
        emit_place(code, source, target, (top, left, 0), finish)
    elif isinstance(operation, op.Flatten | op.Reshape):
        emit_reshape(code, source, target, finish)
    else:
        emit_pooling(code, operation, source, target, finish)


def _concatenate(
    code: Code, operation: op.Concatenate, sources: tuple[Array, ...], target: Array, finish: Finish
) -> None:
    """Place the inputs side by side along the rows, the columns or the channels."""
    corner = [0, 0, 0]
    for source in sources:
        emit_place(code, source, target, (corner[0], corner[1], corner[2]), finish)
        corner[operation.axis] += source.layout.shape[operation.axis]
