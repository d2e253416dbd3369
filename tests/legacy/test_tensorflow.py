"""``import tensorflow as tf`` without TensorFlow."""

# ruff: noqa: ARG005 (not every function of a table needs both arguments)

import importlib

import numpy as np
import pytest

from scribal.legacy.importing import installed_modules


@pytest.fixture
def tf(journal):
    with installed_modules():
        yield importlib.import_module("tensorflow")


X = np.arange(6, dtype="float32").reshape(2, 3)


def test_keras_is_one(tf):
    import keras
    import tensorflow.keras.layers

    assert tf.keras is keras
    assert tensorflow.keras.layers.Dense is keras.layers.Dense
    assert tf.compat.v1.keras is keras
    assert tf.optimizers.Adam is keras.optimizers.Adam
    assert tf.__version__.startswith("2.")


@pytest.mark.parametrize(
    ("compute", "expected"),
    [
        (lambda tf, x: tf.cast(x, tf.int32), X.astype(int)),
        (lambda tf, x: tf.reshape(x, [3, -1]), X.reshape(3, 2)),
        (lambda tf, x: tf.one_hot([0, 2], 3), np.eye(3)[[0, 2]]),
        (lambda tf, x: tf.one_hot([1], depth=2, on_value=5, off_value=1), [[1, 5]]),
        (lambda tf, x: tf.argmax(x), X.argmax(0)),
        (lambda tf, x: tf.argmax(x, axis=1), X.argmax(1)),
        (lambda tf, x: tf.math.argmax(x, 1), X.argmax(1)),
        (lambda tf, x: tf.expand_dims(x, 0), X[None]),
        (lambda tf, x: x[..., tf.newaxis], X[..., None]),
        (lambda tf, x: tf.reduce_mean(x), 2.5),
        (lambda tf, x: tf.reduce_sum(input_tensor=x, axis=[0, 1]), 15),
        (lambda tf, x: tf.reduce_max(x, 1, keep_dims=True), [[2], [5]]),
        (lambda tf, x: tf.math.reduce_sum(x, axis=1), X.sum(1)),
        (lambda tf, x: tf.concat([x, x], axis=1), np.concatenate([X, X], 1)),
        (lambda tf, x: tf.transpose(x, perm=[1, 0]), X.T),
        (lambda tf, x: tf.matmul(x, tf.transpose(x)), X @ X.T),
        (lambda tf, x: tf.nn.relu(x - 3), (X - 3).clip(0)),
        (lambda tf, x: tf.nn.softmax(tf.constant([[1, 1]], dtype=tf.float32)), [[0.5, 0.5]]),
        (lambda tf, x: tf.math.log(tf.exp(x)), X),
        (lambda tf, x: tf.clip_by_value(x, 1, 2), X.clip(1, 2)),
        (lambda tf, x: tf.cast(tf.equal(x, x), tf.float32), np.ones((2, 3))),
        (lambda tf, x: tf.zeros((2, 2)) + tf.ones([2, 2]), np.ones((2, 2))),
        (lambda tf, x: tf.range(1, 4), [1, 2, 3]),
        (lambda tf, x: tf.math.confusion_matrix([0, 1, 1], [0, 1, 0]), [[1, 0], [1, 1]]),
        (lambda tf, x: tf.Variable([1.0, 2.0]), [1, 2]),
        (lambda tf, x: tf.function(lambda a: a + 1)(x), X + 1),
    ],
)
def test_eager_functions_give_what_they_gave(tf, compute, expected):
    result = compute(tf, tf.constant(X))
    np.testing.assert_allclose(result.numpy(), expected, rtol=1e-6)


def test_types_of_constants_are_those_of_tensorflow(tf):
    assert tf.constant([1, 2]).dtype == tf.int32
    assert tf.constant(1.5).dtype == tf.float32
    assert np.zeros(1, tf.float32.as_numpy_dtype).dtype == tf.float32.name


def test_a_model_answers_with_tensors(tf):
    model = tf.keras.Sequential([tf.keras.Input((3,)), tf.keras.layers.Dense(2, activation=tf.nn.relu)])
    answer = model(X)
    assert tf.is_tensor(answer)
    assert isinstance(answer, tf.Tensor)
    assert answer.numpy().shape == (2, 2)
    assert model.layers[0].get_config()["activation"] == "relu"


def test_one_seed_makes_the_same_numbers(tf):
    def drawn(seed):
        seed(7)
        return tf.random.normal((3,)).numpy()

    for seed in (tf.random.set_seed, tf.set_random_seed, tf.compat.v1.set_random_seed):
        np.testing.assert_array_equal(drawn(seed), drawn(seed))


def test_there_is_one_device(tf):
    from tensorflow.python.client import device_lib

    assert tf.config.list_physical_devices("GPU") == []
    assert tf.config.experimental.list_physical_devices("GPU") == []
    assert len(tf.config.list_physical_devices()) == 1
    assert not tf.test.is_gpu_available()
    assert [device.device_type for device in device_lib.list_local_devices()] == ["CPU"]
    with tf.device("/gpu:0"):
        assert tf.constant(1).numpy() == 1


def test_messages_can_be_switched_off(tf):
    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    tf.get_logger().setLevel("ERROR")
    assert tf.get_logger().level == tf.logging.ERROR


@pytest.mark.parametrize(
    "use",
    [
        lambda tf: tf.placeholder(tf.float32, [None, 784]),
        lambda tf: tf.compat.v1.placeholder(tf.float32),
        lambda tf: tf.layers.dense(X, 3),
        lambda tf: tf.train.Saver(),
        lambda tf: tf.Session().run(tf.constant(1)),
        lambda tf: tf.gradients(X, X),
        lambda tf: tf.contrib.layers.fully_connected(X, 3),
    ],
)
def test_graphs_are_refused_by_name_with_the_modern_form(tf, journal, use):
    with pytest.raises(AttributeError, match=r"tensorflow\.|Session"):
        use(tf)
    (refusal,) = journal.refusals
    assert refusal.place.file == __file__
    assert refusal.modern


def test_the_first_values_of_weights_are_there(tf):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())


@pytest.mark.parametrize(
    ("options", "images", "labels"),
    [
        ({}, (784,), ()),
        ({"one_hot": True}, (784,), (10,)),
        ({"reshape": False, "one_hot": True}, (28, 28, 1), (10,)),
    ],
)
def test_the_tutorials_mnist_has_its_three_parts(tf, tmp_path, options, images, labels):
    from tensorflow.examples.tutorials.mnist import input_data

    mnist = input_data.read_data_sets(str(tmp_path / "MNIST_data"), **options)
    assert [part.num_examples for part in mnist] == [55_000, 5_000, 10_000]
    assert mnist.train.images.shape == (55_000, *images)
    assert mnist.test.labels.shape == (10_000, *labels)
    assert mnist.train.images.dtype == np.float32
    assert (mnist.validation.images.min(), mnist.validation.images.max()) == (0, 1)
    assert not list(tmp_path.iterdir())


def test_the_tutorials_batches_go_through_all_images(tf):
    from tensorflow.examples.tutorials.mnist.input_data import read_data_sets

    validation = read_data_sets("MNIST_data/", one_hot=True).validation
    x, y = validation.next_batch(3_000)
    assert (x.shape, y.shape) == ((3_000, 784), (3_000, 10))
    more, _ = validation.next_batch(3_000)
    seen = np.concatenate([x, more[:2_000]]).sum(axis=1)
    np.testing.assert_allclose(np.sort(seen), np.sort(validation.images.sum(axis=1)), rtol=1e-5)
    assert validation.epochs_completed == 1


def digits(tf, count=320):
    (x, y), _ = tf.keras.datasets.mnist.load_data()
    return x[:count], y[:count]


def test_a_dataset_gives_batches_of_changed_samples(tf):
    x, y = digits(tf, 100)
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    dataset = dataset.map(lambda image, label: (tf.cast(image, tf.float32) / 255.0, label)).batch(32)
    dataset = dataset.cache().prefetch(tf.data.AUTOTUNE)
    batches = list(dataset)
    assert [len(labels) for _, labels in batches] == [32, 32, 32, 4]
    np.testing.assert_allclose(np.concatenate([images for images, _ in batches]), x / 255, rtol=1e-6)
    assert len(dataset) == 4
    images, labels = next(iter(dataset.take(1)))
    assert images.numpy().dtype == np.float32
    assert labels.numpy().tolist() == y[:32].tolist()


def test_a_dataset_is_shuffled_anew_and_whole(tf):
    dataset = tf.data.Dataset.from_tensor_slices(np.arange(50)).shuffle(10).batch(10, drop_remainder=True)
    first, second = (np.concatenate(list(dataset)) for _ in range(2))
    assert first.tolist() != second.tolist()
    assert sorted(first) == sorted(second) == list(range(50))


def test_a_function_of_samples_that_is_pythons_own_is_called_for_each(tf):
    dataset = tf.data.Dataset.from_tensor_slices([1, 2, 3]).map(lambda n: n * 2 if int(n) > 1 else n)
    assert [n.numpy() for n in dataset] == [1, 4, 6]


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda dataset: dataset, {}),
        (lambda dataset: dataset.map(lambda image, label: (image * 2.0, label)), {}),
        (lambda dataset: dataset.repeat(), {"steps_per_epoch": 10}),
    ],
)
@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed")
def test_fit_evaluate_and_predict_take_a_dataset(tf, change, options):
    x, y = digits(tf)
    tf.random.set_seed(0)
    model = tf.keras.Sequential(
        [
            tf.keras.Input((28, 28)),
            tf.keras.layers.Rescaling(1 / 255),
            tf.keras.layers.Flatten(),
            tf.keras.layers.Dense(10),
        ]
    )
    model.compile("adam", tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    whole = tf.data.Dataset.from_tensor_slices((x.astype("float32"), y)).batch(32)
    history = model.fit(change(whole), epochs=4, validation_data=whole, verbose=0, **options).history
    assert history["val_accuracy"][-1] > 0.6
    assert model.evaluate(whole, verbose=0)[1] == pytest.approx(history["val_accuracy"][-1])
    assert model.predict(whole, verbose=0).shape == (320, 10)


def test_arrays_of_different_lengths_are_refused(tf):
    with pytest.raises(ValueError, match=r"same length.*\[2, 3\]"):
        tf.data.Dataset.from_tensor_slices((np.zeros(2), np.zeros(3)))


def test_a_plain_dataset_is_its_arrays(tf):
    x, y = digits(tf)
    plain = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(100).batch(16)
    arguments = plain.as_arguments()
    assert (arguments["batch_size"], arguments["shuffle"]) == (16, True)
    np.testing.assert_array_equal(arguments["x"], x)
    assert plain.repeat(2).as_arguments() is None
    assert plain.take(3).as_arguments() is None
