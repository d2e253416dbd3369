"""The processor code is made for: its vector width and its number of vector registers."""

from dataclasses import dataclass

import llvmlite.binding as llvm

__all__ = ["AVX2", "AVX512", "NEON", "SSE", "Target", "host_target"]


@dataclass(frozen=True)
class Target:
    """What the kernels have to know of a processor.

    Attributes:
        lanes: float32 numbers in a vector, and so images that are worked on together.
        accumulators: Vectors that a kernel sums in at once; the registers left hold what is being multiplied.
    """

    lanes: int
    accumulators: int


AVX512 = Target(lanes=16, accumulators=24)
AVX2 = Target(lanes=8, accumulators=12)
SSE = Target(lanes=4, accumulators=12)
NEON = Target(lanes=4, accumulators=24)


def host_target() -> Target:
    """Find the target for the processor this runs on."""
    features = llvm.get_host_cpu_features()
    if features.get("avx512f"):
        return AVX512
    if features.get("avx2") and features.get("fma"):
        return AVX2
    return NEON if features.get("neon") else SSE
