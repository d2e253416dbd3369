"""Attributions against Keras on JAX, against what is known of simple networks, and against chance."""

import jax
import keras
import numpy as np
import pytest
from keras import layers

from scribal.explaining.attributions import (
    deletion_curve,
    deletion_order,
    grad_cam,
    input_gradient,
    integrated_gradients,
    last_image,
    occlusion,
)
from scribal.explaining.image_network import ImageNetwork, on_one_core
from scribal.models import LoadedModel

METHODS = ["Grad-CAM", "Input gradient", "Integrated gradients", "Occlusion"]
SEED = keras.initializers.GlorotUniform(1)


def seen(model):
    return ImageNetwork(LoadedModel.of(model))


def small(*more, shape=(12, 12, 1)):
    options = {"kernel_initializer": SEED, "bias_initializer": keras.initializers.RandomNormal(seed=2)}
    return keras.Sequential(
        [
            keras.Input(shape),
            layers.Conv2D(5, 3, activation="relu", **options),
            layers.Conv2D(4, 3, strides=2, activation="relu", **options, name="last"),
            layers.Flatten(),
            layers.Dense(3, **options, name="scores"),
            *more,
        ]
    )


def picture(shape=(12, 12, 1)):
    return np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)


def scores_of(model):
    return keras.Model(model.inputs[0], model.get_layer("scores").output)


def maps_of(network, pixels, number):
    trace = network.trace(pixels[None])
    gradients = trace.backward(network.score_gradient(number))
    score = float(network.scores(pixels[None])[0, number])
    return [
        grad_cam(trace, gradients, last_image(network.graph), pixels.shape[:2]),
        input_gradient(network, pixels, number),
        integrated_gradients(network, pixels, number, steps=8),
        occlusion(network, pixels, number, score),
    ]


@pytest.mark.parametrize("last", [[], [layers.Softmax()]], ids=["scores", "softmax"])
@pytest.mark.parametrize("shape", [(12, 12, 1), (12, 12, 3)], ids=["grey", "colour"])
def test_the_gradient_is_that_of_the_score_before_the_softmax(shape, last):
    model, pixels = small(*last, shape=shape), picture(shape)
    found = input_gradient(seen(model), pixels, 2).values
    expected = jax.grad(lambda x: scores_of(model)(x)[0, 2])(pixels[None] / np.float32(255))
    np.testing.assert_allclose(found, np.asarray(expected)[0].sum(axis=-1), rtol=1e-4, atol=1e-6)


def test_integrated_gradients_are_the_mean_gradient_on_the_way_and_add_up():
    model, pixels = small(), picture()
    found = integrated_gradients(seen(model), pixels, 1, steps=64).values
    inputs = pixels[None] / np.float32(255)
    way = np.concatenate([inputs * (step + 0.5) / 64 for step in range(64)])
    gradient = jax.grad(lambda x: scores_of(model)(x)[:, 1].sum())(way)
    np.testing.assert_allclose(found, (np.mean(gradient, axis=0) * inputs[0])[..., 0], rtol=1e-3, atol=1e-5)
    difference = scores_of(model)(np.concatenate([inputs, 0 * inputs])).__array__()[:, 1]
    assert found.sum() == pytest.approx(difference[0] - difference[1], rel=0.02)


def test_grad_cam_weights_the_last_maps_by_their_mean_gradient():
    model, pixels = small(), picture()
    network = seen(model)
    inputs = pixels[None] / np.float32(255)
    maps = keras.Model(model.inputs[0], model.get_layer("last").output)(inputs)
    behind = keras.Model(model.get_layer("last").output, scores_of(model).outputs[0])
    weights = np.mean(jax.grad(lambda x: behind(x)[0, 0])(maps), axis=(0, 1, 2))
    places = np.maximum(np.asarray(maps)[0] @ weights, 0)
    trace = network.trace(pixels[None])
    gradients = trace.backward(network.score_gradient(0))
    same_size = grad_cam(trace, gradients, last_image(network.graph), places.shape).values
    np.testing.assert_allclose(same_size, places, rtol=1e-4, atol=1e-6)
    enlarged = grad_cam(trace, gradients, last_image(network.graph), (12, 12)).values
    assert enlarged.shape == (12, 12)
    assert enlarged.max() <= places.max() + 1e-6


def test_of_a_linear_network_all_is_known():
    model = keras.Sequential([keras.Input((6, 6)), layers.Flatten(), layers.Dense(2, kernel_initializer=SEED)])
    pixels = picture((6, 6, 1))
    network = seen(model)
    weights = model.layers[-1].kernel.numpy()[:, 1].reshape(6, 6)
    shares = weights * pixels[..., 0] / 255
    np.testing.assert_allclose(input_gradient(network, pixels, 1).values, weights, rtol=1e-5)
    np.testing.assert_allclose(integrated_gradients(network, pixels, 1).values, shares, rtol=1e-4, atol=1e-6)
    score = float(network.scores(pixels[None])[0, 1])
    # Squares of one pixel: each pixel's fall is its own share.
    np.testing.assert_allclose(occlusion(network, pixels, 1, score).values, shares, atol=1e-5)


def test_a_single_output_speaks_for_one_class_and_against_the_other():
    model = keras.Sequential(
        [keras.Input((6, 6)), layers.Flatten(), layers.Dense(1, activation="sigmoid", kernel_initializer=SEED)]
    )
    network, pixels = seen(model), picture((6, 6, 1))
    against, for_it = (input_gradient(network, pixels, number).values for number in (0, 1))
    np.testing.assert_allclose(for_it, model.layers[-1].kernel.numpy().reshape(6, 6), rtol=1e-5)
    np.testing.assert_array_equal(against, -for_it)
    answer = network.probabilities(network.scores(pixels[None]))[0]
    np.testing.assert_allclose(answer[1], model(pixels[None, ..., 0] / np.float32(255)).__array__()[0, 0], rtol=1e-5)


def test_the_last_image_is_where_branches_have_met():
    inputs = keras.Input((12, 12, 1))
    branches = [layers.Conv2D(2, size, padding="same", activation="relu")(inputs) for size in (1, 3)]
    joined = layers.Concatenate(name="joined")(branches)
    model = keras.Model(inputs, layers.Dense(2)(layers.Flatten()(layers.MaxPooling2D(2)(joined))))
    assert last_image(seen(model).graph).name == "joined"
    assert last_image(seen(small()).graph).name == "last:activation"


def test_erasing_in_the_order_of_each_map_takes_the_confidence_sooner_than_chance(lenet, digits):
    generator = np.random.default_rng(0)
    means = {method: [] for method in [*METHODS, "chance"]}
    with on_one_core():
        for pixels in digits:
            number = int(lenet.scores(pixels[None]).argmax())
            maps = {one.method: one.values for one in maps_of(lenet, pixels, number)}
            for method, values in {**maps, "chance": generator.random((28, 28))}.items():
                curve = deletion_curve(lenet, pixels, deletion_order(values, pixels), steps=20)
                means[method].append(lenet.probabilities(curve)[:, number].mean())
    assert len(means["chance"]) == 200
    for method in METHODS:
        gained = np.subtract(means["chance"], means[method])
        # Far beyond what chance would do in 200 pictures: five standard errors.
        assert gained.mean() > 5 * gained.std() / np.sqrt(200), method


def test_only_ink_is_erased_strongest_first():
    pixels = np.zeros((3, 3, 1), np.uint8)
    pixels[0, 1], pixels[2, 0], pixels[2, 2] = 10, 200, 90
    values = np.array([[9, 1, 9], [9, 9, 9], [5, 9, 3]], np.float32)
    assert deletion_order(values, pixels).tolist() == [6, 8, 1]
