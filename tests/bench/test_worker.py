"""Workers do what they are told, in a process of their own; shown with scribal's, on forty images."""

from pathlib import Path

import numpy as np
import pytest

from bench.contestants import SCRIBAL
from bench.prepare import prepare_case
from bench.process import Process, WorkerError, all_started
from bench.workers.case import read_case
from bench.workers.scribal import ScribalWorker


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(prepare_case("tiny-cnn", samples=40, cache=tmp_path_factory.mktemp("cache")))


def test_a_worker_trains_and_predicts(folder):
    with Process(SCRIBAL) as process:
        process.ask("load", folder=folder, training=True)
        process.ask("warm up")
        before = process.ask("score")["accuracy"]
        assert process.time("train", epochs=30) > 0
        assert process.ask("score")["accuracy"] > before
        process.ask("load", folder=folder, training=False)
        assert sum(process.ask("answer")["outputs"]) == pytest.approx(1)
        assert process.ask("predict", images=20, batch=20)["seconds"] > 0
        assert np.shape(process.ask("latency", images=3)["microseconds"]) == (3,)
        about = process.ask("about")
        assert about["versions"]["keras"]
        assert about["peak_bytes"] > 50e6
        assert about["process_seconds"] > 0


def test_a_warmed_up_worker_begins_with_the_first_weights(folder):
    worker = ScribalWorker(threads=1)
    worker.case = read_case(Path(folder))
    answers = []
    for is_warm in (False, True):
        worker.load(worker.case, training=True)
        program = worker._trainer.program
        if is_warm:
            worker.warm_up()
        assert worker._trainer.program is program
        assert program.steps == 0
        assert not any(slot.any() for group in program.slots().values() for slot in group.values())
        answers.append(program.weights)
    for name, weight in answers[0].items():
        np.testing.assert_array_equal(answers[1][name], weight)


def test_what_a_worker_cannot_do_is_told_with_its_reason(folder):
    missing = f"{folder}-missing"
    with all_started([SCRIBAL], [{"do": "load", "folder": missing, "training": True}]) as (ready, refused):
        assert ready == []
        assert missing in refused["scribal"]


def test_a_worker_that_dies_is_no_reason_to_wait(folder):
    with Process(SCRIBAL, {"PYTHONHOME": folder}) as process, pytest.raises(WorkerError, match="ended"):
        process.ask("load", folder=folder, training=True)
