"""How a thread gives its processor up in time, so that it is hardly ever put aside with an item in hand.

On a machine with more to do than processors, the system puts a thread aside when its slice of time is over, for some
milliseconds, wherever it is. If that is within an item, all other threads soon wait for it, and their own slices are
lost. A thread that gives up its processor between two items keeps nobody waiting: the others go on with what is left.
So each does that before its slice would end. On an idle machine it is given back at once, which takes less than a
microsecond.

A thread was away if much time has passed since it last looked at the clock; then its slice has just begun. Items that
take as long as that cannot be told from it, and no thread gives way between them: hardly anything would be won.

Systems without a POSIX clock do without.
"""

import time

from scribal.engine import llvm as ir
from scribal.engine.ir import INT32, INT64, Code

__all__ = ["emit_give_way"]

# Shorter than the slices of Linux, which end at a tick of 1 to 10 ms; several times as long as an item mostly takes.
_NANOSECONDS_OF_WORK = 700_000
_NANOSECONDS_AWAY = 500_000
_NANOSECONDS = 10**9
# Words of a thread's clock: seconds and nanoseconds as the system writes them, when the thread last looked, and when
# its slice began.
_TIME, _NANOSECOND, _LOOKED, _BEGAN = range(4)


def emit_give_way(code: Code, clock: ir.Value) -> None:
    """Write that a thread that has worked for long enough gives its processor up; it must have no item in hand.

    Args:
        code: Where to.
        clock: Pointer to four words of this thread, zero at the beginning.
    """
    if not hasattr(time, "CLOCK_MONOTONIC"):
        return
    builder = code.builder
    now = _emit_now(code, clock)
    away = builder.sub(now, code.load_number(clock, _LOOKED, INT64))
    code.store_number(now, clock, _LOOKED)
    with builder.if_else(builder.icmp_signed(">", away, INT64(_NANOSECONDS_AWAY))) as (was_away, was_here):
        with was_away:
            code.store_number(now, clock, _BEGAN)
        with was_here:
            worked = builder.sub(now, code.load_number(clock, _BEGAN, INT64))
            with builder.if_then(builder.icmp_signed(">", worked, INT64(_NANOSECONDS_OF_WORK))):
                builder.call("sched_yield", INT32, [])
                back = _emit_now(code, clock)
                code.store_number(back, clock, _LOOKED)
                code.store_number(back, clock, _BEGAN)


def _emit_now(code: Code, clock: ir.Value) -> ir.Value:
    """Nanoseconds of a clock that only goes forward; Linux answers without a system call."""
    code.builder.call("clock_gettime", INT32, [INT32(time.CLOCK_MONOTONIC), clock])
    seconds, rest = (code.load_number(clock, word, INT64) for word in (_TIME, _NANOSECOND))
    return code.builder.add(code.builder.mul(seconds, INT64(_NANOSECONDS)), rest)
