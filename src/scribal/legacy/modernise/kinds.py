"""What an expression is, as far as the source shows: a model, what ``fit`` gives back, an answer of ``predict``."""

import enum

import libcst as cst
from libcst import metadata

from scribal.legacy.modernise.program import Program

__all__ = ["Kind", "Kinds"]

_DEEPEST = 100


class Kind(enum.Enum):
    """What is known of a value."""

    MODEL = "a Keras model"
    LAYER = "one of a model's layers"
    LAYERS = "the list of a model's layers"
    HISTORY = "the History that fit returns"
    RECORD = "a History's dict of lists"
    LOGS = "what a callback is told of an epoch"
    ANSWER = "an array of probabilities, one row for each sample"
    CLASSES = "an array of classes, one for each sample"
    ROW = "the answer for one sample"
    TENSOR = "a tensor of a network, without values"
    WEIGHTS = "a list of a layer's arrays"


_ARRAYS = {Kind.ANSWER, Kind.CLASSES, Kind.ROW}
_RESHAPED = ("flatten", "ravel", "reshape", "squeeze")
_ELEMENTS: dict[Kind | None, Kind] = {Kind.ANSWER: Kind.ROW, Kind.LAYERS: Kind.LAYER, Kind.WEIGHTS: Kind.ROW}
_MAKERS = {
    "keras.Sequential",
    "keras.Model",
    "keras.Network",
    "keras.models.clone_model",
    "keras.models.load_model",
    "keras.models.model_from_config",
    "keras.models.model_from_json",
    "keras.models.model_from_yaml",
    "keras.saving.load_model",
}
_TENSORS = {"input", "inputs", "output", "outputs"}
_FITS = ("fit", "fit_generator")
_ANSWERS = (
    "predict", "predict_classes", "predict_proba", "predict_generator", "predict_on_batch", "test_on_batch",
)  # fmt: skip
_ONLY_KERAS = (
    "evaluate_generator", "fit_generator", "load_weights", "predict_classes", "predict_generator", "save_weights",
    "train_on_batch", "test_on_batch", "predict_on_batch", "to_yaml",
)  # fmt: skip
_ONLY_KERAS_KEYWORDS = {"nb_epoch", "epochs", "validation_data", "validation_split", "show_accuracy", "batch_size"}


class Kinds:
    """Finds out what expressions are, by the assignments, calls and functions of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._functions: dict[str, list[cst.FunctionDef]] = {}
        for function in program.walk(cst.FunctionDef):
            self._functions.setdefault(function.name.value, []).append(function)
        self._attributes: dict[str, list[cst.BaseExpression]] = {}
        for assign in program.walk(cst.Assign):
            for target in assign.targets:
                if isinstance(target.target, cst.Attribute):
                    self._attributes.setdefault(target.target.attr.value, []).append(assign.value)
        self._known: dict[cst.CSTNode, Kind | None] = {}

    def of(self, node: cst.BaseExpression, depth: int = 0) -> Kind | None:
        """What an expression is; None if the source does not show it."""
        if depth > _DEEPEST:
            return None
        if node not in self._known:
            self._known[node] = None  # what refers to itself is decided by the rest
            self._known[node] = self._find(node, depth + 1)
        return self._known[node]

    def is_model_call(self, call: cst.Call) -> bool:
        """Whether a call is one of a model's methods, by what it is called on or by what only Keras has."""
        if not isinstance(call.func, cst.Attribute):
            return False
        if self.of(call.func.value) is Kind.MODEL:
            return True
        method = call.func.attr.value
        if method in _ONLY_KERAS:
            return self._program.qualified(call.func) is None
        keywords = {arg.keyword.value for arg in call.args if arg.keyword is not None}
        if method == "compile":
            return bool(keywords & {"loss", "optimizer"})
        return method in {"fit", "evaluate", "predict"} and bool(keywords & _ONLY_KERAS_KEYWORDS)

    def is_sequential(self, node: cst.BaseExpression) -> bool:
        """Whether a variable is a ``Sequential`` wherever it is given a value, also as a parameter."""
        if not isinstance(node, cst.Name):
            return False
        values = self._program.assigned(node)
        if values is None and (parameter := self._program.parameter(node)) is not None:
            given = self._program.given(parameter)
            return bool(given) and all(self.is_sequential(value) for value in given)
        calls = [value.func if isinstance(value, cst.Call) else value for value in values or ()]
        return bool(calls) and all(
            self._program.canonical(call) in {"keras.Sequential", "keras.models.load_model"} for call in calls
        )

    def _find(self, node: cst.BaseExpression, depth: int) -> Kind | None:
        match node:
            case cst.Call():
                return self._of_call(node, depth)
            case cst.Name():
                return self._of_name(node, depth)
            case cst.Attribute():
                return self._of_attribute(node, depth)
            case cst.Subscript():
                return self._of_subscript(node, depth)
            case cst.BinaryOperation():
                return self._is_tensor([node.left, node.right], depth)
            case _:
                is_answer = isinstance(node, cst.Comparison) and self.of(node.left, depth) is Kind.ANSWER
                return Kind.ANSWER if is_answer else None

    def _of_call(self, call: cst.Call, depth: int) -> Kind | None:
        name = self._program.canonical(call.func)
        if (kind := self._of_graph(call, name or "", depth)) is not None:
            return kind
        if name in _MAKERS or (
            (name or "").startswith("keras.applications.") and (name or "").split(".")[-1][:1].isupper()
        ):
            return Kind.MODEL
        if name == "numpy.argmax" and call.args:
            of_answer = self.of(call.args[0].value, depth) is Kind.ANSWER and self._along_last_axis(call)
            return Kind.CLASSES if of_answer else None
        if name in {"numpy.round", "numpy.rint", "numpy.squeeze"} and call.args:
            return self.of(call.args[0].value, depth)
        of_method = self._of_method(call, call.func, depth) if isinstance(call.func, cst.Attribute) else None
        return of_method or self._of_function(call, depth)

    def _of_graph(self, call: cst.Call, name: str, depth: int) -> Kind | None:
        """A layer that is made, or a tensor that a layer or an operation gives of another."""
        if name == "keras.Input":
            return Kind.TENSOR
        module, _, last = name.rpartition(".")
        if module == "keras.layers" and last[:1].isupper():
            return Kind.LAYER
        is_operation = name.startswith(("keras.", "tensorflow.")) and name not in _MAKERS
        if is_operation or self.of(call.func, depth) in {Kind.LAYER, Kind.MODEL}:
            return self._is_tensor([arg.value for arg in call.args], depth)
        return None

    def _is_tensor(self, parts: list[cst.BaseExpression], depth: int) -> Kind | None:
        elements = [
            element.value for part in parts if isinstance(part, cst.List | cst.Tuple) for element in part.elements
        ]
        return Kind.TENSOR if any(self.of(each, depth) is Kind.TENSOR for each in [*parts, *elements]) else None

    def _of_method(self, call: cst.Call, func: cst.Attribute, depth: int) -> Kind | None:
        method, owner = func.attr.value, self.of(func.value, depth)
        if method == "get_weights":
            return Kind.WEIGHTS
        if method in _FITS and self.is_model_call(call):
            return Kind.HISTORY
        if owner is Kind.MODEL and (method in _ANSWERS or method == "get_layer"):
            return Kind.ANSWER if method in _ANSWERS else Kind.LAYER
        if owner in _ARRAYS and method in _RESHAPED:
            return Kind.ROW
        return owner if method == "astype" else None

    @staticmethod
    def _along_last_axis(call: cst.Call) -> bool:
        rest = [arg for arg in call.args[1:] if arg.keyword is None or arg.keyword.value == "axis"]
        return bool(rest)

    def _of_function(self, call: cst.Call, depth: int) -> Kind | None:
        """What a function or method of the program returns, or a model's class of its own."""
        name = call.func.value if isinstance(call.func, cst.Name) else None
        if isinstance(call.func, cst.Attribute):
            name = call.func.attr.value
        if name is None or self._program.qualified(call.func) is not None:
            return None
        for function in self._functions.get(name, []):
            for returned in self._program.walk(cst.Return, function.body):
                if returned.value is not None and (kind := self.of(returned.value, depth)) is not None:
                    return kind
        for definition in self._program.walk(cst.ClassDef):
            bases = {self._program.canonical(base.value) for base in definition.bases}
            if definition.name.value == name and bases & {"keras.Model", "keras.Sequential"}:
                return Kind.MODEL
        return None

    def _of_name(self, name: cst.Name, depth: int) -> Kind | None:
        scope = self._program.scopes.get(name)
        if scope is None:
            return None
        for assignment in self._in_order(name, list(scope[name.value])):
            kind = self._of_assignment(assignment, depth)
            if kind is not None:
                return kind
        return None

    def _in_order(self, name: cst.Name, assignments: list[metadata.BaseAssignment]) -> list[metadata.BaseAssignment]:
        """The last assignment above a name first: ``h`` is a tensor here, and the History of a fit further down."""
        scope, own = self._program.scopes.get(name), self._program.line(name)
        lines = {}
        for assignment in assignments:
            node = getattr(assignment, "node", None)
            if node is None or assignment.scope is not scope:
                return assignments
            lines[id(assignment)] = self._program.line(node)
        # On the line itself, what stands to the left is given a value after what stands to the right was asked for.
        return sorted(assignments, key=lambda each: (lines[id(each)] >= own, -lines[id(each)]))

    def _of_assignment(self, assignment: metadata.BaseAssignment, depth: int) -> Kind | None:
        node = getattr(assignment, "node", None)
        value = self._program.value_of(assignment)
        if value is not None:
            return self.of(value, depth)
        parent = self._program.parents.get(node) if node is not None else None
        if isinstance(node, cst.Param):
            return self._of_parameter(node, depth)
        if isinstance(parent, cst.Param):
            return self._of_parameter(parent, depth)
        if isinstance(parent, cst.For | cst.CompFor):
            return _ELEMENTS.get(self.of(parent.iter, depth))
        if isinstance(parent, cst.Element):  # W, b = layer.get_weights()
            whole = self._program.parents.get(self._program.parents[self._program.parents[parent]])
            taken = self.of(whole.value, depth) if isinstance(whole, cst.Assign) else None
            return Kind.ROW if taken is Kind.WEIGHTS else None
        return None

    def _of_parameter(self, parameter: cst.Param, depth: int) -> Kind | None:
        """What a function's callers give it."""
        parameters = self._program.parents.get(parameter)
        function = self._program.parents.get(parameters) if parameters is not None else None
        name = parameter.name.value
        if isinstance(function, cst.Lambda) and name == "logs":
            return Kind.LOGS
        if not isinstance(function, cst.FunctionDef):
            return None
        if name == "logs" and function.name.value.startswith("on_"):
            return Kind.LOGS
        for value in self._program.given(parameter):
            if (kind := self.of(value, depth)) is not None:
                return kind
        return Kind.MODEL if name == "model" and self._program.uses_keras else None

    def _of_attribute(self, node: cst.Attribute, depth: int) -> Kind | None:
        of = self.of(node.value, depth)
        if node.attr.value == "history" and of is not None:
            return {Kind.HISTORY: Kind.RECORD, Kind.MODEL: Kind.HISTORY}.get(of)
        if node.attr.value == "layers" and of is Kind.MODEL:
            return Kind.LAYERS
        if node.attr.value in _TENSORS and of in {Kind.MODEL, Kind.LAYER}:
            return Kind.TENSOR
        if of is not None or self._program.qualified(node) is not None:
            return None
        for value in self._attributes.get(node.attr.value, []):
            if (kind := self.of(value, depth)) is not None:
                return kind
        is_keras = self._program.uses_keras and node.attr.value == "history"
        return Kind.RECORD if is_keras else None  # of one History among several

    def _of_subscript(self, node: cst.Subscript, depth: int) -> Kind | None:
        of = self.of(node.value, depth)
        if of is Kind.TENSOR:
            return of
        is_slice = [isinstance(element.slice, cst.Slice) for element in node.slice]
        if is_slice == [True]:
            return of if of in _ARRAYS or of in _ELEMENTS else None
        if any(is_slice):
            return Kind.ROW if of in _ARRAYS else None
        return _ELEMENTS.get(of) if len(node.slice) == 1 else None
