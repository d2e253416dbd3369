"""What works in place on a tensor, forward and back: activations, Dropout, Rescaling."""

from collections.abc import Callable

from scribal.engine import llvm as ir
from scribal.engine import operations as op
from scribal.engine.assemble.frame import Frame
from scribal.engine.graph import Node
from scribal.engine.ir import INT32, Code, Index
from scribal.engine.kernels.activation import (
    emit_activation,
    emit_activation_backward,
    emit_rescaling,
    emit_rescaling_backward,
    relu,
)
from scribal.engine.kernels.dropout import emit_dropout, emit_dropout_backward
from scribal.engine.kernels.softmax import emit_softmax, emit_softmax_backward
from scribal.engine.tensor import Tensor

__all__ = ["finish_in_place", "finish_of", "is_pooled", "is_rectified", "unfinish_in_place"]

_RECTIFYING = (op.Conv2D, op.DepthwiseConv2D, op.Dense, op.BatchNormalization, op.Add)


def is_rectified(tensor: Tensor) -> bool:
    """Whether a ReLU comes first behind a layer whose kernel applies it before results are stored."""
    behind = bool(tensor.in_place) and tensor.in_place[0].operation == op.Activation("relu")
    return behind and isinstance(tensor.node.operation, _RECTIFYING)


def is_pooled(frame: Frame, tensor: Tensor) -> bool:
    """Whether the way back through the ReLU is taken by the one layer that reads the tensor, a maximum pooling."""
    readers = [frame.plan.tensors[number].node.operation for number in tensor.readers]
    return is_rectified(tensor) and len(readers) == 1 and isinstance(readers[0], op.MaxPool2D)


def finish_of(code: Code, tensor: Tensor) -> Callable[[ir.Value], ir.Value]:
    """What is done to a result before it is stored."""
    return (lambda value: relu(code, value)) if is_rectified(tensor) else (lambda value: value)


def finish_in_place(frame: Frame, tensor: Tensor, *, training: bool) -> None:
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


def unfinish_in_place(frame: Frame, tensor: Tensor) -> None:
    """Back through what works in place, on every group of the chunk that holds the tensor."""
    gradient = tensor.gradient
    assert gradient is not None
    layouts = (tensor.value.layout, gradient.layout)
    for node in reversed(tensor.in_place[1:] if is_pooled(frame, tensor) else tensor.in_place):
        operation = node.operation
        with frame.code.loop(frame.plan.chunk) as groups:
            at_gradient = frame.address(gradient, groups.index)
            arguments = [frame.address(tensor.value, groups.index), at_gradient]
            if isinstance(operation, op.Dropout):
                arguments = [frame.address(tensor.masks[node.name].buffer, groups.index), at_gradient]

            def write(code: Code, args: list[ir.Value], operation: op.Operation = operation) -> None:
                if isinstance(operation, op.Dropout):
                    emit_dropout_backward(code, layouts[1], *args)
                elif isinstance(operation, op.Rescaling):
                    emit_rescaling_backward(code, operation, layouts[1], args[1])
                elif isinstance(operation, op.Activation) and operation.name == "softmax":
                    emit_softmax_backward(code, layouts, *args)
                elif isinstance(operation, op.Activation):
                    emit_activation_backward(code, operation, layouts, *args)

            frame.unit.call(frame.code, f"backward {node.name}", arguments, write)


def _pointwise(frame: Frame, tensor: Tensor, node: Node, values: ir.Value) -> None:
    operation, layout = node.operation, tensor.value.layout

    def write(code: Code, arguments: list[ir.Value]) -> None:
        if operation == op.Activation("softmax"):
            emit_softmax(code, layout, *arguments)
        elif isinstance(operation, op.Activation):
            emit_activation(code, operation, layout, *arguments)
        elif isinstance(operation, op.Rescaling):
            emit_rescaling(code, operation, layout, *arguments)

    frame.unit.call(frame.code, f"forward {node.name}", [values], write)


def _dropout(frame: Frame, tensor: Tensor, node: Node, group: Index, values: ir.Value) -> None:
    operation, layout, code = node.operation, tensor.value.layout, frame.code
    assert isinstance(operation, op.Dropout)
    rate, mask = operation.rate, tensor.masks[node.name]
    words = [code.load_number(frame.arguments["keys"], 2 * mask.key + word, INT32) for word in range(2)]

    def write(kernel: Code, arguments: list[ir.Value]) -> None:
        first, second, sample, at_values, at_masks = arguments
        emit_dropout(kernel, rate, layout, (first, second), sample, at_values, at_masks)

    arguments = [*words, frame.lane_sample(group), values, frame.address(mask.buffer, group)]
    frame.unit.call(code, f"forward {node.name}", arguments, write)
