"""The photo doctor's table of rules for the documentation."""

import math

from scribal.reading.doctor import RULES, Rule

__all__ = ["table_of_rules"]


def table_of_rules() -> str:
    """Write all rules as a Markdown table, in the order in which findings are told."""
    rows = ["| finding | nothing is wrong | why there | what it does to a network |", "|---|---|---|---|"]
    rows += [f"| {rule.name} | {_range(rule)} | {rule.reason} | {rule.why} |" for rule in RULES]
    return "\n".join(rows)


def _range(rule: Rule) -> str:
    if rule.name == "blank":
        return "above 0 % ink"
    least, most = rule.least, rule.most
    if least == most:
        told = f"{least:g}"
    elif math.isinf(most):
        told = f"from {least:g}"
    elif math.isinf(least):
        told = f"up to {most:g}"
    else:
        told = f"{least:g} to {most:g}"
    return f"{told} {rule.unit}".replace("-", "−")
