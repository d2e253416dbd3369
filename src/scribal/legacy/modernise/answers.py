"""``predict_classes`` written out: the class with the highest probability, or whether a single one is above a half."""

import libcst as cst

from scribal.legacy.modernise.expressions import argument, literal
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.spelling import Spelling

__all__ = ["classes_of", "ends_in_one_filter", "ends_in_sigmoid"]


def classes_of(probabilities: cst.BaseExpression, *, of_one_output: bool, spelling: Spelling) -> cst.BaseExpression:
    """The classes that ``predict_classes`` told, from what ``predict`` tells."""
    if not of_one_output:
        axis = cst.UnaryOperation(cst.Minus(), cst.Integer("1"))
        return cst.Call(spelling.spell("numpy.argmax"), [cst.Arg(probabilities), argument(axis, "axis")])
    above = cst.Comparison(
        probabilities,
        [cst.ComparisonTarget(cst.GreaterThan(), cst.Float("0.5"))],
        lpar=[cst.LeftParen()],
        rpar=[cst.RightParen()],
    )
    return cst.Call(cst.Attribute(above, cst.Name("astype")), [cst.Arg(cst.SimpleString('"int32"'))])


def ends_in_sigmoid(program: Program, model: cst.BaseExpression) -> bool:
    """Whether a model's last layer has one output, or a sigmoid; by its loss, if its layers cannot be seen."""
    names = {program.code(model), *_returned(program, model)}
    last = _last_layer(program, names)
    if last is not None:
        words = [literal(arg.value) for arg in last.args if arg.keyword is None or arg.keyword.value == "activation"]
        if "softmax" in words:
            return False
        units = next((literal(arg.value) for arg in last.args[:1]), None)
        if "sigmoid" in words or units == 1:
            return True
    losses = [
        literal(arg.value)
        for call in program.walk(cst.Call)
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "compile"
        for arg in call.args
    ]
    return "binary_crossentropy" in losses and "categorical_crossentropy" not in losses


def ends_in_one_filter(program: Program, model: cst.BaseExpression) -> bool:
    """Whether a model's last layer is a convolution of images by one filter: its answers have an axis of one number."""
    last = _last_layer(program, {program.code(model), *_returned(program, model)})
    if last is None or program.canonical(last.func) != "keras.layers.Conv2D":
        return False
    filters = [arg for arg in last.args if arg.keyword is not None and arg.keyword.value == "filters"] or last.args[:1]
    return bool(filters) and literal(filters[0].value) == 1


def _returned(program: Program, model: cst.BaseExpression) -> set[str]:
    """What the functions that make the model call it."""
    values = program.assigned(model) if isinstance(model, cst.Name) else None
    makers = {
        value.func.value for value in values or [] if isinstance(value, cst.Call) and isinstance(value.func, cst.Name)
    }
    return {
        program.code(returned.value)
        for function in program.walk(cst.FunctionDef)
        if function.name.value in makers
        for returned in program.walk(cst.Return, function)
        if returned.value is not None
    }


def _last_layer(program: Program, names: set[str]) -> cst.Call | None:
    """The last layer that is added to a model of one of these names, or that stands in its list."""
    last: cst.BaseExpression | None = None
    for node in program.walk(cst.Assign):
        if isinstance(node.value, cst.Call) and any(program.code(target.target) in names for target in node.targets):
            given = node.value.args[0].value if node.value.args else None
            if isinstance(given, cst.List) and given.elements:
                last = given.elements[-1].value
    for call in program.walk(cst.Call):
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "add" and call.args:
            last = call.args[0].value if program.code(call.func.value) in names else last
    return last if isinstance(last, cst.Call) else None
