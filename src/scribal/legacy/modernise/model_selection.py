"""The pass over ``sklearn.cross_validation`` and ``grid_search``: splits take the data last, scores are a table.

Source: https://scikit-learn.org/0.18/modules/generated/sklearn.cross_validation.KFold.html, and the release notes of
0.18 and 0.20.
"""

import libcst as cst

from scribal.legacy.modernise.expressions import argument, literal
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Rewriting

__all__ = ["modernise_splits"]

_OLD = "sklearn.cross_validation."
_FIRST = {"KFold": "n", "LeaveOneOut": "n", "ShuffleSplit": "n", "StratifiedKFold": "y", "StratifiedShuffleSplit": "y"}
"""Splits, and what the first argument was called: a number of samples, or their labels."""

_COUNTS = {"n_folds": "n_splits", "n_iter": "n_splits"}


def modernise_splits(program: Program) -> cst.Module:
    """Write ``list(StratifiedKFold(n_splits=…).split(y, y))`` and ``zip(grid.cv_results_["params"], …)``."""
    return program.module.visit(_Splits(program))


class _Splits(Rewriting):
    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.BaseExpression:
        """A split of a known number of samples."""
        name = (self.program.qualified(original_node.func) or "").removeprefix(_OLD)
        if name not in _FIRST or f"{_OLD}{name}" != self.program.qualified(original_node.func):
            return updated_node
        order = (_FIRST[name], "n_splits", "shuffle", "random_state")
        given = {}
        for place, arg in enumerate(updated_node.args):
            word = arg.keyword.value if arg.keyword is not None else order[place] if place < len(order) else ""
            given[_COUNTS.get(word, word)] = arg.value
        if _FIRST[name] not in given or "" in given:
            return updated_node
        samples = given.pop(_FIRST[name])
        if name == "KFold" and "n_splits" not in given:
            given = {"n_splits": cst.Integer("3"), **given}
        if "random_state" in given and name.endswith("KFold") and not _is_true(given.get("shuffle")):
            del given["random_state"]  # it was of no effect, and is an error now
        split = cst.Call(updated_node.func, [argument(value, word) for word, value in given.items()])
        seen = cst.Call(cst.Name("range"), [cst.Arg(samples)]) if _FIRST[name] == "n" else samples
        both = [cst.Arg(seen)] if _FIRST[name] == "n" else [cst.Arg(seen), cst.Arg(seen.deep_clone())]
        return cst.Call(cst.Name("list"), [cst.Arg(cst.Call(cst.Attribute(split, cst.Name("split")), both))])

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        """``grid.grid_scores_``: rows of parameters, their mean score, and the score of each part."""
        if original_node.attr.value != "grid_scores_":
            return updated_node
        grid = self.program.code(original_node.value)
        scores = f'zip(*({grid}.cv_results_[f"split{{part}}_test_score"] for part in range({grid}.n_splits_)))'
        return cst.parse_expression(
            f'list(zip({grid}.cv_results_["params"], {grid}.cv_results_["mean_test_score"], map(np.array, {scores})))'
        )


def _is_true(value: cst.BaseExpression | None) -> bool:
    return value is not None and literal(value) is not False
