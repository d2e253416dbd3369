"""Functions and small classes: initializers, regularizers, constraints, utilities, and other libraries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone
from scribal.legacy.changes.scikit_learn import SCIKIT_LEARN
from scribal.legacy.changes.spellings import DATA_FORMATS

__all__ = ["ANY_LOSS", "LIBRARIES"]

ANY_LOSS: Final = Form(modern="keras.Loss", spelled={"reduction": {"auto": "sum_over_batch_size"}})
"""A loss as a class; ``"auto"`` was TensorFlow's word for the mean over samples."""

_L1_L2 = Form(modern="keras.regularizers.L1L2", order=("l1", "l2"))
_L1 = Form(modern="keras.regularizers.L1", order=("l1",), renamed={"l": "l1"})
_L2 = Form(modern="keras.regularizers.L2", order=("l2",), renamed={"l": "l2"})
_MAX_NORM = Form(modern="keras.constraints.MaxNorm", order=("max_value", "axis"), renamed={"m": "max_value"})
_PLOT = Form(
    modern="keras.utils.plot_model",
    order=("model", "to_file", "show_shapes"),
    renamed={"outfile": "to_file", "to_graph": "to_file"},
    gone={"recursive": Gone()},
)
_CATEGORICAL = Form(
    modern="keras.utils.to_categorical",
    order=("x", "num_classes"),
    old_order=("x", "num_classes", "dtype"),
    renamed={"nb_classes": "num_classes", "y": "x"},
    gone={"dtype": Gone()},
)
_WORDS = {"nb_words": "num_words"}
_MODEL_TEXT = ("num_words", "filters", "lower", "split")


def _image_order(positional: list[object], _: set[str]) -> tuple[str, ...]:
    """Second, Keras 1 and 2 take whether the image is gray, Keras 3 its colours."""
    by_word = len(positional) > 1 and isinstance(positional[1], str)
    return ("path", "color_mode", "target_size") if by_word else ("path", "grayscale", "target_size")


def _grayscale(arguments: Arguments[Any]) -> None:
    if "grayscale" in arguments:
        gray = arguments.literal("grayscale") is True
        arguments.replace(["grayscale"], "color_mode", arguments.values.constant("grayscale" if gray else "rgb"))


_IMAGE_TO_ARRAY = Form(
    modern="keras.utils.img_to_array",
    order=("img", "data_format"),
    renamed={"dim_ordering": "data_format"},
    spelled={"data_format": DATA_FORMATS},
)
_LOAD_IMAGE = Form(
    modern="keras.utils.load_img", order=("path", "color_mode"), old_order=_image_order, steps=(_grayscale,)
)

LIBRARIES: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.constraints.MaxNorm": _MAX_NORM,
        "keras.constraints.max_norm": _MAX_NORM,
        "keras.constraints.maxnorm": _MAX_NORM,
        "keras.backend.random_normal": Form(modern="keras.backend.random_normal", renamed={"std": "stddev"}),
        "keras.backend.random_uniform": Form(
            modern="keras.backend.random_uniform", renamed={"high": "maxval", "low": "minval"}
        ),
        "keras.datasets.imdb.load_data": Form(modern="keras.datasets.imdb.load_data", renamed=_WORDS),
        "keras.datasets.reuters.load_data": Form(modern="keras.datasets.reuters.load_data", renamed=_WORDS),
        "keras.preprocessing.image.ImageDataGenerator": Form(
            modern="keras.preprocessing.image.ImageDataGenerator",
            renamed={"dim_ordering": "data_format"},
            spelled={"data_format": DATA_FORMATS},
        ),
        "keras.preprocessing.image.img_to_array": _IMAGE_TO_ARRAY,
        "keras.preprocessing.image.load_img": _LOAD_IMAGE,
        "keras.preprocessing.text.Tokenizer": Form(
            modern="keras.preprocessing.text.Tokenizer", order=_MODEL_TEXT, renamed=_WORDS
        ),
        "keras.regularizers.L1": _L1,
        "keras.regularizers.L1L2": _L1_L2,
        "keras.regularizers.L2": _L2,
        "keras.regularizers.WeightRegularizer": _L1_L2,
        "keras.regularizers.activity_l1": _L1,
        "keras.regularizers.activity_l1l2": _L1_L2,
        "keras.regularizers.activity_l2": _L2,
        "keras.regularizers.l1": _L1,
        "keras.regularizers.l1_l2": _L1_L2,
        "keras.regularizers.l1l2": _L1_L2,
        "keras.regularizers.l2": _L2,
        "keras.utils.img_to_array": _IMAGE_TO_ARRAY,
        "keras.utils.load_img": _LOAD_IMAGE,
        "keras.utils.plot": _PLOT,
        "keras.utils.plot_model": _PLOT,
        "keras.utils.to_categorical": _CATEGORICAL,
        "sklearn.preprocessing.OneHotEncoder": Form(
            modern="sklearn.preprocessing.OneHotEncoder",
            renamed={"sparse": "sparse_output"},
            gone={
                "categorical_features": Gone(
                    "ColumnTransformer([('onehot', OneHotEncoder(), columns)], remainder='passthrough')",
                    ("all", None),
                ),
                "n_values": Gone("categories=[range(n), …]", ("auto", None)),
            },
        ),
        **SCIKIT_LEARN,
    }
)
"""By their old names in today's modules."""
