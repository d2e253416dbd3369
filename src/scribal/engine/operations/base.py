"""What every operation answers, and what its shapes are checked with."""

from dataclasses import dataclass

from scribal.engine.regularizer import NO_PENALTY, Regularizer

__all__ = ["Operation", "Shape", "Weight", "expect_at_least_one", "expect_shapes"]

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Weight:
    """One array a layer owns: its Keras name, its shape, whether it is trained, how it is regularized."""

    name: str
    shape: Shape
    trainable: bool = True
    regularizer: Regularizer = NO_PENALTY


@dataclass(frozen=True)
class Operation:
    """What every operation answers; by default it reads one value, keeps its shape and owns no weights."""

    def output_shape(self, *inputs: Shape) -> Shape:
        """Infer the shape of the result.

        Raises:
            ValueError: The operation cannot read inputs of these shapes.
        """
        (shape,) = expect_shapes(self, inputs, count=1)
        return shape

    def weights(self, *inputs: Shape) -> tuple[Weight, ...]:
        """List the weights, in Keras' order, that this operation needs for inputs of these shapes."""
        expect_shapes(self, inputs, count=len(inputs))
        return ()


def expect_shapes(
    operation: Operation, inputs: tuple[Shape, ...], *, count: int, rank: int | None = None, least_rank: int = 0
) -> tuple[Shape, ...]:
    """Check number and ranks of what an operation reads, and hand it back."""
    wrong_rank = any(len(shape) < least_rank or rank not in (None, len(shape)) for shape in inputs)
    if len(inputs) != count or wrong_rank:
        needed = f" of {rank} axes" if rank else ""
        raise ValueError(f"{type(operation).__name__} reads {count} input(s){needed}. Received: shapes={inputs}")
    return inputs


def expect_at_least_one(operation: Operation, **sizes: tuple[int, ...]) -> None:
    """Check that sizes are at least one."""
    for name, values in sizes.items():
        if any(value < 1 for value in values):
            raise ValueError(f"{type(operation).__name__} {name} must be at least 1. Received: {name}={values}")
