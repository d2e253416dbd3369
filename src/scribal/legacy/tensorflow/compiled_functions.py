"""``tf.function``: a Python function that JAX compiles.

At the first call with arguments of some shape it is followed twice, as by TensorFlow: once for the variables that
models and optimizers make and read, which then get their first values, and once to be compiled with these. What cannot
be compiled, since its Python asks for values, runs as it stands.
"""

import functools
import itertools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import MethodType
from typing import Any

import numpy as np

from scribal.backend import import_keras

__all__ = ["CompiledFunction", "NotCompiledError", "is_compiling", "printed"]

_MOST_ATTEMPTS = 4


class NotCompiledError(Exception):
    """Raised where a function that is being compiled does what only Python can do."""


class _MoreVariablesError(Exception):
    """A function uses variables that were not known."""


@dataclass
class _Form:
    """A function for arguments of one shape.

    Attributes:
        variables: What it reads and changes, by identity.
        compiled: Gives tensors and the new values of ``changed``; ``None`` before it is compiled.
        changed: The variables that it gives new values.
        rebuild: Makes its result of tensors.
        stays: Whether it is Python for good.
    """

    variables: dict[int, Any] = field(default_factory=dict)
    compiled: Callable[..., Any] | None = None
    changed: list[Any] = field(default_factory=list)
    rebuild: Callable[[Sequence[Any]], Any] = list
    stays: bool = False


class CompiledFunction:
    """A function under ``@tf.function``.

    Args:
        function: The Python function.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        functools.update_wrapper(self, function)
        self.python_function = function
        self._forms: dict[Any, _Form] = {}
        self._kept: list[Any] = []

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        keras = import_keras()
        given = (list(args), kwargs)
        leaves = keras.tree.flatten(given)
        if is_compiling() or any(_is_symbolic(leaf) for leaf in leaves):
            return self.python_function(*args, **kwargs)
        leaves = [keras.ops.convert_to_tensor(leaf) if _is_array(leaf) else leaf for leaf in leaves]
        form = self._form_of(keras.tree.map_structure(lambda _: 0, given), leaves)
        if form is None or form.stays:
            return self._in_python(given, leaves)
        return self._compiled(form, given, leaves)

    def get_concrete_function(self, *_: Any, **__: Any) -> "CompiledFunction":
        """Give the function itself, which takes arguments of any shape."""
        return self

    def _in_python(self, given: Any, leaves: Sequence[Any]) -> Any:
        args, kwargs = import_keras().tree.pack_sequence_as(given, leaves)
        return self.python_function(*args, **kwargs)

    def _form_of(self, nesting: Any, leaves: Sequence[Any]) -> _Form | None:
        """The form for such arguments; ``None`` if they cannot be told from others."""
        marks: list[tuple[Any, Any]] = []
        for leaf in leaves:
            if _is_array(leaf):
                marks.append((leaf.shape, str(leaf.dtype)))
            elif isinstance(leaf, bool | int | float | str | None):
                marks.append((type(leaf), leaf))
            else:
                marks.append((type(leaf), id(leaf)))
                if not any(leaf is each for each in self._kept):
                    self._kept.append(leaf)  # so that no other gets its identity
        return self._forms.setdefault((repr(nesting), tuple(marks)), _Form())

    def _compiled(self, form: _Form, given: Any, leaves: Sequence[Any]) -> Any:
        arrays = [leaf for leaf in leaves if _is_array(leaf)]
        for _ in range(_MOST_ATTEMPTS):
            try:
                form.compiled = form.compiled or self._compile(form, given, leaves)
                if not form.variables:
                    _with_first_values(form.compiled, arrays)
                results, values = form.compiled([variable.value for variable in form.variables.values()], arrays)
            except _MoreVariablesError:
                form.compiled = None
                continue
            except Exception:  # noqa: BLE001 (whatever is wrong, Python says it in the program's own words)
                break
            for variable, value in zip(form.changed, values, strict=True):
                variable.assign(value)
            return form.rebuild(results)
        form.stays = True
        return self._in_python(given, leaves)

    def _compile(self, form: _Form, given: Any, leaves: Sequence[Any]) -> Callable[..., Any]:
        import jax

        keras = import_keras()
        scope_class = _scope_class()
        variables = list(form.variables.values())

        def pure(values: Sequence[Any], arrays: Sequence[Any]) -> tuple[list[Any], list[Any]]:
            following = iter(arrays)
            mixed = [next(following) if _is_array(leaf) else leaf for leaf in leaves]
            with scope_class(zip(variables, values, strict=True)) as scope:
                result = self._in_python(given, mixed)
                parts = [_value(part) for part in keras.tree.flatten(result)]
                values = [scope.get_current_value(variable) for variable in scope.changed]
            missing = [variable for variable in scope.met.values() if id(variable) not in form.variables]
            form.variables.update((id(variable), variable) for variable in missing)
            if missing:
                raise _MoreVariablesError
            form.changed = list(scope.changed)
            form.rebuild = functools.partial(_rebuilt, result, [_is_array(part) for part in parts], parts)
            return [part for part in parts if _is_array(part)], values

        return jax.jit(pure)


def _with_first_values(function: Callable[..., Any], arrays: Sequence[Any]) -> None:
    """Follow a function that may make variables, which get their values when Keras' outermost scope is left.

    Raises:
        _MoreVariablesError: It uses variables.
    """
    import jax

    with import_keras().StatelessScope():
        jax.eval_shape(function, [], arrays)


def _rebuilt(result: Any, is_tensor: Sequence[bool], parts: Sequence[Any], tensors: Sequence[Any]) -> Any:
    following = iter(tensors)
    leaves = [next(following) if tensor else part for tensor, part in zip(is_tensor, parts, strict=True)]
    return import_keras().tree.pack_sequence_as(result, leaves)


def is_compiling() -> bool:
    """Whether JAX follows what is computed now, so that there are no values."""
    import jax

    keras = import_keras()
    asked = keras.src.backend.common.stateless_scope.in_stateless_scope()
    return bool(asked) or isinstance(jax.numpy.zeros(()), jax.core.Tracer)


def _is_symbolic(leaf: Any) -> bool:
    import jax

    return isinstance(leaf, jax.core.Tracer) or bool(import_keras().backend.is_keras_tensor(leaf))


def _is_array(leaf: Any) -> bool:
    import jax

    return isinstance(leaf, jax.Array | np.ndarray | np.generic)


def _value(part: Any) -> Any:
    return part.value if isinstance(part, import_keras().Variable) else part


@functools.cache
def _scope_class() -> Any:
    scope: Any = import_keras().StatelessScope

    class Scope(scope):  # type: ignore[misc] # Keras has no types
        """Keeps the values of variables, and which of them were asked for."""

        def __init__(self, values: Any) -> None:
            first, second = itertools.tee(values)
            super().__init__(first, collect_losses=True)
            self.met: dict[int, Any] = {id(variable): variable for variable, _ in second}
            self._changed: dict[int, Any] = {}

        @property
        def changed(self) -> list[Any]:
            """The variables that were given another value."""
            return list(self._changed.values())

        def get_current_value(self, variable: Any) -> Any:
            """As Keras has it."""
            self.met.setdefault(id(variable), variable)
            return super().get_current_value(variable)

        def add_update(self, update: Any) -> None:
            """As Keras has it."""
            variable, _ = update
            self.met.setdefault(id(variable), variable)
            self._changed[id(variable)] = variable
            super().add_update(update)

    return Scope


def printed(*inputs: Any, sep: str = " ", end: str = "\n", output_stream: Any = None, **_: Any) -> None:
    """``tf.print``: each time, also from a function that is compiled."""
    if is_compiling():
        raise NotCompiledError
    parts = [np.array2string(np.asarray(part), threshold=6) if _is_array(part) else part for part in inputs]
    print(*parts, sep=sep, end=end, file=output_stream if hasattr(output_stream, "write") else sys.stderr)
