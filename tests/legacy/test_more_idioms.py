"""What programs of 2015-2018 do beside Keras, and states and rates that they expect to find as they left them."""

import numpy as np
import pytest
from old_program import run_here

# ruff: noqa: ISC004  a pair of strings is one program

PROGRAMS = {
    "names of Python 2": (
        "for i in xrange(2): print(isinstance('', basestring))\nimport cPickle\nprint(cPickle.loads(b'I1\\n.'))",
        "True\nTrue\n1",
        (1, "xrange", "range"),
    ),
    "names of Python 2 that the program gives itself": (
        "try:\n    xrange\nexcept NameError:\n    xrange = range\nprint(list(xrange(2)))",
        "[0, 1]",
        None,
    ),
    "OpenCV 3's three values": (
        "import numpy as np, cv2\nx = np.pad(np.ones((3, 3), 'uint8'), 2)\n_, found, h = cv2.findContours(x, 0, 2)\n"
        "print(cv2.boundingRect(found[0]))",
        "(2, 2, 3, 3)",
        (3, "image, contours, hierarchy = findContours(...)", "found, h = findContours(...)"),
    ),
    "images of MNIST by their longest name": (
        "from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets\n"
        "print(read_data_sets('x').train.num_examples)",
        "55000",
        None,
    ),
    "slices of lists of arrays": (
        "from keras.engine.training import slice_X\nprint(slice_X([[1, 2, 3], [4, 5, 6]], 1), slice_X('abc', 0, 2))",
        "[[2, 3], [5, 6]] ab",
        (1, "keras.engine.training.slice_X", "x[start:stop]"),
    ),
}


@pytest.mark.parametrize(("source", "shown", "change"), PROGRAMS.values(), ids=PROGRAMS)
def test_what_stood_beside_keras_is_found(tmp_path, source, shown, change):
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.error is None, ran.err
    assert ran.out == shown + "\n"
    assert change is None or ran.changes[change[:2]] == change[2]


STATEFUL = """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential([LSTM(3, stateful=True, batch_input_shape=(1, 2, 1)), Dense(1)])
model.compile('sgd', 'mse')
x = np.ones((3, 2, 1))
first = model.predict(x[:1])
later = model.predict(x[:2], batch_size=1)
model.reset_states()
again = model.predict(x, batch_size=1)
print(np.allclose(again, [first[0], *later]), abs(later - first).min() > 1e-4)
model.reset_states()
model.fit(x, x[:, 0], batch_size=1, epochs=1, shuffle=False, verbose=0)
print(all(abs(np.asarray(state)).min() > 0 for state in model.layers[0].states), len(model.get_weights()))
"""


def test_states_last_from_batch_to_batch_and_from_call_to_call(tmp_path):
    ran = run_here(tmp_path, {"old.py": STATEFUL})
    assert ran.error is None, ran.err
    assert ran.out == "True True\nTrue 5\n"


RATES = """
import functools
import numpy as np
import keras.backend as K
from keras.callbacks import Callback
from keras.layers import Dense
from keras.metrics import top_k_categorical_accuracy
from keras.models import Sequential, load_model
from keras.optimizers import SGD
def precision(y, p):
    return K.sum(y * p)
top3 = functools.partial(top_k_categorical_accuracy, k=3)
top3.__name__ = 'top3'
class Halve(Callback):
    def on_epoch_end(self, epoch, logs=None):
        K.set_value(self.model.optimizer.lr, 0.5 * K.get_value(self.model.optimizer.lr))
model = Sequential([Dense(4, activation='softmax', input_dim=2)])
model.compile(SGD(lr=0.5, decay=1e-4), 'categorical_crossentropy', metrics=[precision, top3])
print(K.get_value(model.optimizer.lr), model.optimizer.lr * 2)
x, y = np.ones((4, 2)), np.eye(4)
model.fit(x, y, nb_epoch=2, verbose=0, callbacks=[Halve()])
print(float(model.optimizer.lr))
model.save('m.h5')
again = load_model('m.h5', custom_objects={'precision': precision, 'top3': top3})
print(np.allclose(again.evaluate(x, y, verbose=0), model.evaluate(x, y, verbose=0)))
model.compile(SGD(lr=0.5, decay=1e-4), 'categorical_crossentropy')
K.set_value(model.optimizer.lr, 0.25)
model.fit(x, y, nb_epoch=1, verbose=0)
print(float(model.optimizer.lr))
"""


def test_a_rate_with_decay_can_be_set_and_own_metrics_come_back_from_hdf5(tmp_path):
    ran = run_here(tmp_path, {"old.py": RATES})
    assert ran.error is None, ran.err
    assert ran.out == "0.5 1.0\n0.125\nTrue\n0.25\n"
    assert not ran.journal.refusals


CAPSULES = """
import numpy as np
import keras.backend as K
c, u, w = np.random.rand(2, 3, 4), np.random.rand(2, 3, 4, 5), np.random.rand(3, 4, 5, 6)
rows = K.map_fn(lambda x: K.batch_dot(x, K.variable(w), [2, 3]), elems=K.variable(np.random.rand(2, 3, 4, 6)))
print(rows.shape)
print(np.allclose(K.batch_dot(K.variable(c), K.variable(u), [2, 2]), np.einsum('bni,bnid->bnd', c, u), atol=1e-4))
d = K.variable(np.random.rand(2, 3, 5))
print(np.allclose(K.batch_dot(d, K.variable(u), [2, 3]), np.einsum('bnd,bnid->bni', K.get_value(d), u), atol=1e-4))
"""


def test_products_of_stacks_are_those_that_capsule_networks_were_written_with(tmp_path):
    ran = run_here(tmp_path, {"old.py": CAPSULES})
    assert ran.error is None, ran.err
    assert ran.out == "(2, 3, 4, 5)\nTrue\nTrue\n"


def test_a_number_of_samples_beside_a_generator_is_told_from_one_of_batches():
    from scribal.legacy.models.batch_sources import counts_samples

    class Images:
        num_batches, n = 16, 121

    assert [counts_samples(Images(), number) for number in (16, 112, 130)] == [False, True, False]
    assert not counts_samples(iter([np.ones(3)]), 112)


COMPANIONS = """
from keras.layers import Convolution2D, Embedding, Input
from keras.models import Model, Sequential
a = Input(shape=(5,), dtype='int32')
b = Input(shape=(8, 8, 1))
shared = Convolution2D(4, 3, 3, border_mode='full')
twice = Model([a, b], [Embedding(9, 2, dropout=0.5)(a), shared(shared(b)[:, :, :, :1])])
again = twice([Input((5,)), Input((8, 8, 1))])
print([type(layer).__name__ for layer in twice.layers].count('ZeroPadding2D'), *twice.output_shape, again[1].shape)
model = Sequential([Convolution2D(4, 3, 3, border_mode='full', input_shape=(8, 8, 1)), Convolution2D(2, 1, 1)])
print([type(layer).__name__ for layer in model.layers], model.output_shape)
"""


def test_arguments_that_are_layers_today_come_with_their_layer(tmp_path):
    ran = run_here(tmp_path, {"old.py": COMPANIONS})
    assert ran.error is None, ran.err
    assert ran.out == (
        "1 (None, 5, 2) (None, 12, 12, 4) (None, 12, 12, 4)\n['ZeroPadding2D', 'Conv2D', 'Conv2D'] (None, 10, 10, 2)\n"
    )
    assert ran.changes[7, "Embedding(dropout=0.5)"] == "Dropout(0.5, noise_shape=(None, None, 1)) behind the layer"


NAMED = """
import keras.backend as K
from keras.layers import Convolution2D, Dense, Flatten
from keras.models import Sequential, model_from_json
K.clear_session()
old = Sequential([Convolution2D(1, 2, 2, input_shape=(3, 3, 1)), Flatten(), Dense(2), Dense(3)])
old.add(Dense(4, name='dense_5'))
names = 'convolution2d_1', 'dense_1', 'dense_2', 'dense_5'
print([old.get_layer(name).name for name in names], old.get_layer(index=0).name)
stored = Sequential([Dense(2, name='dense_3', input_dim=2), Dense(2, name='dense_2')])
again = model_from_json(stored.to_json())
print([again.get_layer(name).name for name in ('dense_3', 'dense_2')])
"""


def test_layers_are_found_by_the_names_that_keras_gave_them(tmp_path):
    ran = run_here(tmp_path, {"old.py": NAMED})
    assert ran.error is None, ran.err
    assert ran.out == "['conv2d', 'dense', 'dense_1', 'dense_5'] conv2d\n['dense_3', 'dense_2']\n"
    assert ran.changes[9, "get_layer('dense_1')"] == "get_layer('dense')"


def test_a_program_of_today_has_layers_by_the_names_of_today(tmp_path):
    source = """
import keras
from keras.layers import Dense
keras.utils.clear_session()
net = keras.Sequential([keras.Input((2,)), Dense(2), Dense(3)])
print(net.get_layer('dense_1').units, net.get_layer('dense').units)
"""
    ran = run_here(tmp_path, {"new.py": source})
    assert ran.out == "3 2\n"


ONE_NAMED_OUTPUT = """
import numpy as np
from keras.layers import Dense, Input
from keras.models import Model
x = Input((2,))
net = Model(x, Dense(1, name='out')(x))
net.compile(loss={'out': 'mse'}, metrics={'out': 'mae'}, optimizer='sgd')
a, b = np.ones((8, 2)), np.zeros(8)
def batches():
    while True:
        yield a, {'out': b}
first = net.fit(a, {'out': b}, nb_epoch=1, verbose=0, validation_data=(a, {'out': b})).history
second = net.fit_generator(batches(), steps_per_epoch=2, epochs=1, verbose=0).history
print(sorted(first), second['loss'][0] < first['loss'][0])
"""


def test_the_only_output_may_be_named_where_its_targets_are_given(tmp_path):
    ran = run_here(tmp_path, {"old.py": ONE_NAMED_OUTPUT})
    assert ran.error is None, ran.err
    assert ran.out == "['loss', 'mae', 'val_loss', 'val_mae'] True\n"


def test_an_import_that_only_keras_needs_for_drawings_is_no_reason_to_stop(tmp_path):
    ran = run_here(tmp_path, {"old.py": "import pydot\nprint(pydot.__name__)\npydot.Dot()"})
    assert ran.out == "pydot\n"
    assert isinstance(ran.error, ModuleNotFoundError)
    assert ran.changes[1, "pydot"] == ""


TWO_ANSWERS = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
class Both(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.second = keras.layers.Dense(1), keras.layers.Dense(1)
    def call(self, inputs):
        a, b = inputs
        return self.first(a), self.second(b)
model = Both()
model.compile(loss=["mse", "mse"], optimizer="sgd")
x, y = np.ones((8, 2)), np.zeros(8)
print(len(model.fit((x, x), (y, y), epochs=1, validation_split=0.5, verbose=0).history["val_loss"]))
print(keras.layers.MaxPool2D(2, padding="SAME").padding)
"""


def test_a_class_of_models_with_several_answers_is_given_targets_for_each(tmp_path):
    ran = run_here(tmp_path, {"old.py": TWO_ANSWERS})
    assert ran.error is None, ran.err
    assert ran.out == "1\nsame\n"


OWN_SHAPE = """
import tensorflow as tf
from tensorflow import keras
class Wider(keras.layers.Layer):
    def call(self, x):
        return tf.concat([x, x], axis=-1)
    def compute_output_shape(self, shape):
        return tf.TensorShape(shape.as_list()[:-1] + [2 * shape[-1]])
print(keras.models.Sequential([Wider(input_shape=[3])]).output_shape)
"""


def test_a_layer_of_ones_own_may_take_its_shape_for_a_list(tmp_path):
    ran = run_here(tmp_path, {"old.py": OWN_SHAPE})
    assert ran.error is None, ran.err
    assert ran.out == "(None, 6)\n"
    assert ran.changes[8, "shape.as_list()"] == "list(shape)"


def test_a_weight_of_a_metric_may_begin_with_its_name(tmp_path):
    source = """
from tensorflow import keras
class Count(keras.metrics.Metric):
    def __init__(self):
        super().__init__()
        self.seen = self.add_weight("seen", initializer="zeros")
print(Count().seen.shape, Count().seen.name)
"""
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.error is None, ran.err
    assert ran.out == "() seen\n"
