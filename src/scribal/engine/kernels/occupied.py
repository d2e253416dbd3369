"""Which inputs of a dense layer are not zero, as lists of numbers, so that the others can be left out.

Four pixels in five of a handwritten digit are background, and many of them are so in all the images worked on
together. A product with zero adds nothing: leaving it out is the same sum.

A list is an array of int32: how many numbers there are, then the numbers in rising order.
"""

from scribal.engine import llvm as ir
from scribal.engine.blocks import even_runs
from scribal.engine.ir import INT32, INT64, Code, Index, Loop
from scribal.engine.target import Target

__all__ = ["emit_list_groups", "emit_list_steps", "list_item", "list_length", "step_blocks"]


def step_blocks(steps: int, block: int, target: Target) -> int:
    """Blocks into which the weight gradient's kernel cuts the inputs, each with a list of its own."""
    return sum(blocks for _, blocks in even_runs(steps, block, target))


def list_length(code: Code, numbers: ir.Value) -> ir.Value:
    """How many numbers a list has."""
    return code.builder.zext(code.load_number(numbers, 0, INT32), INT64)


def list_item(code: Code, numbers: ir.Value, place: Index) -> ir.Value:
    """A number of a list."""
    return code.builder.zext(code.load_number(numbers, code.add(place, 1), INT32), INT64)


def emit_list_steps(code: Code, steps: int, groups: int, inputs: ir.Value, numbers: ir.Value) -> None:
    """List the inputs that are not zero in some image.

    Args:
        code: Where to.
        steps: Inputs of each image.
        groups: Groups of images that follow each other.
        inputs: Their inputs, ``[group][step]``.
        numbers: Receives the list of steps.
    """
    with code.loop(steps, [INT64(0)]) as loop:
        places = [code.add(loop.index, group * steps) for group in range(groups)]
        loop.carry([_append_if_occupied(code, [code.load(inputs, place) for place in places], loop, numbers)])
    code.store_number(code.builder.trunc(loop.values[0], INT32), numbers)


def emit_list_groups(
    code: Code, steps: int, block: int, groups: ir.Value, inputs: ir.Value, lists: tuple[ir.Value, int]
) -> None:
    """List, for each block of inputs, the groups of images in which some of them is not zero.

    Args:
        code: Where to.
        steps: Inputs of each image.
        block: Units of the layer that are worked on together, on which the blocks of inputs depend.
        groups: Groups of images that follow each other.
        inputs: Their inputs, ``[group][step]``.
        lists: Receives the lists; and the room for each, in numbers.
    """
    first_step, first_list = 0, 0
    for width, blocks in even_runs(steps, block, code.target):
        with code.loop(blocks) as block_loop:
            step = code.add(code.times(block_loop.index, width), first_step)
            numbers = code.at(lists[0], code.times(code.add(block_loop.index, first_list), lists[1]), INT32)
            with code.loop(groups, [INT64(0)]) as loop:
                at_step = code.vector_at(inputs, code.add(code.times(loop.index, steps), step))
                vectors = [code.load(at_step, number) for number in range(width)]
                loop.carry([_append_if_occupied(code, vectors, loop, numbers)])
            code.store_number(code.builder.trunc(loop.values[0], INT32), numbers)
        first_step, first_list = first_step + width * blocks, first_list + blocks


def _append_if_occupied(code: Code, vectors: list[ir.Value], loop: Loop, numbers: ir.Value) -> ir.Value:
    """Append the loop's number to a list if a vector is not zero; returns how many the list has now."""
    builder, count = code.builder, loop.values[0]
    # Written in any case: one that does not count is overwritten by the next.
    code.store_number(builder.trunc(code.index(loop.index), INT32), code.at(numbers, code.add(count, 1), INT32))
    lanes = [builder.fcmp_unordered("!=", vector, code.splat(0.0)) for vector in vectors]
    some = lanes[0]
    for lane in lanes[1:]:
        some = builder.or_(some, lane)
    bits = builder.bitcast(some, ir.IntType(code.target.lanes))
    return builder.add(count, builder.zext(builder.icmp_unsigned("!=", bits, bits.type(0)), INT64))
