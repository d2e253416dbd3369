"""``input_shape.as_list()`` in layers of a program's own: TensorFlow handed them shapes of a class, Keras hands tuples.

A tuple takes no new methods, so the user's own files are compiled with a helper in the place of the call.
"""

import ast
from collections.abc import Mapping
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["SHAPE_HELPERS", "adapt_shapes"]

_AS_LIST = "__scribal_as_list__"


def adapt_shapes(tree: ast.AST) -> None:
    """Put the helper in the place of calls of ``as_list``.

    Args:
        tree: Of a whole file or cell; changed in place.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=shape, attr="as_list"), args=[], keywords=[]):
                node.func, node.args = ast.copy_location(ast.Name(_AS_LIST, ast.Load()), node.func), [shape]


def _as_list(shape: Any) -> Any:
    if type(shape) not in (tuple, list):
        return shape.as_list()
    current_journal().adapted("shape.as_list()", "list(shape)")
    return list(shape)


SHAPE_HELPERS: Mapping[str, Any] = {_AS_LIST: _as_list}
"""What adapted code calls, by the name it calls it."""
