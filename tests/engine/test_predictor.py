import multiprocessing
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from compare import close
from forward_networks import forward_weights
from other_process import ask, train

from scribal.engine import operations as op
from scribal.engine.graph import Graph, Node
from scribal.engine.predictor import Predictor
from scribal.engine.program import Program
from scribal.engine.reference import Network
from scribal.engine.target import AVX2, AVX512, SSE, host_target
from scribal.engine.training import Adam, Loss
from scribal.engine.window import Window
from scribal.exceptions import ArgumentError, DataError

# A process that is spawned is handed what is pickled.
METHODS = ["spawn"] if sys.platform == "win32" else ["fork", "spawn"]
EVERY_WIDTH = [AVX512, AVX2, SSE] if host_target() == AVX512 else [AVX2, SSE]


def chain(*operations):
    nodes = [Node("n0", operations[0])]
    nodes += [Node(f"n{i}", operation, (f"n{i - 1}",)) for i, operation in enumerate(operations[1:], start=1)]
    return Graph(tuple(nodes))


CONVOLUTION = chain(
    op.Input((8, 8, 1)),
    op.Conv2D(6, Window((3, 3))),
    op.Activation("relu"),
    op.MaxPool2D(Window((2, 2), (2, 2))),
    op.Dropout(0.5),
    op.Flatten(),
    op.Dense(5),
    op.Activation("softmax"),
)
# A shape that has no form with images in the lanes.
SUM = Graph(
    (
        Node("n0", op.Input((4, 4, 1))),
        Node("n1", op.Conv2D(3, Window((1, 1))), ("n0",)),
        Node("n2", op.Add(), ("n1", "n1")),
        Node("n3", op.AveragePooling2D(Window((2, 2), padding="same")), ("n2",)),
    )
)


@cache
def predictor_for(graph, target):
    return Predictor(graph, forward_weights(graph), target=target)


def samples(graph, count):
    return np.random.default_rng(0).normal(size=(count, *graph.input_shape)).astype(np.float32)


@pytest.mark.parametrize("target", EVERY_WIDTH)
@pytest.mark.parametrize("graph", [CONVOLUTION, SUM])
@pytest.mark.parametrize("count", [0, 1, 2, 4, 5, 8, 9, 15, 16, 17, 255, 256, 257, 600])
def test_any_number_of_samples_is_answered(graph, count, target):
    weights, inputs = forward_weights(graph), samples(graph, count)
    expected = Network(graph, weights).predict(inputs.astype(float)) if count else np.zeros((0, *graph.output_shape))
    close(predictor_for(graph, target).predict(inputs), expected)


@pytest.mark.parametrize("count", [1, 100])
def test_bytes_and_other_numbers_are_answered(count):
    predictor = Predictor(CONVOLUTION, forward_weights(CONVOLUTION))
    numbers = np.random.default_rng(0).integers(256, size=(count, 8, 8, 1))
    expected = predictor.predict(numbers.astype(np.float32))
    for kind in (np.uint8, np.int64, np.float64, ">f4"):
        assert np.array_equal(predictor.predict(numbers.astype(kind)), expected)
    assert np.array_equal(predictor.predict(numbers.astype(np.float32)[:, ::-1][:, ::-1]), expected)


@pytest.mark.parametrize("graph", [CONVOLUTION, SUM])
def test_answers_do_not_depend_on_the_number_of_threads(graph):
    weights, inputs = forward_weights(graph), samples(graph, 1000)
    answers = [Predictor(graph, weights, threads=threads).predict(inputs) for threads in (1, 2, 3)]
    assert np.array_equal(answers[0], answers[1])
    assert np.array_equal(answers[0], answers[2])


def test_many_threads_may_ask_at_once():
    weights = forward_weights(CONVOLUTION)
    questions = [samples(CONVOLUTION, count) + count for count in (1, 2, 3, 40, 300)] * 20
    alone = Predictor(CONVOLUTION, weights)
    expected = [alone.predict(question) for question in questions]
    together = Predictor(CONVOLUTION, weights, threads=2)
    with ThreadPoolExecutor(8) as executor:
        answers = list(executor.map(together.predict, questions))
    assert all(np.array_equal(answer, right) for answer, right in zip(answers, expected, strict=True))


def test_wrong_arrays_are_refused():
    weights = forward_weights(CONVOLUTION)
    predictor = Predictor(CONVOLUTION, weights)
    for wrong in (np.zeros((1, 8, 8)), np.full((1, 8, 8, 1), np.nan), np.zeros((8, 8, 1)), [["a"]]):
        with pytest.raises(DataError):
            predictor.predict(wrong)
    for changed in ({"n1/bias": np.zeros(5)}, {"n9/bias": np.zeros(5)}):
        with pytest.raises(ArgumentError, match=next(iter(changed))):
            Predictor(CONVOLUTION, weights | changed)
    with pytest.raises(ArgumentError, match="threads"):
        Predictor(CONVOLUTION, weights, threads=0)


def test_weights_are_copied():
    weights = forward_weights(CONVOLUTION)
    predictor, inputs = Predictor(CONVOLUTION, weights), samples(CONVOLUTION, 40)
    expected = [predictor.predict(inputs[:1]), Predictor(CONVOLUTION, weights).predict(inputs)]
    for array in weights.values():
        array[:] = 0
    assert np.array_equal(predictor.predict(inputs[:1]), expected[0])
    assert np.array_equal(predictor.predict(inputs), expected[1])


# JAX, where other tests have loaded it, warns of every fork; the child has nothing to do with it.
@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
@pytest.mark.parametrize("method", METHODS)
def test_another_process_answers_the_same(method):
    predictor = Predictor(CONVOLUTION, forward_weights(CONVOLUTION), threads=2)
    questions = [samples(CONVOLUTION, count) for count in (2, 600)]
    expected = [predictor.predict(inputs) for inputs in questions]
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    process = context.Process(target=ask, args=(predictor, questions, answers))
    process.start()
    given = answers.get(timeout=60)
    process.join()
    assert all(np.array_equal(answer, right) for answer, right in zip(given, expected, strict=True))


@pytest.mark.filterwarnings("ignore:os.fork:RuntimeWarning")
@pytest.mark.parametrize("method", METHODS)
def test_a_program_trains_on_in_another_process(method):
    inputs, targets = samples(CONVOLUTION, 100), np.eye(5, dtype=np.float32)[np.arange(100) % 5]
    program = Program(CONVOLUTION, forward_weights(CONVOLUTION), Loss("categorical_crossentropy"), Adam(), threads=2)
    program.train_epoch(inputs, targets)
    program.learning_rate = 0.01
    context = multiprocessing.get_context(method)
    answers = context.Queue()
    process = context.Process(target=train, args=(program, inputs, targets, answers))
    process.start()
    loss, outputs = answers.get(timeout=60)
    process.join()
    assert program.train_epoch(inputs, targets).loss == loss
    assert np.array_equal(program.predict(inputs), outputs)


def test_prediction_needs_neither_keras_nor_jax():
    program = (
        "import sys, scribal.engine.predictor as p, scribal.engine.operations as op, numpy as np\n"
        "from scribal.engine.graph import Graph, Node\n"
        "graph = Graph((Node('a', op.Input((2,))), Node('b', op.Dense(1), ('a',))))\n"
        "predictor = p.Predictor(graph, {'b/kernel': np.ones((2, 1)), 'b/bias': np.ones(1)})\n"
        "assert predictor.predict(np.ones((40, 2))).tolist() == [[3.0]] * 40\n"
        "assert predictor.predict(np.ones((1, 2))).tolist() == [[3.0]]\n"
        "assert not {'keras', 'jax', 'scipy', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
