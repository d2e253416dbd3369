"""Definitions for what has no modern form of its own: what they compute, and how they come into a program."""

import ast
from pathlib import Path

import keras
import numpy as np
import pytest

import scribal.legacy.definitions
from scribal.legacy.definitions import DEFINITIONS
from scribal.legacy.definitions.layers import LocallyConnected1D, LocallyConnected2D, ParametricSoftplus
from scribal.legacy.definitions.losses import with_loss
from scribal.legacy.definitions.pictures import (
    convert_image_dtype,
    decode_picture,
    encode_png,
    read_file,
    resize_with_crop_or_pad,
    write_file,
)
from scribal.legacy.definitions.tensors import batch_dot, ctc_batch_cost, ctc_decode, gradients, network_function
from scribal.legacy.modernise import modernise_source

FILES = sorted(Path(scribal.legacy.definitions.__file__).parent.glob("*.py"))
RANDOM = np.random.default_rng(0)

PROGRAM = '''\
"""Digits."""
import numpy as np
from keras.layers import MaxoutDense
from scipy import misc

np.random.seed(1)
layer = MaxoutDense(8, nb_feature=2, init="normal")
small = misc.imresize(misc.imread("seven.png"), (28, 28))
'''


def test_a_definition_stands_once_below_the_imports_and_brings_its_own():
    source = modernise_source(PROGRAM).source
    tree = ast.parse(source)
    defined = [node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    assert sorted(defined) == ["MaxoutDense", "bytescale", "filter_of", "imread", "imresize", "toimage"]
    assert source.endswith(
        '\n\n\nnp.random.seed(1)\nlayer = MaxoutDense(8, nb_feature=2, kernel_initializer="normal")\n'
        'small = imresize(imread("seven.png"), (28, 28))\n'
    )
    imported = {line for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported == {"import numpy as np", "import keras", "import PIL.Image"}
    assert modernise_source(source).source == source


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_definitions_stand_without_scribal(path):
    imports = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {getattr(node, "module", None) or node.names[0].name for node in imports}
    assert not any(module.startswith("scribal") for module in modules)


@pytest.mark.parametrize("old", DEFINITIONS)
def test_each_old_name_has_its_definition(old):
    file, name = DEFINITIONS[old]
    tree = ast.parse((FILES[0].parent / f"{file}.py").read_text())
    assert name in {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}


def test_a_locally_connected_layer_has_weights_of_its_own_at_each_place():
    x = RANDOM.normal(size=(2, 5, 4, 3)).astype("float32")
    layer = LocallyConnected2D(6, (2, 3), strides=(1, 1), activation="relu")
    y = np.asarray(layer(x))
    kernel = np.asarray(layer.kernel)
    patch = x[:, 1:3, 1:4].reshape(2, -1)
    assert y.shape == (2, 4, 2, 6) == layer.compute_output_shape(x.shape)
    np.testing.assert_allclose(y[:, 1, 1], np.maximum(patch @ kernel[1, 1], 0), rtol=1e-4, atol=1e-5)
    assert LocallyConnected1D(6, 2)(x[:, :, 0]).shape == (2, 4, 6)


def test_a_parametric_softplus_begins_with_its_first_values():
    x = np.array([[-1.0, 0.0, 2.0]], "float32")
    np.testing.assert_allclose(ParametricSoftplus(0.5, 2.0)(x), 0.5 * np.log1p(np.exp(2 * x)), rtol=1e-5)


@pytest.mark.parametrize(
    ("shapes", "axes", "formula"),
    [
        (((2, 3, 4), (2, 4, 5)), None, "nij,njk->nik"),
        (((2, 3, 4), (2, 5, 4)), [2, 2], "nij,nkj->nik"),
        (((2, 3, 4), (2, 3, 4, 5)), [2, 2], "nmi,nmid->nmd"),
        (((2, 3, 5), (2, 3, 4, 5)), [2, 3], "nmd,nmid->nmi"),
        (((2, 3, 4, 5), (2, 3, 5, 6)), [3, 2], "nmij,nmjk->nmik"),
    ],
)
def test_products_sample_by_sample(shapes, axes, formula):
    x, y = (RANDOM.normal(size=shape).astype("float32") for shape in shapes)
    np.testing.assert_allclose(batch_dot(x, y, axes), np.einsum(formula, x, y), rtol=1e-4, atol=1e-5)


def test_gradients_of_a_network_are_tensors_of_it():
    x = keras.Input((3,))
    inner = keras.layers.Dense(4)(x)
    square = keras.ops.sum(keras.ops.square(inner))
    function = network_function([x], [inner, gradients(square, inner)[0]])
    values, slopes = function([np.ones((2, 3))])
    np.testing.assert_allclose(slopes, 2 * values, rtol=1e-5)
    values[0] = 0  # arrays that can be changed


def test_a_loss_on_an_inner_tensor_is_trained():
    x = keras.Input((3,))
    z = keras.layers.Dense(2, kernel_initializer="ones")(x)
    model = with_loss(keras.Model(x, z), keras.ops.square(z))
    model.compile("sgd")
    losses = model.fit(np.ones((8, 3)), epochs=2, verbose=0).history["loss"]
    assert losses[0] > losses[1]


def test_pictures_go_into_files_and_back(tmp_path):
    pixels = RANDOM.integers(0, 256, (5, 4, 1), dtype="uint8")
    write_file(tmp_path / "a.png", encode_png(pixels))
    np.testing.assert_array_equal(decode_picture(read_file(tmp_path / "a.png")), pixels)
    assert resize_with_crop_or_pad(pixels, 3, 8).shape == (3, 8, 1)
    np.testing.assert_array_equal(resize_with_crop_or_pad(resize_with_crop_or_pad(pixels, 9, 9), 5, 4), pixels)


@pytest.mark.parametrize(
    ("image", "dtype", "expected"),
    [
        (np.array([0, 255], "uint8"), "float32", [0, 1]),
        (np.array([0, 65535], "uint16"), "float32", [0, 1]),
        (np.array([0.25, 1], "float32"), "float32", [0.25, 1]),
        (np.array([0, 1.0], "float32"), "uint8", [0, 255]),
    ],
)
def test_a_picture_of_another_type_has_its_range(image, dtype, expected):
    converted = convert_image_dtype(image, dtype)
    assert str(converted.dtype) == dtype
    np.testing.assert_allclose(converted, expected)


def test_ctc_is_that_of_keras_ops_with_the_blank_last():
    random = np.random.default_rng(0)
    answers = random.dirichlet(np.ones(4), (2, 6)).astype("float32")
    labels, places, lengths = np.array([[0, 1, 2], [2, 2, 0]]), np.array([[6], [5]]), np.array([[3], [1]])
    loss = ctc_batch_cost(labels, answers, places, lengths)
    # With the blank moved to the front, which is where Keras' own default has it.
    moved = keras.ops.log(np.roll(answers, 1, axis=-1))
    expected = keras.ops.ctc_loss(labels + 1, moved, lengths[:, 0], places[:, 0])
    np.testing.assert_allclose(np.asarray(loss)[:, 0], expected, rtol=1e-4)
    paths, _ = ctc_decode(np.eye(3, dtype="float32")[[[0, 0, 2, 0, 1, 2]]], np.array([6]))
    assert [label for label in np.asarray(paths[0])[0] if label >= 0] == [0, 0, 1]
