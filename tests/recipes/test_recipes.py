"""The recipes are what the tutorials say, layer by layer and number by number."""

import dataclasses

import keras
import pytest

from scribal.exceptions import ModelError, UnknownNameError
from scribal.recipes import RECIPES, find_recipe, recipe_names

# From the tutorials, as layers say of themselves: filters, kernel, padding and activation; pool; rate; units.
LAYERS = {
    "tiny-cnn": ["Conv2D 3 3x3 valid linear", "ReLU", "MaxPooling2D 2x2", "Flatten", "Dense 10 linear", "Softmax"],
    "mlp": ["Flatten", "Dense 1024 relu", "Dense 10 softmax"],
    "two-conv": ["Conv2D 16 3x3 valid relu", "Conv2D 8 3x3 valid relu", "Flatten", "Dense 10 softmax"],
    "lenet": [
        "Conv2D 6 3x3 same linear",
        "MaxPooling2D 2x2",
        "Conv2D 16 5x5 valid linear",
        "MaxPooling2D 2x2",
        "Flatten",
        "Dense 120 linear",
        "Dense 84 linear",
        "Dense 10 softmax",
    ],
    "dropout-cnn": [
        "Conv2D 16 5x5 same relu",
        "MaxPooling2D 2x2",
        "Conv2D 36 5x5 same relu",
        "MaxPooling2D 2x2",
        "Dropout 0.25",
        "Flatten",
        "Dense 128 relu",
        "Dropout 0.5",
        "Dense 10 softmax",
    ],
    "toy-mlp": ["Dense 5 relu", "Dense 4 relu", "Dense 1 sigmoid"],
    "softmax-mlp": ["Dense 64 relu", "Dense 10 softmax"],
}
# recipe: parameters, scale, optimizer, batch size, epochs, validation
TRAINING = {
    "tiny-cnn": (5_110, 1.0, "adam", {}, 32, 10, "test"),
    "mlp": (814_090, 1 / 255, "adam", {}, 1024, 5, "test"),
    "two-conv": (47_410, 1.0, "adam", {}, 32, 5, "test"),
    "lenet": (61_610, 1 / 255, "sgd", {"learning_rate": 0.01}, 64, 50, "test"),
    "dropout-cnn": (242_062, 1 / 255, "adam", {}, 300, 20, 0.2),
    "toy-mlp": (49, 1.0, "sgd", {}, 32, 20_000, "none"),
    "softmax-mlp": (7_114, 1 / 255, "sgd", {"learning_rate": 0.01, "momentum": 0.9, "nesterov": True}, 32, 5, "test"),
}
REPORTED = {"two-conv": 0.9706, "lenet": 0.9852, "dropout-cnn": 0.9926}


def in_words(layer):
    kind = type(layer).__name__
    if kind == "Conv2D":
        size = "x".join(map(str, layer.kernel_size))
        return f"Conv2D {layer.filters} {size} {layer.padding} {layer.activation.__name__}"
    if kind == "Dense":
        return f"Dense {layer.units} {layer.activation.__name__}"
    if kind == "MaxPooling2D":
        return "MaxPooling2D " + "x".join(map(str, layer.pool_size))
    return f"Dropout {layer.rate}" if kind == "Dropout" else kind


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_the_tutorials(name):
    assert [in_words(layer) for layer in RECIPES[name].build().layers] == LAYERS[name]


@pytest.mark.parametrize("name", TRAINING)
def test_training_is_the_tutorials(name):
    recipe = RECIPES[name]
    arguments = dict(recipe.optimizer_arguments)
    told = (recipe.parameters, recipe.scale, recipe.optimizer, arguments, recipe.batch_size, recipe.epochs)
    assert (*told, recipe.validation) == TRAINING[name]
    assert recipe.reported.get("test_accuracy") == REPORTED.get(name)


@pytest.mark.parametrize("name", recipe_names())
def test_the_network_has_the_parameters_it_states_and_is_not_compiled(name):
    model = RECIPES[name].build()
    assert isinstance(model, keras.Model)
    assert model.count_params() == RECIPES[name].parameters
    assert not model.compiled


@pytest.mark.parametrize("name", ["tiny-cnn", "mlp", "lenet", "vgg-mini", "inception-mini", "resnet-mini"])
def test_a_recipe_takes_other_images_and_classes(name):
    model = RECIPES[name].build((32, 24, 3), 26)
    assert model.input_shape == (None, 32, 24, 3)
    assert model.output_shape == (None, 26)


def test_images_too_small_for_the_layers_are_an_error():
    with pytest.raises(ModelError, match=r"lenet must fit the input.*\(4, 4, 1\)"):
        RECIPES["lenet"].build((4, 4, 1))


def test_a_recipe_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        RECIPES["lenet"].epochs = 1
    with pytest.raises(TypeError):
        RECIPES["lenet"].reported["test_accuracy"] = 1.0


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(UnknownNameError, match="Did you mean lenet"):
        find_recipe("leenet")
