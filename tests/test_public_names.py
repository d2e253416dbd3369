import json
import subprocess
import sys

import pytest

import scribal

NAMES = [
    "Dataset",
    "FallbackWarning",
    "Reading",
    "Recipe",
    "RunFolder",
    "ScribalError",
    "__version__",
    "compare",
    "convert",
    "diagnose",
    "disable",
    "enable",
    "errors",
    "evaluate",
    "explain",
    "find_label_errors",
    "find_recipe",
    "fit",
    "load_dataset",
    "load_model",
    "predict",
    "read",
    "read_pages",
    "recipe_names",
    "renew_report",
    "save_model",
    "score",
    "study_filters",
    "study_shift",
    "study_size",
    "train",
    "tune",
    "write_sheet",
]
HEAVY = ["keras", "jax", "numpy", "pandas", "matplotlib", "sklearn", "PIL", "h5py", "pooch", "rich", "typer"]


def test_public_names_are_these():
    assert scribal.__all__ == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_public_name_is_there(name):
    assert getattr(scribal, name) is not None
    assert name in dir(scribal)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="trian"):
        scribal.trian  # noqa: B018


def test_import_loads_nothing_heavy():
    program = f"import scribal, sys, json; print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(loaded.stdout) == []


def test_keras_is_imported_without_the_libraries_that_few_of_its_parts_need_and_has_these_parts():
    program = (
        "from scribal.backend import import_keras; import sys, json\n"
        "keras, heavy = import_keras(), {'sklearn', 'matplotlib'}\n"
        "before = sorted(heavy & set(sys.modules))\n"
        "parts = keras.wrappers.SKLearnClassifier, keras.visualization.plot_image_gallery\n"
        "print(json.dumps([before, sorted(heavy & set(sys.modules)), [part.__name__ for part in parts]]))"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names = ["SKLearnClassifier", "plot_image_gallery"]
    assert json.loads(told.stdout) == [[], ["matplotlib", "sklearn"], names]


def test_import_chooses_the_backend_and_leaves_a_chosen_one_alone():
    program = "import scribal, os; print(os.environ['KERAS_BACKEND'])"
    for chosen, expected in ((None, "jax"), ("torch", "torch")):
        environment = {"KERAS_BACKEND": chosen} if chosen else {}
        printed = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
        )
        assert printed.stdout.strip() == expected
