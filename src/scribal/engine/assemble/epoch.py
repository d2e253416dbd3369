"""The two functions that Python calls: ``train`` for many steps, ``predict`` for many samples.

::

    train:  for each batch, unless the other threads are through with it:
                for each phase, and mostly there is one:
                    wait until all before is done
                    while there is a chunk to claim: forward, perhaps write the answers, loss, backward
                wait until all chunks are done
                while there is a share of the weights to claim: update it
                perhaps the same once more, to add the penalties on weights to the loss
                wait until all shares are done
    predict: while there is a chunk to claim: forward, write the answers

Which thread took a chunk leaves no trace: chunks share no sum but the shards, and these are added up in order. What a
thread prepares for itself it reads after waiting; should the others have gone on meanwhile, it prepares in vain, since
then there is nothing left to claim.
"""

from scribal.engine import llvm as ir
from scribal.engine.assemble import turns
from scribal.engine.assemble.backward import emit_chunk_loss, emit_return
from scribal.engine.assemble.forward import emit_compute, emit_forward, emit_prepare
from scribal.engine.assemble.frame import PREDICT_ARGUMENTS, TRAIN_ARGUMENTS, Frame, Unit
from scribal.engine.assemble.in_place import unfinish_in_place
from scribal.engine.assemble.normalization import (
    measure,
    merge_measures,
    merge_totals,
    move_averages,
    settle,
    sum_gradients,
)
from scribal.engine.assemble.update import emit_total_penalty, update_phases
from scribal.engine.assemble.weight_arrays import has_penalty
from scribal.engine.assembly import Take
from scribal.engine.ir import FLOAT, INT64, Code, Index
from scribal.engine.kernels.optimizer import SETTINGS
from scribal.engine.kernels.transpose import emit_scatter
from scribal.engine.phases import Phase
from scribal.engine.plan import Plan
from scribal.engine.training import Loss, Optimizer

__all__ = ["write_module", "write_prediction"]


def write_module(plan: Plan, loss: Loss, optimizer: Optimizer, take: Take) -> None:
    """Write the LLVM assembly of a program, and hand on its parts.

    Its functions are ``train`` and ``predict``.
    """
    unit = Unit(plan.target, take, plan=plan)
    _write_train(unit, loss, optimizer)
    _write_predict(unit)


def write_prediction(plan: Plan, take: Take) -> None:
    """Write the LLVM assembly of a forward pass alone, the function ``predict``, and hand on its parts."""
    _write_predict(Unit(plan.target, take, plan=plan))


def _write_train(unit: Unit, loss: Loss, optimizer: Optimizer) -> None:
    plan = unit.plan
    code, arguments = unit.start("train", TRAIN_ARGUMENTS)
    builder = code.builder
    samples, control = arguments["samples"], arguments["control"]
    steps = _divided_up(code, samples, plan.batch_size)
    # Items of a full step; a partial batch is the last one.
    shares = builder.mul(INT64(_share_phases(plan, optimizer)), arguments["threads"])
    items_a_step = builder.add(INT64(len(plan.phases) * plan.chunks), shares)
    entry = builder.block
    step_block, work, following_block, leave = (builder.append_block() for _ in range(4))
    builder.branch(step_block)
    builder.position_at_end(step_block)
    step = builder.phi(INT64)
    step.add_incoming(INT64(0), entry)
    done = builder.mul(step, items_a_step)
    is_over = turns.emit_is_done(code, control, builder.add(done, items_a_step))
    builder.cbranch(is_over, following_block, work)

    builder.position_at_end(work)
    first = builder.mul(step, INT64(plan.batch_size))
    left = builder.sub(samples, first)
    count = builder.select(builder.icmp_signed("<", left, INT64(plan.batch_size)), left, INT64(plan.batch_size))
    step_arguments = arguments | {
        "order": code.at(arguments["order"], first, INT64),
        "keys": code.at(arguments["keys"], code.times(step, 2 * len(plan.dropouts)), ir.IntType(32)),
        "settings": code.at(arguments["settings"], code.times(step, SETTINGS)),
    }
    frame = _frame(unit, code, step_arguments, INT64(0), INT64(0), count)
    chunks = _divided_up(code, count, plan.target.lanes * plan.chunk)
    done = _write_chunk_phases(frame, loss, (step, first, chunks), done)
    _write_share_phases(frame, optimizer, (step, chunks), done)
    builder.branch(following_block)

    builder.position_at_end(following_block)
    following = builder.add(step, INT64(1))
    stopping = builder.load(turns.control_word(code, control, turns.STOPPING), kind=INT64)
    goes_on = builder.and_(builder.icmp_signed("<", following, steps), builder.icmp_signed("==", stopping, INT64(0)))
    step.add_incoming(following, following_block)
    builder.cbranch(goes_on, step_block, leave)
    builder.position_at_end(leave)
    unit.end(code)


def _write_chunk_phases(
    frame: Frame, loss: Loss, numbers: tuple[ir.Value, ir.Value, ir.Value], done: ir.Value
) -> ir.Value:
    """Write the way of all chunks there and back.

    Args:
        frame: The batch.
        loss: The loss.
        numbers: Those of the step and of the batch's first sample, and how many chunks the batch has.
        done: Items that are done before.

    Returns:
        Items that are done then.
    """
    code, plan, (step, first, chunks) = frame.code, frame.plan, numbers
    builder, control = code.builder, frame.arguments["control"]
    claimed = builder.mul(step, INT64(len(plan.phases) * plan.chunks))
    share = builder.fdiv(FLOAT(1), builder.sitofp(frame.samples, FLOAT))
    clock = turns.clock_of(code, control, frame.arguments["thread"], frame.arguments["threads"])
    turns.emit_await(code, control, done)
    emit_prepare(frame, training=True)
    for phase in plan.phases:
        for number in phase.merged:
            merge_measures(frame, plan.tensors[number], chunks)
        for number in phase.totalled:
            merge_totals(frame, plan.tensors[number], chunks)
        with turns.claimed_chunks(code, control, claimed, chunks, clock) as chunk:
            if phase.merged:
                with builder.if_then(builder.icmp_signed("==", chunk, INT64(0))):
                    for number in phase.merged:
                        move_averages(frame, plan.tensors[number])
            own = _frame(frame.unit, code, frame.arguments, chunk, chunk, frame.samples)
            _write_steps(own, phase, loss, share, first, chunk)
        claimed, done = (builder.add(number, chunks) for number in (claimed, done))
        turns.emit_await(code, control, done)
    return done


def _share_phases(plan: Plan, optimizer: Optimizer) -> int:
    """How many phases of shares a step has."""
    return len(update_phases(optimizer)) + has_penalty(plan)


def _write_share_phases(frame: Frame, optimizer: Optimizer, numbers: tuple[ir.Value, ir.Value], done: ir.Value) -> None:
    """Write the end of a step: what it has to report, the updates, and perhaps the penalties.

    ``numbers`` are that of the step and how many chunks the batch has; ``done`` are the items before.
    """
    code, (step, chunks) = frame.code, numbers
    builder, arguments = code.builder, frame.arguments
    updates, phases = update_phases(optimizer), _share_phases(frame.plan, optimizer)
    for number in range(phases):
        phase = builder.add(builder.mul(step, INT64(phases)), INT64(number))
        threads = arguments["threads"]
        with turns.claimed_shares(code, arguments["control"], phase, arguments["thread"], threads) as share:
            is_first = builder.icmp_signed("==", share, INT64(0))
            if number == 0:
                with builder.if_then(is_first):
                    _report(code, arguments, step, chunks)
            if number < len(updates):
                updates[number](frame, optimizer, chunks, share)
            else:
                with builder.if_then(is_first):
                    _add_penalty(frame, code.times(step, 2))
        done = builder.add(done, threads)
        turns.emit_await(code, arguments["control"], done)


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
    control = turns.control_word(frame.code, frame.arguments["control"], turns.KEEPS_OUTPUTS)
    keeps_outputs = frame.code.builder.load(control, kind=INT64)
    with frame.code.builder.if_then(frame.code.builder.icmp_signed("!=", keeps_outputs, INT64(0))):
        _write_answers(frame, first)


def _write_predict(unit: Unit) -> None:
    plan = unit.plan
    code, arguments = unit.start("predict", PREDICT_ARGUMENTS)
    samples = arguments["samples"]
    chunks = _divided_up(code, samples, plan.target.lanes * plan.chunk)
    emit_prepare(_frame(unit, code, arguments, INT64(0), INT64(0), samples), training=False)
    with turns.claimed_chunks(code, arguments["control"], INT64(0), chunks) as chunk:
        # Each thread has a chunk of the batch memory to itself.
        frame = _frame(unit, code, arguments, chunk, arguments["thread"], samples)
        emit_forward(frame)
        _write_answers(frame, INT64(0))
    unit.end(code)


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


def _report(code: Code, arguments: dict[str, ir.Value], step: ir.Value, chunks: ir.Value) -> None:
    """Add up the chunks' losses and hits in order, and pass on that Python asked to stop."""
    with code.loop(chunks, [FLOAT(0), FLOAT(0)]) as loop:
        place = code.times(loop.index, 2)
        parts = [code.load_number(arguments["partial_results"], code.add(place, number)) for number in range(2)]
        loop.carry([code.builder.fadd(total, part) for total, part in zip(loop.values, parts, strict=True)])
    for number, total in enumerate(loop.values):
        code.store_number(total, arguments["results"], code.add(code.times(step, 2), number))
    control = arguments["control"]
    stop = code.builder.load_atomic(turns.control_word(code, control, turns.STOP), "monotonic", 8, kind=INT64)
    code.builder.store(stop, turns.control_word(code, control, turns.STOPPING))
    code.builder.store(code.builder.add(step, INT64(1)), turns.control_word(code, control, turns.STEPS))


def _add_penalty(frame: Frame, place: Index) -> None:
    """Add the penalties on weights to the step's loss; every sample's loss has them in it."""
    code, results = frame.code, frame.arguments["results"]
    penalty = code.builder.fmul(emit_total_penalty(frame), code.builder.sitofp(frame.samples, FLOAT))
    code.store_number(code.builder.fadd(code.load_number(results, place), penalty), results, place)


def _divided_up(code: Code, number: ir.Value, size: int) -> ir.Value:
    """How many runs of ``size`` cover a number."""
    return code.builder.sdiv(code.builder.add(number, INT64(size - 1)), INT64(size))
