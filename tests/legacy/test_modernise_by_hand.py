"""Training by hand, rewritten: what comes out runs on plain Keras and trains."""

import numpy as np
import pytest

from scribal.legacy.modernise import modernise_source

BEGINNING = """
import numpy as np
import tensorflow as tf
tf.keras.utils.set_random_seed(1)
x = np.linspace(-1, 1, 60).reshape(20, 3).astype("float32")
y = np.arange(20) % 2
"""
LOOP = """
AUTOTUNE = tf.data.experimental.AUTOTUNE
batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(20).batch(8).prefetch(AUTOTUNE)
model = tf.keras.Sequential([tf.keras.layers.Dense(8, activation="relu"), tf.keras.layers.Dense(2)])
loss_object = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.SGD(0.5)
mean = tf.keras.metrics.Mean()

@tf.function
def train_step(images, labels):
    with tf.GradientTape() as tape:
        # one way forward
        loss = loss_object(labels, model(images, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    mean(loss)

losses = []
for epoch in range(3):
    mean.reset_states()
    for images, labels in batches:
        train_step(images, labels)
    losses.append(float(mean.result()))
"""
OWN_STEP = """
class Own(tf.keras.Model):
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compiled_loss(y, self(x, training=True), regularization_losses=self.losses)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {metric.name: metric.result() for metric in self.metrics}

inputs = tf.keras.Input((3,))
model = Own(inputs, tf.keras.layers.Dense(2, activation="softmax")(inputs))
model.compile("sgd", "sparse_categorical_crossentropy")
losses = model.fit(x, y, epochs=3, verbose=0).history["loss"]
"""
STEP_WITHOUT_A_CALL = """
class Parts(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.part = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(1)])
    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self.part(data)))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights))
        return {"loss": loss}

model = Parts()
model.compile("sgd")
losses = model.fit(x, epochs=3, verbose=0).history["loss"]
"""
TWO_TAPES = """
a, b = tf.Variable(2.0), tf.Variable(5.0)
losses = []
for _ in range(3):
    with tf.GradientTape() as one, tf.GradientTape() as other:
        near = (a - b) ** 2
        far = a * a + near
    for_a = one.gradient(far, a)
    for_b = other.gradient(near, [b])
    a.assign_sub(0.1 * for_a)
    b.assign_sub(0.1 * for_b[0])
    losses.append(float(far))
"""
DATASETS = """
Dataset = tf.data.Dataset
squares = Dataset.from_tensor_slices(x).map(lambda row: row * row).batch(4)
losses = [float(tf.reduce_sum(batch)) for batch in squares.take(2)]
"""


def executed(source):
    modern = modernise_source(BEGINNING + source)
    assert not modern.remarks
    assert "tf." not in modern.source
    assert modernise_source(modern.source).source == modern.source
    names = {"__name__": "__main__"}
    exec(compile(modern.source, "modern.py", "exec"), names)  # noqa: S102 (what is tested)
    return modern.source, names


@pytest.mark.parametrize(
    "source", [LOOP, OWN_STEP, STEP_WITHOUT_A_CALL, TWO_TAPES], ids=["loop", "step", "parts", "tapes"]
)
def test_a_rewritten_loop_trains(source):
    _, names = executed(source)
    assert names["losses"][-1] < names["losses"][0]


def test_a_rewritten_loop_keeps_its_comments():
    assert "    def forward():\n        # one way forward\n" in modernise_source(BEGINNING + LOOP).source


def test_gradients_are_those_of_the_tape():
    _, names = executed(
        "w = tf.Variable(3.0)\nwith tf.GradientTape() as t:\n    y = w ** 2\nslope = t.gradient(y, w)\n"
    )
    assert (float(names["y"]), float(names["slope"])) == (9, 6)


def test_values_on_the_way_and_gradients_of_what_is_made_there():
    _, names = executed(
        "w = tf.Variable([1.0, 3.0])\n"
        "with tf.GradientTape() as tape:\n"
        "    between = 2 * w\n"
        "    place = int(between.numpy().argmax())\n"
        "    y = between[place] ** 2\n"
        "slope = tape.gradient(y, between)\n"
    )
    assert np.asarray(names["slope"]).tolist() == [0, 12]


def test_a_dataset_that_goes_to_no_model_is_a_class_of_the_programs_own():
    _, names = executed(DATASETS)
    squares = names["x"] ** 2
    np.testing.assert_allclose(names["losses"], [squares[:4].sum(), squares[4:8].sum()], rtol=1e-5)


@pytest.mark.parametrize(
    "body",
    [
        "        a = model(x)\n        b = model(a)\n        y = a * b\n    slope = tape.gradient(y, [a, b])",
        "        y = model(x)\n        return y\n    slope = tape.gradient(y, x)",
    ],
)
def test_what_cannot_become_a_function_is_named(body):
    source = (
        f"import tensorflow as tf\ndef f(model, x):\n    with tf.GradientTape() as tape:\n{body}\n    return slope\n"
    )
    remarks = modernise_source(source).remarks
    assert any("jax.grad" in remark.modern for remark in remarks)
