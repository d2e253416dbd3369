"""Dense layers of a chunk: its groups are the columns of a product."""

from scribal.engine import llvm as ir
from scribal.engine.assemble.frame import Frame
from scribal.engine.assemble.gradient import bring_part, part_of_gradient
from scribal.engine.assemble.in_place import finish_of
from scribal.engine.blocks import unit_block
from scribal.engine.ir import Code
from scribal.engine.kernels.occupied import emit_list_steps
from scribal.engine.kernels.product import Output, Product, Reduction, emit_product
from scribal.engine.kernels.weight_gradient import WeightGradient
from scribal.engine.tensor import Tensor

__all__ = ["dense_nest", "emit_dense", "emit_dense_backward"]


def dense_nest(tensor: Tensor) -> WeightGradient:
    """The weight gradient of a dense layer: groups of images are its rows."""
    kernel = tensor.kernel
    assert kernel is not None
    block_step = kernel.steps * kernel.block
    return WeightGradient(kernel.block, block_step, (), kernel.steps, (kernel.steps, 0), (kernel.units, 0))


def emit_dense(frame: Frame, tensor: Tensor) -> None:
    """Write the product."""
    (source,), kernel = frame.plan.sources(tensor), tensor.kernel
    assert kernel is not None
    output = Output(1, frame.plan.chunk, 0, kernel.steps, 0, kernel.units)
    reductions = (Reduction(kernel.steps, 1, kernel.block),)
    product = Product(kernel.units, kernel.block, kernel.steps * kernel.block, 1, 0, reductions, output)

    def write(code: Code, arguments: list[ir.Value]) -> None:
        at_inputs, at_weights, at_bias, at_outputs, *numbers = arguments
        own_bias = None if kernel.bias is None else at_bias
        emit_product(code, product, at_inputs, at_weights, at_outputs, own_bias, finish_of(code, tensor), *numbers)

    inputs, lists = frame.address(source.value), []
    if tensor.occupied is not None:
        lists = [frame.address(tensor.occupied.steps)]
        steps = kernel.steps
        frame.unit.call(
            frame.code,
            f"list steps {tensor.node.name}",
            [inputs, *lists],
            lambda code, args: emit_list_steps(code, steps, frame.plan.chunk, *args),
        )
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    arguments = [inputs, weights, frame.bias_of(kernel), frame.address(tensor.value), *lists]
    frame.unit.call(frame.code, f"forward {tensor.node.name}", arguments, write)


def emit_dense_backward(frame: Frame, tensor: Tensor) -> None:
    """Write the gradient of the inputs; that of the weights is taken over the whole batch."""
    kernel, gradient, part = tensor.kernel, tensor.gradient, part_of_gradient(frame, tensor, dense=True)
    if part is None:
        return
    assert kernel is not None
    assert gradient is not None
    blocks = Reduction(kernel.units // kernel.block, kernel.block, kernel.steps * kernel.block)
    reductions = (blocks, Reduction(kernel.block, 1, 1))
    output = Output(1, frame.plan.chunk, 0, kernel.units, 0, part.buffer.layout.size)
    units = unit_block(kernel.steps)
    product = Product(kernel.steps, units, units * kernel.block, kernel.block, 0, reductions, output)
    weights = frame.code.at(frame.arguments["weights"], kernel.offset)
    arguments = [frame.address(gradient), weights, frame.address(part.buffer)]
    name = f"input gradient {tensor.node.name}"
    frame.unit.call(
        frame.code, name, arguments, lambda code, args: emit_product(code, product, args[0], args[1], args[2])
    )
    with frame.code.loop(frame.plan.chunk) as groups:
        bring_part(frame, tensor, part, group=groups.index)
