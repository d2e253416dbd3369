"""What Keras on JAX computes, as NumPy arrays, and how close to it results have to be."""

import jax
import keras
import numpy as np

from scribal.engine.lower import variables_of, weights_of


def close(actual, expected, tolerance=1e-5):
    """Assert that arrays differ by at most ``tolerance`` of the expected array's largest value."""
    actual, expected = np.asarray(actual, np.float64), np.asarray(expected, np.float64)
    assert actual.shape == expected.shape
    scale = max(np.abs(expected).max(initial=0), 1e-6)
    worst = np.abs(actual - expected).max(initial=0) / scale
    assert worst <= tolerance, f"worst relative difference {worst:.2e}"


def randomize(model_or_layer, seed=0):
    """Give every weight a random value; variances a positive one."""
    generator = np.random.default_rng(seed)
    for variable in model_or_layer.weights:
        fan_in = max(np.prod(variable.shape[:-1]), 1)
        value = generator.normal(size=variable.shape) / np.sqrt(fan_in)
        variable.assign(np.abs(value) + 0.5 if "variance" in variable.name else value)


def loss_and_gradients(model, loss, inputs, targets, sample_weight=None):
    """Loss with penalties, and its gradients by the engine's names, of a Keras model in training mode."""
    fixed = [variable.value for variable in model.non_trainable_variables]

    def value(trained):
        outputs, _, penalties = model.stateless_call(trained, fixed, inputs, training=True, return_losses=True)
        return loss(targets, outputs, sample_weight=sample_weight) + sum(penalties)

    result, gradients = jax.value_and_grad(value)([variable.value for variable in model.trainable_variables])
    names = {id(variable): name for name, variable in named_variables(model)}
    named = {
        names[id(variable)]: np.asarray(gradient)
        for variable, gradient in zip(model.trainable_variables, gradients, strict=True)
    }
    return float(result), named


def named_variables(model):
    """Pair each variable of a model without inner models with the name the engine gives it."""
    return [(f"{layer.name}/{variable.name}", variable) for layer in model.layers for variable in layer.weights]


def train_steps(model, loss, optimizer, batches):
    """Train a Keras model on batches, one step each; the losses and, after each step, the weights."""
    model.compile(optimizer, loss)
    losses, weights = [], []
    for inputs, targets in batches:
        losses.append(float(model.train_on_batch(inputs, targets)))
        weights.append(weights_of(model))
        model.reset_metrics()
    return losses, weights


def slots_of(model, slots):
    """What a Keras model's optimizer remembers, by slot and the engine's name of the weight."""
    known = {variable.name: np.asarray(variable) for variable in model.optimizer.variables}
    paths = {name: variable.path.replace("/", "_") for name, variable in variables_of(model).items()}
    return {slot: {name: known[f"{path}_{slot}"] for name, path in paths.items()} for slot in slots}


def sequential(shape, *layers, seed=0):
    """Build a Keras Sequential with random weights."""
    model = keras.Sequential([keras.Input(shape), *layers])
    randomize(model, seed)
    return model
