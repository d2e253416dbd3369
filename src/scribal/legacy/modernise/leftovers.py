"""What plain Keras 3 does not have and no pass could rewrite, with what to write by hand."""

import libcst as cst
from libcst.helpers import get_full_name_for_node

from scribal.legacy.changes.names import modern_name
from scribal.legacy.changes.refusals import instead_of
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.public import is_public, plain_name
from scribal.legacy.modernise.rewriting import Remark

__all__ = ["leftovers"]

_TENSORFLOW = "plain Keras runs without TensorFlow: write it with keras.ops, or with NumPy"
_DATASETS = "it reads with TensorFlow: load the data with keras.datasets, such as keras.datasets.mnist.load_data()"
_GRAPHS = {
    "tensorflow.name_scope": "leave it out: layers have names of their own",
    "tensorflow.nn.sparse_softmax_cross_entropy_with_logits": (
        "use keras.losses.SparseCategoricalCrossentropy(from_logits=True)"
    ),
}
_KERAS = "Keras 3 has no such name: see https://keras.io/api"


def leftovers(program: Program) -> list[Remark]:
    """Every name of Keras or TensorFlow that plain Keras 3 lacks, once for each line."""
    found: dict[tuple[int, str], Remark] = {}
    for node in program.walk(cst.CSTNode):  # type: ignore[type-abstract]
        for name in _names(program, node):
            if _is_left(name):
                line = program.line(node)
                found.setdefault((line, name), Remark(line, name, instead_of(name) or _advice(name)))
    # The longest name on a line says it: tf.Session, not tf.
    used = [(line, name) for line, name in found if "." in name]
    return [
        remark
        for (line, name), remark in found.items()
        if not any(other != name and other.startswith(f"{name}.") and "." in name and at == line for at, other in found)
        and not ("." not in name and any(other.startswith(f"{name}.") for _, other in used))
    ]


def _names(program: Program, node: cst.CSTNode) -> list[str]:
    if isinstance(node, cst.ImportFrom) and node.module is not None and not node.relative:
        module = get_full_name_for_node(node.module) or ""
        if isinstance(node.names, cst.ImportStar):
            return [module]
        return [f"{module}.{alias.evaluated_name}" for alias in node.names]
    if isinstance(node, cst.Import):
        return [alias.evaluated_name for alias in node.names]
    if isinstance(node, cst.Name | cst.Attribute) and program.is_read(node):
        parent = program.parents.get(node)
        name = program.qualified(node)
        is_whole = not (isinstance(parent, cst.Attribute) and parent.value is node)
        return [name] if name is not None and is_whole and isinstance(node, cst.Attribute) else []
    return []


def _is_left(name: str) -> bool:
    library = name.split(".", maxsplit=1)[0]
    if library in {"tensorflow", "tensorflow_datasets", "tf_keras", "theano"}:
        return True
    return library == "keras" and not name.startswith("keras.src.") and not is_public(plain_name(name))


def _advice(name: str) -> str:
    if name.startswith("tensorflow_datasets"):
        return _DATASETS
    if (advice := _GRAPHS.get(modern_name(name))) is not None:
        return advice
    return _KERAS if name.startswith("keras.") else _TENSORFLOW
