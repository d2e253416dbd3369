"""The pass over names of files: Keras 3 saves weights as ``*.weights.h5`` and models as ``*.keras`` or ``*.h5`` only.

A name that the program gives to ``save_weights`` gets the ending, and so does every ``load_weights`` of that name, and
the pattern by which ``glob`` finds checkpoints. A name may stand in the call, in a variable, or at the end of an
expression such as ``folder + "/weights.h5"``. TensorFlow's own forms made the folder of a file; it is made beforehand.
"""

import fnmatch
import posixpath
import re
from collections.abc import Iterator

import libcst as cst

from scribal.legacy.changes.callbacks import modern_file_name, modern_keys
from scribal.legacy.modernise.expressions import literal
from scribal.legacy.modernise.imports import add_imports
from scribal.legacy.modernise.kinds import Kind, Kinds
from scribal.legacy.modernise.program import Program
from scribal.legacy.modernise.rewriting import Remark, Rewriting
from scribal.legacy.modernise.words import words_of

__all__ = ["modernise_file_names"]

_WEIGHTS = {"load_weights": True, "save_weights": True, "load_model": False, "save": False}
_TRAINING = {"fit", "fit_generator", "train_on_batch"}
_COMPILED_AGAIN = "compile it again before it is trained, or save it as .keras: Keras 3 does not restore its optimizer"
_PATHS = {"os.path.join", "pathlib.Path", "builtins.str"}
_QUESTIONS = {"os.path.exists", "os.path.isfile", "os.path.getsize", "os.remove", "pathlib.Path"}
_PATTERNS = {"fnmatch.filter", "fnmatch.fnmatch", "glob.glob", "glob.iglob"}
_FIELD = re.compile(r"\{[^}]*\}|%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")
_NUMBER = r"[-+.\de]+"
_ENDINGS = (".weights.h5", ".hdf5", ".h5", ".keras", "")


def modernise_file_names(program: Program) -> tuple[cst.Module, list[Remark]]:
    """Give files the endings that Keras 3 asks for.

    Returns:
        The program, and the calls whose file name is made where it cannot be seen.
    """
    transformer = _FileNames(program)
    module = program.module.visit(transformer)
    return add_imports(module, transformer.spelling.wanted), transformer.remarks


class _FileNames(Rewriting):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._kinds = Kinds(program)
        self._new: dict[cst.CSTNode, str] = {}
        self._folders: dict[cst.CSTNode, cst.BaseExpression] = {}  # by the call that saves there
        self._written: dict[str, str] = {}
        uses = list(self._uses())
        loads = [(call, self._ends(name)) for call, name, weights in uses if not weights and self._is_trained_on(call)]
        again = {str(text.evaluated_value) for _, texts in loads for text in texts}
        for call, name, weights in uses:
            if _is_saving(call):
                self._name_saved(call, name, again, weights=weights)
        for call, name, weights in uses:
            if not _is_saving(call):
                self._name_loaded(call, name, weights=weights)
        for call, texts in loads:
            if texts and not any(self._new.get(text, "").endswith(".keras") for text in texts):
                self.remark(call, "a model from HDF5 that is trained on", _COMPILED_AGAIN)
        for text in program.walk(cst.SimpleString):
            if text not in self._new and isinstance(text.evaluated_value, str) and self._is_question(text):
                old = text.evaluated_value
                self._new[text] = self._written.get(old) or _like(old, self._written) or old

    def _name_saved(self, call: cst.Call, name: cst.BaseExpression, again: set[str], *, weights: bool) -> None:
        """Decide the names of what is written; what is trained on once it was loaded cannot be HDF5."""
        texts = self._ends(name)
        for text in texts:
            old = str(text.evaluated_value)
            is_again = not weights and old in again
            new = posixpath.splitext(old)[0] + ".keras" if is_again else modern_file_name(old, weights=weights)
            self._written[old] = self._new[text] = new
        is_joined = isinstance(name, cst.Call | cst.BinaryOperation)
        if _method(call) in {"save", "save_weights"} and any(_made_its_folder(text, is_joined) for text in texts):
            self._folders[call] = name
        if not texts and weights:
            self.remark(call, self.program.code(call.func), "end the file's name in .weights.h5")

    def _name_loaded(self, call: cst.Call, name: cst.BaseExpression, *, weights: bool) -> None:
        for text in self._ends(name):
            old = str(text.evaluated_value)
            # What a function is called with may be more than a file's name, such as weights="imagenet".
            is_file = _has_no_ending(old) and not isinstance(name, cst.Name)
            new = self._written.get(old) or _like(old, self._written)
            new = new or (modern_file_name(old, weights=weights) if is_file else old)
            self._new[text] = new
            if weights and new == old and not old.endswith(".weights.h5") and old not in self._written.values():
                self._remark_foreign(call, old)

    def leave_SimpleString(self, original_node: cst.SimpleString, updated_node: cst.SimpleString) -> cst.BaseExpression:
        """Write a file's new name in the quotes of the old."""
        new = self._new.get(original_node)
        if new is None or new == original_node.evaluated_value:
            return updated_node
        return updated_node.with_changes(value=f"{updated_node.prefix}{updated_node.quote}{new}{updated_node.quote}")

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.BaseStatement | cst.FlattenSentinel[cst.BaseStatement] | cst.RemovalSentinel:
        """Make the folder of a file before the line that saves it."""
        line = super().leave_SimpleStatementLine(original_node, updated_node)
        calls = [call for call in self.program.walk(cst.Call, original_node) if call in self._folders]
        if not calls or not isinstance(line, cst.SimpleStatementLine):
            return line
        name = self._folders[calls[0]]
        folder = f"{self.program.code(self.spelling.spell('pathlib.Path'))}({self.program.code(name)}).parent"
        made = cst.parse_statement(f"{folder}.mkdir(parents=True, exist_ok=True)")
        assert isinstance(made, cst.SimpleStatementLine)
        return cst.FlattenSentinel(
            [made.with_changes(leading_lines=line.leading_lines), line.with_changes(leading_lines=[])]
        )

    def _is_trained_on(self, load: cst.Call) -> bool:
        """Whether what is loaded is trained further down as it was compiled: Keras 3 cannot, where it is from HDF5."""
        target = self.program.parents.get(load)
        if not isinstance(target, cst.Assign) or not isinstance(target.targets[0].target, cst.Name):
            return False
        name, line = target.targets[0].target.value, self.program.line(load)
        methods = [
            (self.program.line(call), call.func.attr.value)
            for call in self.program.walk(cst.Call)
            if isinstance(call.func, cst.Attribute) and self.program.code(call.func.value) == name
        ]
        told = [method for place, method in sorted(methods) if place > line and method in {"compile", *_TRAINING}]
        return bool(told) and told[0] != "compile"

    def _uses(self) -> Iterator[tuple[cst.Call, cst.BaseExpression, bool]]:
        """Calls that save or load, the name each is given, and whether it is of weights alone."""
        for call in self.program.walk(cst.Call):
            canonical = self.program.canonical(call.func)
            method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
            given = [arg.value for arg in call.args if arg.keyword is None or arg.keyword.value == "filepath"]
            if canonical == "keras.callbacks.ModelCheckpoint" and given:
                yield call, given[0], _saves_only_weights(call)
            elif canonical == "keras.models.load_model" and given:
                yield call, given[0], False
            elif canonical is None and method in _WEIGHTS and method != "load_model" and given:
                is_model = method != "save" and self._kinds.is_model_call(call)
                if is_model or self._kinds.of(call.func.value) is Kind.MODEL:  # type: ignore[attr-defined]
                    yield call, given[0], _WEIGHTS[method]

    def _ends(self, name: cst.BaseExpression) -> list[cst.SimpleString]:  # noqa: PLR0911 (a case for each way to build a name)
        """The strings that a file name may end in."""
        match name:
            case cst.SimpleString():
                return [name] if isinstance(name.evaluated_value, str) and "\\" not in name.value else []
            case cst.BinaryOperation(operator=cst.Add() | cst.Divide()):
                return self._ends(name.right)
            case cst.BinaryOperation(operator=cst.Modulo()):
                return self._ends(name.left)
            case cst.Call(func=cst.Attribute(attr=cst.Name("format"), value=template)):
                return self._ends(template)
            case cst.Call() if name.args and self.program.qualified(name.func) in _PATHS:
                return self._ends(name.args[-1].value)
            case cst.Name():
                assigned = self.program.assigned(name)
                if assigned is not None and len(assigned) == 1 and not isinstance(assigned[0], cst.List | cst.Tuple):
                    return self._ends(assigned[0])
                return words_of(self.program, name)
            case _:
                return self._default_of_option(name)

    def _default_of_option(self, value: cst.BaseExpression) -> list[cst.SimpleString]:
        """``args["weights"]`` or ``args.weights``: what ``add_argument("--weights", default=…)`` says."""
        asked = self.program.code(value.slice[0]).strip("'\"") if isinstance(value, cst.Subscript) else ""
        asked = value.attr.value if isinstance(value, cst.Attribute) else asked
        found = []
        for call in self.program.walk(cst.Call):
            if not (asked and isinstance(call.func, cst.Attribute) and call.func.attr.value == "add_argument"):
                continue
            names = {self.program.code(arg.value).strip("'\"").lstrip("-").replace("-", "_") for arg in call.args}
            defaults = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value == "default"]
            found += [each for each in defaults if asked in names and isinstance(each, cst.SimpleString)]
        return found

    def _is_question(self, text: cst.SimpleString) -> bool:
        """Whether it is asked if the file is there, or which files there are, or it is removed."""
        node: cst.CSTNode = text
        while isinstance(arg := self.program.parents.get(node), cst.Arg):
            call = self.program.parents[arg]
            if not isinstance(call, cst.Call):
                return False
            name = self.program.qualified(call.func)
            if name in _QUESTIONS | _PATTERNS or (name is None and _method(call) in {"glob", "rglob"}):
                return True
            if name not in _PATHS:
                return False
            node = call
        return False

    def _remark_foreign(self, call: cst.Call, name: str) -> None:
        if name.endswith((".h5", ".hdf5")):
            modern = modern_file_name(name, weights=True)
            self.remark(call, f"the weights in {name!r}", f"a modernised program writes them to {modern!r}")


def _like(text: str, written: dict[str, str]) -> str | None:
    """The new name, or pattern of names, for one that fits a name with fields such as ``{epoch:02d}``."""
    folder, part = posixpath.split(text)
    for old, new in written.items():
        name, renamed = posixpath.basename(old), posixpath.basename(new)
        ending = next(each for each in _ENDINGS if old.endswith(each))
        is_elsewhere = folder != posixpath.dirname(old) and part == f"*{ending}"
        numbers = _NUMBER.join(map(re.escape, _FIELD.split(name)))
        fits = fnmatch.fnmatchcase(_FIELD.sub("0", name), part) or re.fullmatch(numbers, part)
        finds_new = fnmatch.fnmatchcase(_FIELD.sub("0", renamed), part)
        if fits and not finds_new and not is_elsewhere and text.endswith(ending):
            return text.removesuffix(ending) + new[len(modern_keys(old)) - len(ending) :]
    return None


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else getattr(call.func, "value", "")


def _is_saving(call: cst.Call) -> bool:
    return _method(call) in {"save", "save_weights", "ModelCheckpoint"}


def _saves_only_weights(call: cst.Call) -> bool:
    return any(
        arg.keyword is not None and arg.keyword.value == "save_weights_only" and literal(arg.value) is True
        for arg in call.args
    )


def _made_its_folder(end: cst.SimpleString, is_joined: bool) -> bool:  # noqa: FBT001 (of a helper)
    """Whether a file was written in a form of TensorFlow's, and to a folder."""
    old = str(end.evaluated_value)
    return _has_no_ending(old) and (is_joined or posixpath.dirname(old) != "")


def _has_no_ending(name: str) -> bool:
    return not name.endswith((".h5", ".hdf5", ".keras"))
