"""Threads that claim work and wait for each other, in shared memory.

``control`` is an array of int64, its words far enough apart that no two share a cache line. All counters only ever
grow, so nothing needs to be reset between steps. A waiting thread spins for a short while and then yields its
processor: on a busy machine the one waited for may need it.
"""

from llvmlite import ir

from scribal.engine.ir import INT32, INT64, Code

__all__ = [
    "ARRIVALS",
    "BYTES",
    "CLAIMS",
    "CONTROL_WORDS",
    "GROUPS",
    "KEEPS_OUTPUTS",
    "NO_MORE_CLAIMS",
    "STEPS",
    "STOP",
    "STOPPING",
    "WEIGHTED",
    "claim",
    "control_word",
    "emit_barrier",
]

# Words of the control array: groups the batch memory holds, arrivals at the barrier, chunks claimed, stop asked for by
# Python, stop agreed on by the threads, steps taken; and whether the inputs are bytes, samples have weights, and
# answers are kept in training.
GROUPS, ARRIVALS, CLAIMS, STOP, STOPPING, STEPS, BYTES, WEIGHTED, KEEPS_OUTPUTS = (16 * number for number in range(9))
CONTROL_WORDS = 16 * 9
# Written over the claims, it leaves nothing to claim.
NO_MORE_CLAIMS = 2**62
_SPINS = 100


def control_word(code: Code, control: ir.Value, word: int) -> ir.Value:
    """Pointer to a word of the control array."""
    return code.at(control, word, INT64)


def claim(code: Code, control: ir.Value) -> ir.Value:
    """Take the next number; every number is given to one thread only."""
    return code.builder.atomic_rmw("add", control_word(code, control, CLAIMS), INT64(1), "monotonic")


def emit_barrier(code: Code, control: ir.Value, threads: ir.Value, passed: ir.Value) -> ir.Value:
    """Wait until all threads have come here.

    Args:
        code: Where to.
        control: The control array.
        threads: How many there are.
        passed: Barriers passed before.

    Returns:
        Barriers passed now.
    """
    builder = code.builder
    arrivals = control_word(code, control, ARRIVALS)
    now = builder.add(passed, INT64(1))
    needed = builder.mul(now, threads)
    builder.atomic_rmw("add", arrivals, INT64(1), "acq_rel")
    before = builder.block
    test, again, rest, after = (builder.append_basic_block(n) for n in ("arrived", "again", "yield", "together"))
    builder.branch(test)
    builder.position_at_end(test)
    spins = builder.phi(INT64)
    spins.add_incoming(INT64(0), before)
    arrived = builder.load_atomic(arrivals, "acquire", 8, typ=INT64)
    builder.cbranch(builder.icmp_signed(">=", arrived, needed), after, again)
    builder.position_at_end(again)
    more = builder.add(spins, INT64(1))
    spins.add_incoming(more, again)
    builder.cbranch(builder.icmp_signed("<", more, INT64(_SPINS)), test, rest)
    builder.position_at_end(rest)
    builder.call(_sched_yield(builder.module), [])
    spins.add_incoming(more, rest)
    builder.branch(test)
    builder.position_at_end(after)
    return now


def _sched_yield(module: ir.Module) -> ir.Function:
    known = module.globals.get("sched_yield")
    return known or ir.Function(module, ir.FunctionType(INT32, []), "sched_yield")
