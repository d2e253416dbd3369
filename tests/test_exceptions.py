import pickle

import pytest

from scribal.exceptions import DataError, MissingExtraError, ScribalError, UnknownNameError


def test_an_error_says_rule_received_and_advice_in_one_line():
    error = DataError("labels must be\nwhole numbers", received="'a'\n'b'", advice="Encode them first.")
    assert str(error) == "labels must be whole numbers. Received: 'a' 'b'. Encode them first."


def test_long_values_are_shortened():
    assert len(str(DataError("rule", received="x" * 10_000, advice="do"))) < 300


def test_an_unknown_name_offers_the_nearest():
    error = UnknownNameError("recipe", "lenett", ["lenet", "mlp"])
    assert error.nearest == ("lenet",)
    assert "Did you mean lenet?" in str(error)


def test_an_unknown_name_far_from_all_lists_them():
    assert "Known are lenet, mlp." in str(UnknownNameError("recipe", "zzz", ["lenet", "mlp"]))


def test_a_missing_extra_gives_the_line_to_type():
    assert "pip install 'scribal[heic]'" in str(MissingExtraError("pillow-heif", extra="heic", purpose="reading HEIC"))


@pytest.mark.parametrize(
    "error",
    [
        DataError("rule", received=1, advice="do"),
        UnknownNameError("recipe", "lenett", ["lenet"]),
        MissingExtraError("a", extra="b", purpose="c"),
    ],
)
def test_errors_survive_pickling(error):
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert isinstance(copy, ScribalError)
