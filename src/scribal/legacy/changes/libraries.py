"""Functions and small classes: initializers, regularizers, constraints, utilities, and other libraries."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from scribal.legacy.changes.call import Arguments
from scribal.legacy.changes.form import Form, Gone
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
_MODEL_TEXT = ("num_words", "filters", "lower", "split")


def _grayscale(arguments: Arguments[Any]) -> None:
    if "grayscale" in arguments:
        gray = arguments.literal("grayscale") is True
        arguments.replace(["grayscale"], "color_mode", arguments.values.constant("grayscale" if gray else "rgb"))


LIBRARIES: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "keras.constraints.MaxNorm": _MAX_NORM,
        "keras.constraints.max_norm": _MAX_NORM,
        "keras.constraints.maxnorm": _MAX_NORM,
        "keras.preprocessing.image.ImageDataGenerator": Form(
            modern="keras.preprocessing.image.ImageDataGenerator",
            renamed={"dim_ordering": "data_format"},
            spelled={"data_format": DATA_FORMATS},
        ),
        "keras.preprocessing.image.img_to_array": Form(
            modern="keras.utils.img_to_array",
            order=("img", "data_format"),
            renamed={"dim_ordering": "data_format"},
            spelled={"data_format": DATA_FORMATS},
        ),
        "keras.preprocessing.image.load_img": Form(
            modern="keras.utils.load_img",
            order=("path",),
            old_order=("path", "grayscale", "target_size"),
            steps=(_grayscale,),
        ),
        "keras.preprocessing.text.Tokenizer": Form(
            modern="keras.preprocessing.text.Tokenizer", order=_MODEL_TEXT, renamed={"nb_words": "num_words"}
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
    }
)
"""By their old names in today's modules."""
