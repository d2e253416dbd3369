"""Which names plain Keras 3 has, read from the installed package's files; Keras itself is not imported."""

import ast
import functools
import importlib.util
from pathlib import Path

from scribal.legacy.changes.names import modern_name

__all__ = ["is_module", "is_public", "plain_name"]

_KEPT = "keras.src.legacy.preprocessing"
"""Where Keras 3 keeps its image generators and text tools, without a public name."""

_KEPT_NAMES = {
    "keras.preprocessing.image": (
        *("ImageDataGenerator", "Iterator", "NumpyArrayIterator", "DirectoryIterator", "DataFrameIterator"),
        *("random_rotation", "random_shift", "random_shear", "random_zoom", "random_channel_shift"),
        *("random_brightness", "apply_affine_transform", "apply_channel_shift", "apply_brightness_shift"),
    ),
    "keras.preprocessing.sequence": ("TimeseriesGenerator", "make_sampling_table", "skipgrams"),
    "keras.preprocessing.text": (
        *("Tokenizer", "text_to_word_sequence", "one_hot", "hashing_trick", "tokenizer_from_json"),
    ),
}
_OTHERS = {
    "tensorflow.VERSION": "keras.__version__",
    "tensorflow.__version__": "keras.__version__",
    "tensorflow.version.VERSION": "keras.__version__",
}
_PLAIN = {
    f"{module}.{name}": module.replace("keras.preprocessing", _KEPT)
    for module, names in _KEPT_NAMES.items()
    for name in names
}


def is_public(qualified: str) -> bool:
    """Whether ``qualified``, such as ``"keras.layers.Conv2D"``, is a module of Keras 3 or a public name in one.

    What follows a name that is no module, such as a method of a class, is not looked at.
    """
    if qualified.startswith(_KEPT):
        return True
    module, *rest = qualified.split(".")
    for name in rest:
        inside = _names(module)
        if name not in inside:
            return False
        module = f"{module}.{name}"
        if not is_module(module):
            return True
    return is_module(module)


def plain_name(qualified: str) -> str:
    """The name under which plain Keras 3, or another library's present version, has an old name.

    It is the modern one; but image generators and text tools, which have no public name, are where Keras 3 keeps them.
    """
    modern = modern_name(qualified)
    if modern in _OTHERS:
        return _OTHERS[modern]
    name = modern.rpartition(".")[2]
    return f"{_PLAIN[modern]}.{name}" if modern in _PLAIN else modern


@functools.cache
def _root() -> Path:
    found = importlib.util.find_spec("keras")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent


def _file(module: str) -> Path:
    return _root().joinpath(*module.split(".")[1:], "__init__.py")


@functools.cache
def is_module(module: str) -> bool:
    """Whether a dotted name is a public module of Keras 3."""
    return module.split(".", maxsplit=1)[0] == "keras" and _file(module).is_file()


@functools.cache
def _names(module: str) -> frozenset[str]:
    """What the ``__init__.py`` of a public module imports; each of them holds nothing but imports."""
    if not is_module(module):
        return frozenset()
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    return frozenset(alias.asname or alias.name.split(".")[-1] for node in imports for alias in node.names)
