"""Old scripts, modernised, on plain Keras: one process without scribal, without TensorFlow, and warnings are errors."""

import json
import os
import subprocess
import sys

import pytest

from scribal.legacy.modernise import modernise_source

START = """
import numpy as np
x = np.random.default_rng(0).random((64, 8, 8, 1)).astype('float32')
y = (x.mean(axis=(1, 2, 3)) > 0.5).astype(int)
"""
SCRIPTS = {
    "keras1": """
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.optimizers import SGD
from keras.utils import np_utils
from keras import backend as K
K.set_image_dim_ordering('tf')
Y = np_utils.to_categorical(y, 2)
model = Sequential()
model.add(Convolution2D(4, 3, 3, border_mode='same', input_shape=(8, 8, 1), init='he_normal'))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2), border_mode='valid'))
model.add(Dropout(p=0.25))
model.add(Flatten())
model.add(Dense(output_dim=2))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer=SGD(lr=0.1, decay=1e-4), metrics=['acc'])
history = model.fit(x, Y, nb_epoch=2, validation_data=[x, Y], verbose=0)
last = history.history['val_acc'][-1]
classes = model.predict_classes(x, verbose=0)
assert classes.shape == (64,)
assert model.predict_proba(x, verbose=0).shape == (64, 2)
model.save_weights('net.h5')
model.load_weights('net.h5')
model.optimizer.lr
print(last, int(model.predict_classes(x[:1], verbose=0)))
""",
    "keras2": """
import keras
from keras.layers import Dense, Flatten
from keras.preprocessing.image import ImageDataGenerator
from keras.callbacks import EarlyStopping, ModelCheckpoint
generator = ImageDataGenerator(width_shift_range=1)
model = keras.models.Sequential([Flatten(input_shape=(8, 8, 1)),
                                 Dense(1, kernel_initializer='normal', activation='sigmoid')])
model.compile('rmsprop', 'binary_crossentropy', ['accuracy'])
watch = [EarlyStopping(monitor='val_acc'), ModelCheckpoint('best.hdf5', 'val_acc', save_best_only=True, period=1)]
h = model.fit_generator(generator.flow(x, y, batch_size=16), steps_per_epoch=4, epochs=2, verbose=0,
                        validation_data=(x, y), callbacks=watch, workers=1)
classes = model.predict_classes(x, verbose=0)
assert classes.shape == (64, 1)
for answer in model.predict(x[:2], verbose=0):
    float(answer)
print(h.history['acc'][-1], model.layers[0].output_shape)
""",
    "estimators": """
import keras
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier, KerasRegressor
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from keras.utils import np_utils
flat, names = x.reshape(64, 64), np.array(['dark', 'light'])[y]
def build(units, loss, outputs=1, activation=None):
    model = keras.models.Sequential()
    model.add(Dense(units, input_dim=64, init='normal', activation='relu'))
    model.add(Dense(outputs, activation=activation))
    model.compile('adam', loss)
    return model
line = KerasRegressor(build_fn=build, units=3, loss='mse', nb_epoch=2, batch_size=16, verbose=0)
assert cross_val_score(line, flat, y, cv=2).shape == (2,)
pipeline = make_pipeline(StandardScaler(), line)
pipeline.fit(flat, y)
assert pipeline.predict(flat).shape == (64,)
two = dict(build_fn=build, outputs=2, activation='softmax', loss='categorical_crossentropy', verbose=0)
sigmoid = dict(build_fn=build, activation='sigmoid', loss='binary_crossentropy', verbose=0)
for settings in two, sigmoid:
    grid = GridSearchCV(KerasClassifier(**settings), {'nb_epoch': [2, 3], 'units': [4]}, cv=2).fit(flat, names)
    best = grid.best_estimator_
    assert set(best.predict(flat)) <= {'dark', 'light'}
    assert best.predict_proba(flat).shape == (64, 2)
    assert len(best.model.history.epoch) == grid.best_params_['nb_epoch']
print(cross_val_score(KerasClassifier(**two, units=4, nb_epoch=1), flat, np_utils.to_categorical(y), cv=2).max())
""",
    "tf1": """
import tensorflow as tf
tf.logging.set_verbosity(tf.logging.ERROR)
tf.set_random_seed(1)
model = tf.keras.Sequential()
model.add(tf.keras.layers.Flatten(input_shape=(8, 8, 1)))
model.add(tf.keras.layers.Dense(2, activation=tf.nn.softmax))
model.compile(optimizer=tf.train.AdamOptimizer(), loss='sparse_categorical_crossentropy', metrics=['acc'])
def total(a, b):
    return tf.keras.backend.mean(tf.square(tf.cast(a, tf.float32) - b))
model.fit(x, y, epochs=1, verbose=0)
model.save('whole')
model = tf.keras.models.load_model('whole')
print(float(total(y, y)), tf.argmax(x.reshape(64, 64), 1).shape)
""",
}
RUNNER = """
import json, runpy, sys, warnings
import keras
warnings.filterwarnings("error", category=UserWarning, module="keras.*")
for script in json.loads(sys.argv[1]):
    runpy.run_path(script, run_name="__main__")
assert not {"scribal", "tensorflow"} & set(sys.modules)
"""


@pytest.fixture(scope="session")
def printed(tmp_path_factory):
    """What the modernised scripts print, one after the other."""
    folder = tmp_path_factory.mktemp("modernised")
    for name, source in SCRIPTS.items():
        modern = modernise_source(START + source)
        assert modern.remarks == (), name
        (folder / f"{name}.py").write_text(modern.source, encoding="utf-8")
    names = json.dumps([f"{name}.py" for name in SCRIPTS])
    environment = {**os.environ, "KERAS_BACKEND": "jax", "PYTHONPATH": ""}
    command = [sys.executable, "-c", RUNNER, names]
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_modernised_scripts_run_on_plain_keras(printed):
    assert len(printed) == len(SCRIPTS)


def test_they_train_and_answer(printed):
    accuracy, digit = printed[0].split()
    assert 0 <= float(accuracy) <= 1
    assert digit in {"0", "1"}
    assert printed[1].endswith("(None, 64)")
    assert 0 <= float(printed[2]) <= 1
    assert printed[3].startswith("0.0 (64,)")
