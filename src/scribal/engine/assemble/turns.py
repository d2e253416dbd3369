"""How threads share out the work of phases, in shared memory.

A phase is a number of items, and begins when all items of the phases before it are done. Any thread may do any item, so
that a phase waits for items and never for a thread: one that a busy machine has put aside holds nobody up unless it has
an item in hand, and when it comes back it finds nothing left of what it missed. That it hardly ever is put aside with
an item in hand, it sees to itself (:mod:`~scribal.engine.assemble.giving_way`).

Chunks of a batch are claimed in order by a counter. Shares of the update are claimed each by a word of its own, and
every thread begins with the share of its own number, whose weights it has in its cache.

``control`` is an array of int64, its words far enough apart that no two share a cache line. All counters only ever
grow, so nothing needs to be reset between steps. A waiting thread spins for a short while and then yields its
processor: on a busy machine the one waited for may need it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from scribal.engine import llvm as ir
from scribal.engine.assemble.giving_way import emit_give_way
from scribal.engine.ir import INT32, INT64, Code

__all__ = [
    "BYTES",
    "CLAIMS",
    "GROUPS",
    "KEEPS_OUTPUTS",
    "NO_MORE_CLAIMS",
    "STEPS",
    "STOP",
    "STOPPING",
    "WEIGHTED",
    "claimed_chunks",
    "claimed_shares",
    "clock_of",
    "control_word",
    "control_words",
    "emit_await",
    "emit_is_done",
]

# Words of the control array: groups the batch memory holds, items done, chunks claimed, stop asked for by Python, stop
# agreed on by the threads, steps taken; and whether the inputs are bytes, samples have weights, and answers are kept
# in training. Behind them a word for each share: the phase of updates it is claimed for next; and each thread's clock.
GROUPS, DONE, CLAIMS, STOP, STOPPING, STEPS, BYTES, WEIGHTED, KEEPS_OUTPUTS = (16 * number for number in range(9))
_SHARES = 16 * 9
# Written over the claims, it leaves nothing to claim.
NO_MORE_CLAIMS = 2**62
_SPINS = 100


def control_words(threads: int) -> int:
    """How many words the control array needs for so many threads."""
    return _SHARES + 2 * 16 * threads


def clock_of(code: Code, control: ir.Value, thread: ir.Value, threads: ir.Value) -> ir.Value:
    """Pointer to where a thread notes when it has worked."""
    place = code.add(code.times(code.builder.add(threads, thread), 16), _SHARES)
    return code.at(control, place, INT64)


def control_word(code: Code, control: ir.Value, word: int) -> ir.Value:
    """Pointer to a word of the control array."""
    return code.at(control, word, INT64)


def emit_is_done(code: Code, control: ir.Value, items: ir.Value) -> ir.Value:
    """Write whether so many items are done, counted from the beginning of the training."""
    done = code.builder.load_atomic(control_word(code, control, DONE), "acquire", 8, kind=INT64)
    return code.builder.icmp_signed(">=", done, items)


def emit_await(code: Code, control: ir.Value, items: ir.Value) -> None:
    """Write how a thread waits until so many items are done."""
    builder = code.builder
    before = builder.block
    test, again, rest, after = (builder.append_block() for _ in range(4))
    builder.branch(test)
    builder.position_at_end(test)
    spins = builder.phi(INT64)
    spins.add_incoming(INT64(0), before)
    builder.cbranch(emit_is_done(code, control, items), after, again)
    builder.position_at_end(again)
    more = builder.add(spins, INT64(1))
    spins.add_incoming(more, again)
    builder.cbranch(builder.icmp_signed("<", more, INT64(_SPINS)), test, rest)
    builder.position_at_end(rest)
    builder.call("sched_yield", INT32, [])
    spins.add_incoming(more, rest)
    builder.branch(test)
    builder.position_at_end(after)


@contextmanager
def claimed_chunks(
    code: Code, control: ir.Value, claimed_before: ir.Value, chunks: ir.Value, clock: ir.Value | None = None
) -> Iterator[ir.Value]:
    """Repeat what is written inside for each chunk of a phase that this thread gets hold of.

    Args:
        code: Where to.
        control: The control array.
        claimed_before: Chunks of all phases before.
        chunks: Chunks of this one.
        clock: This thread's clock, by which it gives way between chunks; None if no thread waits for another.

    Yields:
        The chunk's number.
    """
    builder = code.builder
    claims = control_word(code, control, CLAIMS)
    test, attempt, body, after = (builder.append_block() for _ in range(4))
    builder.branch(test)
    builder.position_at_end(test)
    number = builder.load_atomic(claims, "monotonic", 8, kind=INT64)
    # The counter is only moved within a phase: a thread that comes late must not take from the next one.
    is_left = builder.icmp_signed("<", number, builder.add(claimed_before, chunks))
    builder.cbranch(is_left, attempt, after)
    builder.position_at_end(attempt)
    builder.cbranch(_exchange(code, claims, number), body, test)
    builder.position_at_end(body)
    yield builder.sub(number, claimed_before)
    _note_done(code, control)
    if clock is not None:
        emit_give_way(code, clock)
    builder.branch(test)
    builder.position_at_end(after)


@contextmanager
def claimed_shares(
    code: Code, control: ir.Value, phase: ir.Value, thread: ir.Value, threads: ir.Value
) -> Iterator[ir.Value]:
    """Repeat what is written inside for each share of a phase of updates that this thread gets hold of.

    Args:
        code: Where to.
        control: The control array.
        phase: Number of the phase among all of updates.
        thread: This thread's number.
        threads: How many threads there are, and shares.

    Yields:
        The share's number.
    """
    builder = code.builder
    with code.loop(threads) as turns:
        number = builder.add(thread, code.index(turns.index))
        number = builder.select(builder.icmp_signed("<", number, threads), number, builder.sub(number, threads))
        word = code.at(control_word(code, control, _SHARES), code.times(number, 16), INT64)
        with builder.if_then(_exchange(code, word, phase)):
            yield number
            _note_done(code, control)
            emit_give_way(code, clock_of(code, control, thread, threads))


def _exchange(code: Code, word: ir.Value, number: ir.Value) -> ir.Value:
    """Put the next number into a word, if it holds this one; tells whether it did."""
    following = code.builder.add(number, INT64(1))
    return code.builder.cmpxchg(word, number, following, "acq_rel", "monotonic")


def _note_done(code: Code, control: ir.Value) -> None:
    code.builder.atomic_rmw("add", control_word(code, control, DONE), INT64(1), "acq_rel")
