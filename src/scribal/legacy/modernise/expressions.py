"""Arguments of calls as expressions: how the tables of old calls look at source code and make new."""

import ast
from collections.abc import Sequence

import libcst as cst

from scribal.legacy.changes.call import NoModernFormError
from scribal.legacy.changes.values import UNKNOWN
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.spelling import Spelling

__all__ = ["Expressions", "argument", "constant", "literal", "rearranged"]

_BATCH_OF_FLOW = 32  # of ImageDataGenerator.flow and flow_from_directory


def literal(expression: cst.BaseExpression) -> object:
    """The plain Python value that an expression writes down, or UNKNOWN."""
    try:
        return ast.literal_eval(cst.Module([]).code_for_node(expression).strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return UNKNOWN


def constant(value: object) -> cst.BaseExpression:
    """The expression that writes down a plain Python value; strings in the quotes that the formatter takes."""
    return cst.parse_expression(_written(value))


def argument(value: cst.BaseExpression, keyword: str | None = None) -> cst.Arg:
    """An argument, without spaces around the sign of equality."""
    if keyword is None:
        return cst.Arg(value)
    none = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=none, whitespace_after=none)
    return cst.Arg(value, keyword=cst.Name(keyword), equal=equal)


class Expressions:
    """The values of :func:`scribal.legacy.changes.calls.modern_call` as expressions of a program.

    Args:
        program: Where the expressions come from.
        spelling: How names are written there.
    """

    def __init__(self, program: Program, spelling: Spelling) -> None:
        self._program = program
        self._spelling = spelling
        self._originals: dict[int, cst.BaseExpression] = {}

    def look_at(self, original: cst.Call, updated: cst.Call) -> None:
        """Say which arguments are those of a call, as it was: only that is known to the program's metadata."""
        pairs = zip(original.args, updated.args, strict=True)
        self._originals = {id(new.value): old.value for old, new in pairs}

    def _assigned(self, name: cst.Name) -> cst.BaseExpression | None:
        """The one value that a variable has."""
        original = self._originals.get(id(name))
        assigned = self._program.assigned(original) if isinstance(original, cst.Name) else None
        return assigned[0] if assigned is not None and len(assigned) == 1 else None

    def literal(self, value: cst.BaseExpression) -> object:
        """What an expression writes down; of variables, whole numbers that are given once."""
        if isinstance(value, cst.Name):
            assigned = self._assigned(value)
            number = literal(assigned) if assigned is not None else UNKNOWN
            if isinstance(number, int) and not isinstance(number, bool):
                return number
        return literal(value)

    def parts(self, value: cst.BaseExpression) -> list[cst.BaseExpression] | None:
        """The elements of a list or tuple that is written down."""
        if isinstance(value, cst.Name):
            return self._by_index(value)
        if not isinstance(value, cst.List | cst.Tuple):
            return None
        if any(isinstance(element, cst.StarredElement) for element in value.elements):
            return None
        return [element.value for element in value.elements]

    def _by_index(self, name: cst.Name) -> list[cst.BaseExpression] | None:
        """The elements of a variable that is one list or tuple and no other."""
        whole = self._assigned(name)
        if isinstance(whole, cst.Name) or whole is None or self.parts(whole) is None:
            return None
        numbers = range(len(self.parts(whole) or ()))
        return [cst.parse_expression(f"{name.value}[{number}]") for number in numbers]

    def is_list(self, value: cst.BaseExpression) -> bool:
        """Whether it is a list that is written down."""
        return isinstance(value, cst.List)

    def items(self, value: cst.BaseExpression) -> dict[str, cst.BaseExpression] | None:
        """What stands under the words of a dict that is written down."""
        if not isinstance(value, cst.Dict):
            return None
        pairs = [(literal(each.key), each.value) for each in value.elements if isinstance(each, cst.DictElement)]
        found = {key: each for key, each in pairs if isinstance(key, str)}
        return found if len(found) == len(value.elements) else None

    def constant(self, value: object) -> cst.BaseExpression:
        """A plain Python value."""
        return constant(value)

    def sequence(self, parts: list[cst.BaseExpression]) -> cst.BaseExpression:
        """A tuple, in parentheses."""
        comma = cst.Comma() if len(parts) == 1 else cst.MaybeSentinel.DEFAULT
        return cst.Tuple([cst.Element(part.deep_clone(), comma=comma) for part in parts])

    def listed(self, parts: list[cst.BaseExpression]) -> cst.BaseExpression:
        """A list."""
        return cst.List([cst.Element(part) for part in parts])

    def mapping(self, items: dict[str, cst.BaseExpression]) -> cst.BaseExpression:
        """A dict."""
        return cst.Dict([cst.DictElement(constant(key), value) for key, value in items.items()])

    def call(
        self, name: str, positional: list[cst.BaseExpression], keywords: dict[str, cst.BaseExpression]
    ) -> cst.BaseExpression:
        """A call, its name written as the program's imports allow."""
        named = [argument(value, keyword) for keyword, value in keywords.items()]
        return cst.Call(self._spelling.spell(name), [*map(argument, positional), *named])

    def batches(
        self, samples: cst.BaseExpression, generator: cst.BaseExpression
    ) -> tuple[cst.BaseExpression, cst.BaseExpression]:
        """The samples by the size of a batch, where that can be seen; and the generator as it is."""
        size = self._batch_size(generator)
        if size is None:
            return samples, generator
        count, each = literal(samples), literal(size)
        if isinstance(count, int) and isinstance(each, int) and each:
            return constant(-(-count // each)), generator
        return cst.BinaryOperation(_in_parentheses(samples), cst.FloorDivide(), _in_parentheses(size)), generator

    def branches(
        self, models: list[cst.BaseExpression], merging: cst.BaseExpression
    ) -> tuple[cst.BaseExpression, cst.BaseExpression]:
        """``[*left.inputs, *right.inputs]``, and the layer called on ``[left.outputs[0], right.outputs[0]]``.

        Raises:
            NoModernFormError: A model is made where it is merged, so that nothing can be asked of it.
        """
        names = [model.value for model in models if isinstance(model, cst.Name)]
        if len(names) < len(models):
            raise NoModernFormError(
                "A model that is merged must have a name of its own",
                received="a model that is made in the list",
                advice="Give it to a variable first",
            )
        inputs = cst.parse_expression(f"[{', '.join(f'*{name}.inputs' for name in names)}]")
        outputs = cst.parse_expression(f"[{', '.join(f'{name}.outputs[0]' for name in names)}]")
        return inputs, cst.Call(merging, [cst.Arg(outputs)])

    def _batch_size(self, generator: cst.BaseExpression) -> cst.BaseExpression | None:
        """How many samples a generator gives at once: what it is told, or the program's variable of that name."""
        if isinstance(generator, cst.Name):
            generator = self._assigned(generator) or generator
        if isinstance(generator, cst.Call):
            for arg in generator.args:
                if arg.keyword is not None and arg.keyword.value == "batch_size":
                    return arg.value.deep_clone()
            if isinstance(generator.func, cst.Attribute) and generator.func.attr.value.startswith("flow"):
                return constant(_BATCH_OF_FLOW)
        names = {assignment.name for assignment in self._program.global_scope.assignments}
        return next((cst.Name(name) for name in ("batch_size", "BATCH_SIZE", "batchsize") if name in names), None)


def _in_parentheses(expression: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(expression, cst.Name | cst.Integer | cst.Call | cst.Attribute | cst.Subscript) or expression.lpar:
        return expression
    return expression.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _written(value: object) -> str:
    if isinstance(value, str):
        text = repr(value)
        return text if '"' in text or "\\" in text else f'"{text[1:-1]}"'
    if isinstance(value, tuple | list):
        inside = ", ".join(map(_written, value))
        if isinstance(value, list):
            return f"[{inside}]"
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_written(key)}: {_written(each)}" for key, each in value.items()) + "}"
    return repr(value)


def rearranged(old: Sequence[cst.Arg], new: Sequence[tuple[str | None, cst.BaseExpression]]) -> list[cst.Arg]:
    """Arguments in new order and under new names, with the commas, line breaks and comments of the old ones.

    Args:
        old: The arguments as they are written.
        new: Keyword (None for one by position) and value of each; values that are those of ``old`` keep their form.
    """
    ending = old[-1] if old else cst.Arg(cst.Name("none"))
    comma = next((arg.comma for arg in old if isinstance(arg.comma, cst.Comma)), cst.MaybeSentinel.DEFAULT)
    places = {id(arg.value): place for place, arg in enumerate(old)}
    after = [*(places.get(id(value)) for _, value in new[1:]), None]
    stays = {places[id(value)] for _, value in new if id(value) in places}
    result: list[cst.Arg] = []
    for (keyword, value), following in zip(new, after, strict=True):
        place = places.get(id(value))
        arg = argument(value, keyword) if place is None else _renamed(old[place], keyword)
        before = following - 1 if following else None
        if len(result) == len(new) - 1:
            arg = arg.with_changes(comma=ending.comma, whitespace_after_arg=ending.whitespace_after_arg)
        elif before is not None and before not in stays:  # the line ends where that of what is gone ended
            arg = arg.with_changes(comma=old[before].comma)
        elif place is None or old[place] is ending or not isinstance(arg.comma, cst.Comma):
            arg = arg.with_changes(comma=_between(comma), whitespace_after_arg=cst.SimpleWhitespace(""))
        result.append(arg)
    return result


def _renamed(arg: cst.Arg, keyword: str | None) -> cst.Arg:
    if keyword is None:
        return arg.with_changes(keyword=None, equal=cst.MaybeSentinel.DEFAULT)
    if arg.keyword is not None:
        return arg.with_changes(keyword=cst.Name(keyword))
    return argument(arg.value, keyword).with_changes(comma=arg.comma)


def _between(comma: cst.Comma | cst.MaybeSentinel) -> cst.Comma | cst.MaybeSentinel:
    """A comma as those between the other arguments, without their comments."""
    if not isinstance(comma, cst.Comma):
        return comma
    space = comma.whitespace_after
    if isinstance(space, cst.ParenthesizedWhitespace):
        space = cst.ParenthesizedWhitespace(indent=space.indent, last_line=space.last_line)
    return cst.Comma(whitespace_after=space)
