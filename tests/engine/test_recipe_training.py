"""The tutorials' networks: steps as Keras takes them, the same bits on any number of threads."""

import keras
import numpy as np
import pytest
from compare import close, randomize, slots_of, train_steps
from small_programs import samples_for

import scribal.engine
from scribal.recipes import find_recipe

# Each with its own optimizer, and the convolutional ones with another's, too.
NAMES = ["tiny-cnn", "mlp", "two-conv", "lenet", "dropout-cnn", "toy-mlp", "softmax-mlp"]
CASES = [*zip(NAMES, NAMES, strict=True), ("two-conv", "lenet"), ("lenet", "mlp"), ("dropout-cnn", "softmax-mlp")]
LARGEST_BATCH = 100


def without_dropout(model):
    """Keras and the engine do not drop the same."""

    def clone(layer):
        rate = {"rate": 0.0} if isinstance(layer, keras.layers.Dropout) else {}
        return type(layer).from_config(layer.get_config() | rate)

    return keras.models.clone_model(model, clone_function=clone)


def batches_for(recipe, count=3):
    """Inputs and targets as the recipe's loss wants them."""
    generator, size = np.random.default_rng(0), min(recipe.batch_size, LARGEST_BATCH)
    for _ in range(count):
        inputs = generator.uniform(size=(size, *recipe.input_shape)).astype(np.float32)
        classes = generator.integers(recipe.classes, size=size)
        if recipe.loss == "categorical_crossentropy":
            yield inputs, np.eye(recipe.classes, dtype=np.float32)[classes]
        else:
            yield inputs, classes if recipe.loss.startswith("sparse") else classes.astype(np.float32)[:, None]


@pytest.mark.parametrize(("name_of_recipe", "optimizer_of"), CASES)
def test_a_recipe_trains_as_with_keras(name_of_recipe, optimizer_of):
    recipe, other = find_recipe(name_of_recipe), find_recipe(optimizer_of)
    keras.utils.set_random_seed(7)
    model = without_dropout(recipe.build())
    optimizer = {"class_name": other.optimizer, "config": dict(other.optimizer_arguments)}
    model.compile(keras.optimizers.get(optimizer), recipe.loss)
    batches = list(batches_for(recipe))
    program = scribal.engine.compile(model, batch_size=len(batches[0][0]))
    expected_losses, expected_weights = train_steps(model, recipe.loss, model.optimizer, batches)
    rounding = dict.fromkeys(program.weights, 0.0)
    for (inputs, targets), expected, weights in zip(batches, expected_losses, expected_weights, strict=True):
        close(program.train_epoch(inputs, targets).loss, expected)
        rounding |= {name: rounding[name] + value for name, value in step_rounding(program).items()}
        for name, weight in weights.items():
            difference = np.abs(program.weights[name].astype(np.float64) - weight)
            assert (difference <= 1e-5 * np.abs(weight).max() + rounding[name]).all(), name
    for slot, group in slots_of(model, program.optimizer.slots).items():
        for name, value in group.items():
            close(program.slots()[slot][name], value)
    close(program.predict(batches[0][0]), model.predict(batches[0][0], verbose=0))


def step_rounding(program):
    """How far Adam's last step may be off where the gradient is little more than rounding.

    Adam divides a gradient by its size, so that a step is off by as much as its gradient is, relatively: by the
    rounding of sums as large as the array's largest gradient, seen from its own.
    """
    sizes = {name: np.sqrt(value.astype(np.float64)) for name, value in program.slots().get("velocity", {}).items()}
    return {
        name: program.learning_rate * np.minimum(1, 2e-6 * size.max() / np.maximum(size, 1e-30))
        for name, size in sizes.items()
    }


def test_gradients_next_to_a_black_background_are_those_of_keras():
    # With biases of zero, rounding alone would open a ReLU where Keras has an exact zero.
    keras.utils.set_random_seed(3)
    model = without_dropout(find_recipe("dropout-cnn").build())
    program = scribal.engine.compile(model, loss="categorical_crossentropy", optimizer="sgd", batch_size=48)
    inputs, targets = samples_for(program.graph, 48)
    rows, columns = np.random.default_rng(0).integers(4, 14, size=(2, 48))
    for image, row, column in zip(inputs, rows, columns, strict=True):
        image[:row] = image[row + 9 :] = image[:, :column] = image[:, column + 9 :] = 0
    _, weights = train_steps(model, "categorical_crossentropy", "sgd", [(inputs, targets)])
    program.train_epoch(inputs, targets)
    for name, weight in weights[0].items():
        close(program.weights[name], weight)


@pytest.mark.parametrize("recipe", ["dropout-cnn", "mlp"])
def test_the_same_bits_on_any_number_of_threads(recipe):
    model = find_recipe(recipe).build()
    randomize(model)
    results = []
    for threads in (1, 2, 3):
        program = scribal.engine.compile(
            model, loss="categorical_crossentropy", optimizer="adam", batch_size=100, threads=threads
        )
        inputs, targets = samples_for(program.graph, 250)
        epoch = program.train_epoch(inputs, targets, order=np.random.default_rng(1).permutation(250))
        results.append((epoch, program.weights, program.predict(inputs)))
    for epoch, weights, answers in results[1:]:
        assert epoch == results[0][0]
        assert all(np.array_equal(weight, results[0][1][name]) for name, weight in weights.items())
        assert np.array_equal(answers, results[0][2])
