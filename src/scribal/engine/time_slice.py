"""Short slices of processor time for the engine's threads.

Linux gives each runnable thread its fair share of the processors, in slices. Since 6.12 a thread may ask for slices of
its own length: ``sched_runtime`` of a normal thread in ``sched_setattr(2)``. Its share stays the same, but short slices
come sooner, and little is lost by giving one up (``Documentation/scheduler/sched-eevdf.rst`` in the kernel's sources).
Older kernels take no note of the length; on other systems nothing is asked for.
"""

import ctypes
import platform
import struct
import sys

__all__ = ["SHORT", "ask_for_short_slices", "slice_length"]

SHORT = 100_000
"""Nanoseconds of a short slice: the least that Linux grants."""

# ``struct sched_attr``, first version: size, policy, flags, nice, priority, runtime, deadline, period.
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")
_POLICY, _RUNTIME = 1, 5
# Of ``SCHED_OTHER`` and ``SCHED_BATCH``; for other policies the runtime means something else.
_NORMAL_POLICIES = {0, 3}
# ``sched_setattr`` and ``sched_getattr`` in processes of 64 bits; older C libraries have no functions for them.
_NUMBERS = {"x86_64": (314, 315), "aarch64": (274, 275), "riscv64": (274, 275)}
_IS_KNOWN = sys.platform == "linux" and sys.maxsize > 2**32 and platform.machine() in _NUMBERS
_SET, _GET = _NUMBERS[platform.machine()] if _IS_KNOWN else (0, 0)
# Found when this is imported: a thread that has begun must not fail.
_system_call = ctypes.CDLL(None).syscall if _IS_KNOWN else None


def ask_for_short_slices() -> None:
    """Ask for short slices for the calling thread, which keeps its policy and its niceness."""
    attributes = _attributes()
    if attributes is None or _system_call is None:
        return
    attributes[_RUNTIME] = SHORT
    # It may be refused; then the slices stay as they are.
    _system_call(_SET, 0, _ATTRIBUTES.pack(*attributes), 0)


def slice_length() -> int | None:
    """Nanoseconds of the calling thread's slices; None if the system does not tell."""
    attributes = _attributes()
    return attributes[_RUNTIME] or None if attributes else None


def _attributes() -> list[int] | None:
    """The fields of the calling thread's ``sched_attr``, if there are any and it is a normal thread."""
    buffer = ctypes.create_string_buffer(_ATTRIBUTES.size)
    if _system_call is None or _system_call(_GET, 0, buffer, _ATTRIBUTES.size, 0):
        return None
    attributes = list(_ATTRIBUTES.unpack(buffer.raw))
    return attributes if attributes[_POLICY] in _NORMAL_POLICIES else None
