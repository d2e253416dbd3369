import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribal.exceptions import ArgumentError, ModelError
from scribal.models import Metadata
from scribal.models.metadata import metadata_from_json, metadata_to_object

names = st.none() | st.text()
metadatas = st.builds(
    Metadata,
    scale=st.floats(min_value=1e-9, max_value=1e9),
    class_names=st.lists(st.text()).map(tuple),
    recipe=names,
    dataset=names,
    temperature=st.floats(min_value=1e-3, max_value=1e3),
    reject_threshold=st.none() | st.floats(min_value=0, max_value=1),
)


@given(metadatas)
def test_comes_back_as_it_was(metadata):
    assert metadata_from_json(json.dumps(metadata_to_object(metadata)), "model.keras") == metadata


def test_carries_its_format_and_tolerates_keys_of_later_versions():
    value = metadata_to_object(Metadata(scale=1 / 255, class_names=("0", "1")))
    assert value["format"] == 1
    assert metadata_from_json(json.dumps({**value, "later": [1, 2]}), "x").scale == 1 / 255


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": 0},
        {"format": "1"},
        {"format": True},
        {"format": None},
        {"scale": 0},
        {"temperature": 0},
        {"temperature": "1"},
        {"temperature": None},
        {"reject_threshold": 1.5},
        {"reject_threshold": math.nan},
        {"reject_threshold": True},
        {"scale": -1.0},
        {"scale": "1"},
        {"scale": True},
        {"scale": None},
        {"scale": math.nan},
        {"scale": 10**400},
        {"class_names": "01"},
        {"class_names": [0, 1]},
        {"class_names": None},
        {"recipe": 5},
        {"dataset": ["mnist"]},
    ],
)
def test_damaged_values_are_refused_in_one_line(change):
    value = {**metadata_to_object(Metadata(scale=1.0, class_names=("0",))), **change}
    with pytest.raises(ModelError) as caught:
        metadata_from_json(json.dumps(value), "model.keras")
    assert "\n" not in str(caught.value)
    assert "model.keras" in str(caught.value)


@pytest.mark.parametrize("text", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_damaged_text_is_refused(text):
    with pytest.raises(ModelError):
        metadata_from_json(text, "model.keras")


@pytest.mark.parametrize("scale", [0, -1, math.inf, math.nan, "1", None, True, 10**400])
def test_scale_must_be_a_finite_number_above_zero(scale):
    with pytest.raises(ArgumentError, match="scale"):
        Metadata(scale=scale)


def test_class_names_become_a_tuple_and_must_be_texts():
    assert Metadata(scale=1, class_names=["a"]).class_names == ("a",)
    for wrong in ("ab", [1]):
        with pytest.raises(ArgumentError, match="class_names"):
            Metadata(scale=1, class_names=wrong)


def test_a_model_of_an_earlier_version_is_not_calibrated():
    value = metadata_to_object(Metadata(scale=1.0))
    del value["temperature"], value["reject_threshold"]
    read = metadata_from_json(json.dumps(value), "x")
    assert (read.temperature, read.reject_threshold) == (1.0, None)
