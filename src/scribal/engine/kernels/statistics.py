"""What batch normalization works out for every channel from the measures of all chunks.

A channel has six factors, kind after kind: mean, scale (gamma over the standard deviation), shift (beta), one over the
standard deviation, and for the way back pull and stretch. Until these are known the variance is kept in their place.
"""

from dataclasses import dataclass

from scribal.engine import llvm as ir
from scribal.engine.ir import FLOAT, INT64, Code, Index
from scribal.engine.kernels.normalization import over_channels

__all__ = ["Channels", "Measures", "emit_merge", "emit_move", "emit_moving", "emit_pull"]

_MEAN, _SCALE, _SHIFT, _INVERSE, _PULL, _STRETCH = range(6)


@dataclass(frozen=True)
class Channels:
    """A normalization's channels.

    Attributes:
        count: How many.
        epsilon: Added to the variance.
        gamma: Pointer to the gammas, or None.
        beta: Pointer to the betas, or None.
    """

    count: int
    epsilon: float
    gamma: ir.Value | None
    beta: ir.Value | None


@dataclass(frozen=True)
class Measures:
    """What all chunks have measured.

    Attributes:
        numbers: Pointer to those of the first chunk: two for each channel, kind after kind.
        step: From a chunk to the next, in floats.
        chunks: How many there are, an int64.
        samples: Samples of the batch, an int64.
        chunk_samples: Samples of a full chunk.
        pixels: Pixels of a sample.
    """

    numbers: ir.Value
    step: int
    chunks: ir.Value
    samples: ir.Value
    chunk_samples: int
    pixels: int

    def at(self, code: Code, chunk: Index, place: Index) -> ir.Value:
        """Pointer to a chunk's number."""
        return code.at(self.numbers, code.add(code.times(chunk, self.step), place))

    def counted(self, code: Code) -> ir.Value:
        """Numbers that were measured for each channel, a float32."""
        return code.builder.fmul(code.builder.sitofp(self.samples, FLOAT), FLOAT(self.pixels))


def emit_merge(code: Code, channels: Channels, measures: Measures, factors: ir.Value) -> None:
    """Merge the chunks' means and sums of squared deviations, in order, and write all factors but pull and stretch."""
    builder = code.builder

    def write(place: Index, kind: ir.Type) -> None:
        zero = _repeat(code, FLOAT(0), kind)
        with code.loop(measures.chunks, [FLOAT(0), zero, zero]) as loop:
            counted, mean, squares = loop.values
            before = builder.mul(code.index(loop.index), INT64(measures.chunk_samples))
            left, most = builder.sub(measures.samples, before), INT64(measures.chunk_samples)
            filled = builder.select(builder.icmp_signed("<", left, most), left, most)
            new = builder.fmul(builder.sitofp(filled, FLOAT), FLOAT(measures.pixels))
            total = builder.fadd(counted, new)
            share = builder.fdiv(new, total)
            at = measures.at(code, loop.index, place)
            delta = builder.fsub(code.load_unaligned(at, 0, kind), mean)
            spread = builder.fmul(builder.fmul(delta, delta), _repeat(code, builder.fmul(counted, share), kind))
            added = builder.fadd(squares, code.load_unaligned(at, channels.count, kind))
            mean = code.fma(delta, _repeat(code, share, kind), mean)
            loop.carry([total, mean, builder.fadd(added, spread)])
        _, mean, squares = loop.values
        variance = builder.fdiv(squares, _repeat(code, measures.counted(code), kind))
        _write(code, channels, place, mean, variance, factors)

    over_channels(code, channels.count, write)


def emit_moving(code: Code, channels: Channels, moving: ir.Value, factors: ir.Value) -> None:
    """Write the same factors from moving mean and variance."""

    def write(place: Index, kind: ir.Type) -> None:
        at = code.at(moving, place)
        mean, variance = code.load_unaligned(at, 0, kind), code.load_unaligned(at, channels.count, kind)
        _write(code, channels, place, mean, variance, factors)

    over_channels(code, channels.count, write)


def emit_move(code: Code, channels: int, momentum: float, factors: ir.Value, moving: ir.Value) -> None:
    """Move moving mean and variance a little towards those that were merged."""

    def write(place: Index, kind: ir.Type) -> None:
        for number, factor in enumerate((_MEAN, _PULL)):
            new = code.load_unaligned(factors, code.add(place, factor * channels), kind)
            where = code.add(place, number * channels)
            kept = code.builder.fmul(code.load_unaligned(moving, where, kind), _repeat(code, FLOAT(momentum), kind))
            moved = code.fma(new, _repeat(code, FLOAT(1 - momentum), kind), kept)
            code.store_unaligned(moved, moving, where)

    over_channels(code, channels, write)


def emit_pull(code: Code, channels: int, measures: Measures, factors: ir.Value) -> None:
    """Add up the chunks' sums of gradients, in order, and write pull and stretch."""
    builder = code.builder

    def write(place: Index, kind: ir.Type) -> None:
        zero = _repeat(code, FLOAT(0), kind)
        with code.loop(measures.chunks, [zero, zero]) as loop:
            at = measures.at(code, loop.index, place)
            parts = [code.load_unaligned(at, number * channels, kind) for number in range(2)]
            loop.carry([builder.fadd(total, part) for total, part in zip(loop.values, parts, strict=True)])
        counted = _repeat(code, measures.counted(code), kind)
        plain, stretched = (builder.fdiv(total, counted) for total in loop.values)
        scale, inverse = (
            code.load_unaligned(factors, code.add(place, factor * channels), kind) for factor in (_SCALE, _INVERSE)
        )
        stretch = builder.fmul(builder.fmul(scale, inverse), stretched)
        for factor, value in ((_PULL, builder.fmul(scale, plain)), (_STRETCH, stretch)):
            code.store_unaligned(value, factors, code.add(place, factor * channels))

    over_channels(code, channels, write)


def _write(code: Code, channels: Channels, place: Index, mean: ir.Value, variance: ir.Value, factors: ir.Value) -> None:
    builder, kind = code.builder, mean.type
    one = _repeat(code, FLOAT(1), kind)
    deviation = code.intrinsic("llvm.sqrt", kind, builder.fadd(variance, _repeat(code, FLOAT(channels.epsilon), kind)))
    inverse = builder.fdiv(one, deviation)
    gamma = one if channels.gamma is None else code.load_unaligned(channels.gamma, place, kind)
    beta = _repeat(code, FLOAT(0), kind) if channels.beta is None else code.load_unaligned(channels.beta, place, kind)
    kinds = {_MEAN: mean, _SCALE: builder.fmul(gamma, inverse), _SHIFT: beta, _INVERSE: inverse, _PULL: variance}
    for factor, value in kinds.items():
        code.store_unaligned(value, factors, code.add(place, factor * channels.count))


def _repeat(code: Code, number: ir.Value, kind: ir.Type) -> ir.Value:
    return code.splat(number) if kind == code.vector_type else number
