"""The two functions that Python calls: ``train`` for many steps, ``predict`` for many samples.

::

    train:  for each batch:
                for each phase, and mostly there is one:
                    while there is a chunk to claim: forward, perhaps write the answers, loss, backward
                    barrier
                update this thread's share of the weights
                barrier
                perhaps add the penalties on weights to the loss
    predict: while there is a chunk to claim: forward, write the answers

Which thread took a chunk leaves no trace: chunks share no sum but the shards, and these are added up in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir

from scribal.engine.assemble import barrier
from scribal.engine.assemble.backward import emit_chunk_loss, emit_return
from scribal.engine.assemble.forward import emit_compute, emit_forward, emit_prepare
from scribal.engine.assemble.frame import PREDICT_ARGUMENTS, TRAIN_ARGUMENTS, Frame, Unit
from scribal.engine.assemble.in_place import unfinish_in_place
from scribal.engine.assemble.normalization import measure, merge_measures, merge_totals, settle, sum_gradients
from scribal.engine.assemble.update import emit_total_penalty, emit_update_phase
from scribal.engine.assemble.weight_arrays import has_penalty
from scribal.engine.ir import FLOAT, INT64, Code
from scribal.engine.kernels.optimizer import SETTINGS
from scribal.engine.kernels.transpose import emit_scatter
from scribal.engine.phases import Phase
from scribal.engine.plan import Plan
from scribal.engine.training import Loss, Optimizer

__all__ = ["write_module", "write_prediction"]


def write_module(plan: Plan, loss: Loss, optimizer: Optimizer) -> str:
    """Write the LLVM module of a program.

    Returns:
        LLVM assembly with the functions ``train`` and ``predict``.
    """
    unit = Unit(plan)
    _write_train(unit, loss, optimizer)
    _write_predict(unit)
    return str(unit.module)


def write_prediction(plan: Plan) -> str:
    """Write the LLVM module of a forward pass alone.

    Returns:
        LLVM assembly with the function ``predict``.
    """
    unit = Unit(plan)
    _write_predict(unit)
    return str(unit.module)


def _write_train(unit: Unit, loss: Loss, optimizer: Optimizer) -> None:
    plan = unit.plan
    code, arguments = unit.begin("train", TRAIN_ARGUMENTS)
    builder = code.builder
    thread, threads, samples, control, results = (
        arguments[name] for name in ("thread", "threads", "samples", "control", "results")
    )
    steps = _divided_up(code, samples, plan.batch_size)
    entry = builder.block
    step_block, leave = builder.append_basic_block("step"), builder.append_basic_block("leave")
    builder.branch(step_block)
    builder.position_at_end(step_block)
    step, passed = builder.phi(INT64), builder.phi(INT64)
    step.add_incoming(INT64(0), entry)
    passed.add_incoming(INT64(0), entry)

    first = builder.mul(step, INT64(plan.batch_size))
    left = builder.sub(samples, first)
    count = builder.select(builder.icmp_signed("<", left, INT64(plan.batch_size)), left, INT64(plan.batch_size))
    chunks = _divided_up(code, count, plan.target.lanes * plan.chunk)
    step_arguments = arguments | {
        "order": code.at(arguments["order"], first, INT64),
        "keys": code.at(arguments["keys"], code.times(step, 2 * len(plan.dropouts)), ir.IntType(32)),
        "settings": code.at(arguments["settings"], code.times(step, SETTINGS)),
    }
    # Every thread claims once in vain, so that each phase of a full step uses up its chunks and one number for each
    # thread.
    claimed = builder.mul(builder.mul(step, INT64(len(plan.phases))), builder.add(INT64(plan.chunks), threads))
    share = builder.fdiv(FLOAT(1), builder.sitofp(count, FLOAT))
    frame = _frame(unit, code, step_arguments, INT64(0), INT64(0), count)
    emit_prepare(frame, training=True)
    passed_now = passed
    for phase in plan.phases:
        for number in phase.merged:
            merge_measures(frame, plan.tensors[number], chunks)
        for number in phase.totalled:
            merge_totals(frame, plan.tensors[number], chunks)
        with _claims(code, control, claimed, chunks) as chunk:
            own = _frame(unit, code, step_arguments, chunk, chunk, count)
            _write_steps(own, phase, loss, share, first, chunk)
        claimed = builder.add(claimed, builder.add(chunks, threads))
        passed_now = barrier.emit_barrier(code, control, threads, passed_now)
    with builder.if_then(builder.icmp_signed("==", thread, INT64(0))):
        _report(code, arguments, step, chunks)
    updated = emit_update_phase(frame, optimizer, chunks, passed_now)
    all_updated = barrier.emit_barrier(code, control, threads, updated)
    if has_penalty(plan):
        with builder.if_then(builder.icmp_signed("==", thread, INT64(0))):
            # Every sample's loss has the penalty in it.
            penalty = builder.fmul(emit_total_penalty(frame), builder.sitofp(count, FLOAT))
            place = code.times(step, 2)
            code.store_number(builder.fadd(code.load_number(results, place), penalty), results, place)

    following = builder.add(step, INT64(1))
    stopping = builder.load(barrier.control_word(code, control, barrier.STOPPING), typ=INT64)
    goes_on = builder.and_(builder.icmp_signed("<", following, steps), builder.icmp_signed("==", stopping, INT64(0)))
    step.add_incoming(following, builder.block)
    passed.add_incoming(all_updated, builder.block)
    builder.cbranch(goes_on, step_block, leave)
    builder.position_at_end(leave)
    builder.ret_void()


def _write_steps(frame: Frame, phase: Phase, loss: Loss, share: ir.Value, first: ir.Value, chunk: ir.Value) -> None:
    """Write what a chunk goes through in a phase; ``first`` is the number of the batch's first sample."""
    code, plan, arguments = frame.code, frame.plan, frame.arguments
    shard = code.at(arguments["shards"], code.times(chunk, plan.shard_size))
    for step in phase.steps:
        tensor = plan.tensors[step.number]
        match step.action:
            case "compute":
                emit_compute(frame, tensor, training=True)
            case "measure":
                measure(frame, tensor, shard)
            case "answer":
                _keep_answers(frame, first)
                emit_chunk_loss(frame, loss, share, code.at(arguments["partial_results"], code.times(chunk, 2)))
            case "return":
                emit_return(frame, tensor, shard)
            case "total":
                unfinish_in_place(frame, tensor)
                sum_gradients(frame, tensor, shard)
            case "settle":
                settle(frame, tensor)


def _keep_answers(frame: Frame, first: ir.Value) -> None:
    """Write a chunk's answers, if they are asked for in training."""
    control = barrier.control_word(frame.code, frame.arguments["control"], barrier.KEEPS_OUTPUTS)
    keeps_outputs = frame.code.builder.load(control, typ=INT64)
    with frame.code.builder.if_then(frame.code.builder.icmp_signed("!=", keeps_outputs, INT64(0))):
        _write_answers(frame, first)


def _write_predict(unit: Unit) -> None:
    plan = unit.plan
    code, arguments = unit.begin("predict", PREDICT_ARGUMENTS)
    samples = arguments["samples"]
    chunks = _divided_up(code, samples, plan.target.lanes * plan.chunk)
    emit_prepare(_frame(unit, code, arguments, INT64(0), INT64(0), samples), training=False)
    with _claims(code, arguments["control"], INT64(0), chunks) as chunk:
        # Each thread has a chunk of the batch memory to itself.
        frame = _frame(unit, code, arguments, chunk, arguments["thread"], samples)
        emit_forward(frame)
        _write_answers(frame, INT64(0))
    code.builder.ret_void()


def _write_answers(frame: Frame, batch: ir.Value) -> None:
    """Write a chunk's answers to ``outputs`` as rows; ``batch`` is the row of the batch's first sample."""
    code, builder, plan = frame.code, frame.code.builder, frame.plan
    answer, lanes = plan.tensors[-1].value, INT64(plan.target.lanes)
    with code.loop(plan.chunk) as groups:
        first = code.index(frame.lane_sample(groups.index))
        left = builder.sub(frame.samples, first)
        filled = builder.select(builder.icmp_signed("<", left, lanes), left, lanes)
        with code.strided(INT64(0), filled, INT64(1)) as lane:
            sample = code.add(builder.add(batch, first), lane)
            row = code.at(frame.arguments["outputs"], code.times(sample, answer.layout.size))
            emit_scatter(code, answer.layout.size, frame.address(answer, groups.index), lane, row)


def _frame(
    unit: Unit, code: Code, arguments: dict[str, ir.Value], chunk: ir.Value, place: ir.Value, samples: ir.Value
) -> Frame:
    """The frame of a chunk whose groups lie at a place, counted in chunks, of the batch's memory."""
    plan = unit.plan
    first_group = code.builder.mul(place, INT64(plan.chunk))
    first_sample = code.builder.mul(chunk, INT64(plan.chunk * plan.target.lanes))
    return Frame(unit, code, arguments, first_group, first_sample, samples)


@contextmanager
def _claims(code: Code, control: ir.Value, claimed_before: ir.Value, chunks: ir.Value) -> Iterator[ir.Value]:
    """Repeat what is written inside for each chunk this thread gets hold of."""
    builder = code.builder
    test, body, after = (builder.append_basic_block(name) for name in ("claim", "chunk", "claimed"))
    builder.branch(test)
    builder.position_at_end(test)
    chunk = builder.sub(barrier.claim(code, control), claimed_before)
    builder.cbranch(builder.icmp_signed("<", chunk, chunks), body, after)
    builder.position_at_end(body)
    yield chunk
    builder.branch(test)
    builder.position_at_end(after)


def _report(code: Code, arguments: dict[str, ir.Value], step: ir.Value, chunks: ir.Value) -> None:
    """Add up the chunks' losses and hits in order, and pass on that Python asked to stop."""
    with code.loop(chunks, [FLOAT(0), FLOAT(0)]) as loop:
        place = code.times(loop.index, 2)
        parts = [code.load_number(arguments["partial_results"], code.add(place, number)) for number in range(2)]
        loop.carry([code.builder.fadd(total, part) for total, part in zip(loop.values, parts, strict=True)])
    for number, total in enumerate(loop.values):
        code.store_number(total, arguments["results"], code.add(code.times(step, 2), number))
    control = arguments["control"]
    stop = code.builder.load_atomic(barrier.control_word(code, control, barrier.STOP), "monotonic", 8, typ=INT64)
    code.builder.store(stop, barrier.control_word(code, control, barrier.STOPPING))
    code.builder.store(code.builder.add(step, INT64(1)), barrier.control_word(code, control, barrier.STEPS))


def _divided_up(code: Code, number: ir.Value, size: int) -> ir.Value:
    """How many runs of ``size`` cover a number."""
    return code.builder.sdiv(code.builder.add(number, INT64(size - 1)), INT64(size))
