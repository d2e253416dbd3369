import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scribal.exceptions import ArgumentError, ModelError
from scribal.models import prepare

SCALES = st.sampled_from([1.0, 1 / 255])
SHAPES = st.tuples(*[st.integers(1, 5)] * 2) | st.tuples(*[st.integers(1, 5)] * 3) | st.tuples(st.integers(1, 9))
DTYPES = (
    st.just(np.dtype(bool))
    | hnp.integer_dtypes(endianness="?")
    | hnp.unsigned_integer_dtypes(endianness="?")
    | hnp.floating_dtypes(endianness="?", sizes=(16, 32, 64))
)


@st.composite
def samples(draw):
    shape = (draw(st.integers(0, 4)), *draw(SHAPES))
    dtype = draw(DTYPES)
    elements = st.booleans() if dtype.kind == "b" else st.integers(0, 100)
    x = draw(hnp.arrays(dtype, shape, elements=elements))
    layout = draw(st.sampled_from(["C", "F", "strided", "reversed"]))
    if layout == "F":
        return np.asfortranarray(x)
    if layout == "strided":
        return np.repeat(x, 2, axis=0)[::2]
    return x[::-1] if layout == "reversed" else x


@given(samples(), SCALES)
def test_values_and_order_are_kept_whatever_the_layout(x, scale):
    result = prepare(x, x.shape[1:], scale)
    assert result.dtype == np.float32
    assert result.dtype.isnative
    assert result.flags.c_contiguous
    assert np.array_equal(result, x.astype(np.float32) * np.float32(scale))


@given(samples(), SCALES)
def test_channel_axis_and_flattening_only_change_the_shape(x, scale):
    same = prepare(x, x.shape[1:], scale)
    for shape in ((*x.shape[1:], 1), (int(np.prod(x.shape[1:])),), (1, *x.shape[1:])):
        result = prepare(x, shape, scale)
        assert result.shape == (len(x), *shape)
        assert np.array_equal(result.ravel(), same.ravel())


@pytest.mark.parametrize(
    ("given_shape", "wanted"),
    [
        ((7, 28, 28), (28, 28, 1)),
        ((7, 28, 28, 1), (28, 28)),
        ((7, 784), (28, 28, 1)),
        ((7, 28, 28, 1), (784,)),
        ((7, 10, 10), (100,)),
        ((7, 5, 6, 3), (5, 6, 3)),
        ((7, 9, 9), (None, None, 1)),
        ((7, 9, 9, 1), (None, None, 1)),
        ((0, 9, 9), (9, 9, 1)),
        ((7,), (1,)),
        ((7,), ()),
    ],
)
def test_shapes_that_agree(given_shape, wanted):
    result = prepare(np.zeros(given_shape, np.uint8), wanted, 1.0)
    assert len(result) == given_shape[0]
    assert all(length in (None, got) for length, got in zip(wanted, result.shape[1:], strict=True))


@pytest.mark.parametrize(
    ("given_shape", "wanted"),
    [
        ((7, 28, 28), (32, 32, 1)),
        ((7, 28, 28, 3), (28, 28, 1)),
        ((7, 3, 28, 28), (28, 28, 3)),
        ((7, 20, 20), (10, 40)),
        ((7, 28, 28, 3), (None, None, 1)),
        ((7, 100), (None, None, 1)),
        ((7,), (28, 28, 1)),
        ((), (1,)),
    ],
)
def test_shapes_that_do_not_agree_are_both_named(given_shape, wanted):
    with pytest.raises(ModelError) as caught:
        prepare(np.zeros(given_shape), wanted, 1.0)
    assert str(given_shape) in str(caught.value)
    assert ", ".join("any" if n is None else str(n) for n in wanted) in str(caught.value)


def test_single_image_is_told_about_the_batch_axis():
    with pytest.raises(ModelError, match=r"x\[None\]"):
        prepare(np.zeros((28, 28)), (28, 28, 1), 1.0)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e39])
@pytest.mark.parametrize("place", [0, 17, -1])
def test_values_that_are_not_finite_are_refused(value, place):
    x = np.zeros(60)
    x[place] = value
    with pytest.raises(ModelError, match="finite"):
        prepare(x.reshape(3, 20), (20,), 1.0)


@pytest.mark.parametrize("x", [np.array([["a"]]), np.array([[None]]), np.array([[1j]]), [[1, 2], [3]], "text"])
def test_what_is_no_number_is_refused(x):
    with pytest.raises(ModelError, match="Samples must"):
        prepare(x, (1,), 1.0)


@pytest.mark.parametrize("scale", [0, -1.0, np.nan, "1"])
def test_scale_is_checked(scale):
    with pytest.raises(ArgumentError, match="scale"):
        prepare(np.zeros((1, 1)), (1,), scale)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, ">f8", np.float64])
def test_no_memory_beside_the_result(dtype):
    x = np.zeros((500, 28, 28), dtype)
    tracemalloc.start()
    try:
        result = prepare(x, (28, 28, 1), 1 / 255)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # NumPy converts through a buffer of 8192 values a operand.
    assert peak < result.nbytes + 400_000
