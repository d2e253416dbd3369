"""The pass over Matplotlib, seaborn and OpenCV: arguments, styles and results that are others today."""

from collections.abc import Mapping

import libcst as cst

from scribal.legacy.changes.other_libraries import KEYWORDS
from scribal.legacy.modernise.expressions import argument, literal
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_drawing"]

_STYLES = ("matplotlib.pyplot.style.use", "matplotlib.style.use", "matplotlib.style.context")
_COLOURS = {"Vega10": "tab10", "Vega20": "tab20", "spectral": "nipy_spectral"}
_BY_X = {f"seaborn.{name}": name for name in ("barplot", "boxplot", "countplot", "violinplot")}
_PARTS = 3
"""The image, the contours and their hierarchy: what OpenCV 3 gave."""


def modernise_drawing(program: Program) -> cst.Module:
    """Write ``hist(density=…)``, ``style.use("seaborn-v0_8-…")`` and ``contours, hierarchy = findContours(…)``."""
    return program.module.visit(_Drawing(program))


class _Drawing(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._draws = bool(program.libraries & {"matplotlib", "pylab", "seaborn"})

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """Arguments that have another name, or none, and words that do."""
        name = self.program.qualified(original_node.func) or ""
        if name in _STYLES and updated_node.args:
            return updated_node.with_deep_changes(
                updated_node.args[0], value=_with_words(updated_node.args[0].value, _style_of)
            )
        if name in _BY_X and len(original_node.args) == 1 and original_node.args[0].keyword is None:
            return updated_node.with_changes(args=[argument(updated_node.args[0].value, "x")])
        method = original_node.func.attr.value if isinstance(original_node.func, cst.Attribute) else name
        if not self._draws or not (
            name.startswith(("matplotlib", "pylab")) or isinstance(original_node.func, cst.Attribute)
        ):
            return updated_node
        if method == "gca" and updated_node.args:
            return updated_node.with_changes(func=_with_attribute(updated_node.func, "add_subplot"))
        return self._with_keywords(updated_node, _keywords_of(name, method))

    def leave_Expr(
        self, original_node: cst.Expr, updated_node: cst.Expr
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        """``plt.hold(True)`` is as it always is today."""
        call = original_node.value
        is_hold = isinstance(call, cst.Call) and self.program.qualified(call.func) == "matplotlib.pyplot.hold"
        return cst.RemoveFromParent() if is_hold else updated_node

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        """``image, contours, hierarchy = cv2.findContours(…)``."""
        value, target = original_node.value, updated_node.targets[0].target
        if not (isinstance(value, cst.Call) and isinstance(target, cst.Tuple) and len(target.elements) == _PARTS):
            return updated_node
        if self.program.qualified(value.func) != "cv2.findContours":
            return updated_node
        two = target.with_changes(elements=target.elements[1:])
        return updated_node.with_changes(targets=[updated_node.targets[0].with_changes(target=two)])

    @staticmethod
    def _with_keywords(call: cst.Call, keywords: Mapping[str, str | None]) -> cst.Call:
        args: list[cst.Arg] = []
        for arg in call.args:
            word = arg.keyword.value if arg.keyword is not None else ""
            if word not in keywords:
                colour = literal(arg.value) if word == "cmap" else None
                known = isinstance(colour, str) and colour in _COLOURS
                args.append(arg.with_changes(value=_with_words(arg.value, _COLOURS.get)) if known else arg)
            elif (modern := keywords[word]) is not None:
                args.append(arg.with_changes(keyword=cst.Name(modern)))
        if args and len(args) < len(call.args):
            args[-1] = args[-1].with_changes(comma=call.args[-1].comma)
        return call.with_changes(args=args)


def _keywords_of(name: str, method: str) -> dict[str, str | None]:
    """Old names of arguments and today's, or None, of a function of pyplot or of a method by the same name."""
    if name and not name.startswith(("matplotlib", "pylab")):
        return {}
    found: dict[str, str | None] = {}
    for qualified, keywords in KEYWORDS.items():
        library, _, last = qualified.rpartition(".")
        if library.startswith("matplotlib") and last == method.rpartition(".")[2]:
            found |= keywords
    return found


def _style_of(word: str) -> str | None:
    is_old = word.startswith("seaborn") and not word.startswith("seaborn-v0_8")
    return word.replace("seaborn", "seaborn-v0_8", 1) if is_old else None


def _with_words(value: cst.BaseExpression, modern: object) -> cst.BaseExpression:
    if not isinstance(value, cst.SimpleString) or not callable(modern):
        return value
    word = modern(value.evaluated_value)
    return value if word is None else value.with_changes(value=f"{value.prefix}{value.quote}{word}{value.quote}")


def _with_attribute(func: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """``fig.gca`` as ``fig.add_subplot``; ``plt.gca``, as ``plt.gcf().add_subplot``."""
    assert isinstance(func, cst.Attribute)
    owner = func.value
    if isinstance(owner, cst.Name) and owner.value in {"plt", "pyplot", "pylab"}:
        owner = cst.Call(cst.Attribute(owner, cst.Name("gcf")))
    return func.with_changes(value=owner, attr=cst.Name(name))
