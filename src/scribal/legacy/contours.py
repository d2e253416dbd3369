"""The three values that OpenCV 3 gave for contours.

``cv2.findContours`` gave contours and hierarchy until OpenCV 2 and gives them since OpenCV 4; OpenCV 3 gave the image
before them (https://docs.opencv.org/3.4/d3/dc0/group__imgproc__shape.html). How many values a program takes cannot be
seen by the function, so the user's own files are compiled with a helper around the call.
"""

import ast
from collections.abc import Mapping
from typing import Any

from scribal.legacy.journal import current_journal

__all__ = ["CONTOUR_HELPERS", "adapt_contours"]

_WITH_IMAGE = "__scribal_with_image__"
_THREE = 3


def adapt_contours(tree: ast.AST) -> None:
    """Put the helper around calls of ``findContours`` whose result is taken apart into three.

    Args:
        tree: Of a whole file or cell; changed in place.
    """
    for node in ast.walk(tree):
        match node:
            case ast.Assign(
                targets=[ast.Tuple(elts=[_, contours, hierarchy]) | ast.List(elts=[_, contours, hierarchy])],
                value=ast.Call(func=ast.Attribute(attr="findContours") | ast.Name(id="findContours")) as call,
            ):
                words = f"{ast.unparse(contours)}, {ast.unparse(hierarchy)} = findContours(...)"
                helper = ast.Call(ast.Name(_WITH_IMAGE, ast.Load()), [call, ast.Constant(words)], [])
                for new in (helper, helper.func, helper.args[1]):
                    ast.copy_location(new, call)
                node.value = helper


def _with_image(found: Any, modern: str) -> Any:
    if not isinstance(found, tuple) or len(found) == _THREE:
        return found
    current_journal().adapted("image, contours, hierarchy = findContours(...)", modern)
    return (None, *found)


CONTOUR_HELPERS: Mapping[str, Any] = {_WITH_IMAGE: _with_image}
"""What adapted code calls, by the name it calls it."""
