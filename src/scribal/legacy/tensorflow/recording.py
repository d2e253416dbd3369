"""What JAX computes while a tape listens: each operation with its operands and results, to be done again.

Values stay what they are; JAX is only asked, by a trace of its own kind, to pass its operations through here.
Source: "Autodidax: JAX core from scratch" (documentation of JAX), on traces and primitives.
"""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.extend.core
from jax.extend.core import jaxpr_as_fun, take_current_trace

__all__ = ["Recording"]

set_current_trace: Any = jax.extend.core.set_current_trace  # JAX gives it no types


@dataclass(frozen=True)
class _Operation:
    """One operation that was carried out.

    Attributes:
        function: Does it again; takes the operands, gives a list of results.
        operands: What it was given. They are kept here so that no other array gets the identity of one of them.
        results: What it gave.
    """

    function: Callable[..., list[Any]]
    operands: Sequence[Any]
    results: list[Any]


class Recording:
    """The operations that JAX carried out between :meth:`listening` and its end."""

    def __init__(self) -> None:
        self._operations: list[_Operation] = []

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Record what is computed until the block ends, in this thread."""
        with take_current_trace() as outer:
            pass
        with set_current_trace(_Listener(outer, self._operations)):
            yield

    def gradients(self, target: Any, sources: Sequence[Sequence[Any]], seed: Any = None) -> list[Any]:
        """The derivative of the sum of a result.

        Args:
            target: A result, or several, whose sum counts.
            sources: For each variable the arrays that were its values; their derivatives are summed.
            seed: What each value of the target counts, in its own shape; one by default.

        Returns:
            An array for each variable; ``None`` where the target does not depend on it.
        """
        values = [value for same in sources for value in same]
        needed, reached = self._between([target], values)
        own = [id(value) in reached and jax.numpy.issubdtype(value.dtype, jax.numpy.inexact) for value in values]
        if not any(own):
            return [None for _ in sources]

        def again(shifts: list[Any]) -> Any:
            # A source may follow from another one: what each is shifted by is added where it is computed.
            moved = {id(value): shift for value, shift, is_own in zip(values, shifts, own, strict=True) if is_own}
            made = {id(result) for operation in needed for result in operation.results}
            known = {id(value): value + moved[id(value)] for value in values if id(value) in moved.keys() - made}
            for operation in needed:
                results = operation.function(*(known.get(id(operand), operand) for operand in operation.operands))
                for result, new in zip(operation.results, results, strict=True):
                    known[id(result)] = new + moved[id(result)] if id(result) in moved else new
            return known.get(id(target), target)

        result, backwards = jax.vjp(again, [jax.numpy.zeros_like(value) for value in values])
        (found,) = backwards(jax.numpy.ones_like(result) if seed is None else jax.numpy.asarray(seed, result.dtype))
        derivatives = iter(zip(found, own, strict=True))
        sums = []
        for same in sources:
            parts = [derivative for derivative, is_own in (next(derivatives) for _ in same) if is_own]
            sums.append(functools.reduce(jax.numpy.add, parts) if parts else None)
        return sums

    def _between(self, targets: Sequence[Any], sources: Sequence[Any]) -> tuple[list[_Operation], set[int]]:
        """The operations that lead from sources to targets, and all that targets depend on."""
        depending = {id(source) for source in sources}
        forward = []
        for operation in self._operations:
            if any(id(operand) in depending for operand in operation.operands):
                depending |= {id(result) for result in operation.results}
                forward.append(operation)
        wanted = {id(target) for target in targets}
        needed = []
        for operation in reversed(forward):
            if any(id(result) in wanted for result in operation.results):
                wanted |= {id(operand) for operand in operation.operands}
                needed.append(operation)
        return needed[::-1], wanted


_Trace: Any = jax.core.Trace


class _Listener(_Trace):  # type: ignore[misc] # JAX gives it no types
    """Has operations carried out as without it, and notes them.

    Args:
        outer: What carries them out: JAX itself, or a function that is being compiled.
        operations: Where they are noted.
    """

    def __init__(self, outer: Any, operations: list[_Operation]) -> None:
        super().__init__()
        self._outer = outer
        self._operations = operations

    def stage_value(self, val: Any) -> Any:
        """Make a value one of the outer trace's, which for JAX itself is an array."""
        staged = self._outer.stage_value(val)
        if staged is not val:
            self._operations.append(_Operation(lambda value: [value], [val], [staged]))
        return staged

    def process_primitive(self, primitive: Any, tracers: Sequence[Any], params: dict[str, Any], /) -> Any:
        """Carry out one operation."""

        def carry_out(*operands: Any) -> list[Any]:
            results = primitive.bind(*operands, **params)
            return list(results) if primitive.multiple_results else [results]

        results = self._noted(carry_out, tracers)
        return results if primitive.multiple_results else results[0]

    def process_custom_jvp_call(self, *functions: Any, **rest: Any) -> list[Any]:
        """Carry out a function that has a derivative of its own."""
        return self._in_one("process_custom_jvp_call", functions, rest)

    def process_custom_vjp_call(self, *functions: Any, **rest: Any) -> list[Any]:
        """Carry out a function that has a derivative of its own."""
        return self._in_one("process_custom_vjp_call", functions, rest)

    def _in_one(self, process: str, functions: Sequence[Any], rest: dict[str, Any]) -> list[Any]:
        """Carry out what JAX lets be called only once, as a function that may be called again."""
        *functions, operands = functions

        def once(*tracers: Any) -> Any:
            with take_current_trace() as trace:
                return getattr(trace, process)(*functions, tracers, **rest)

        with set_current_trace(self._outer):
            again = jaxpr_as_fun(jax.make_jaxpr(once)(*operands))
        return self._noted(again, operands)

    def _noted(self, function: Callable[..., list[Any]], operands: Sequence[Any]) -> list[Any]:
        with set_current_trace(self._outer):
            results = [
                # What gives its operand back, such as stop_gradient, is another value all the same.
                jax.numpy.array(result, copy=True) if any(result is operand for operand in operands) else result
                for result in function(*operands)
            ]
        self._operations.append(_Operation(function, operands, results))
        return results
