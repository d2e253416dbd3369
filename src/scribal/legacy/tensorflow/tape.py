"""``tf.GradientTape``: gradients of what was computed inside a ``with`` block, on JAX."""

import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from scribal.backend import import_keras
from scribal.exceptions import ArgumentError
from scribal.legacy.journal import current_journal
from scribal.legacy.tensorflow.variables import noticed_variables

if TYPE_CHECKING:
    from scribal.legacy.tensorflow.recording import Recording

__all__ = ["GradientTape"]


class GradientTape:
    """Follows what is computed from variables and tensors.

    Args:
        persistent: Whether gradients may be asked for more than once.
        watch_accessed_variables: Ignored: every variable and tensor is followed.
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:  # noqa: FBT001, FBT002
        del watch_accessed_variables
        self._persistent = persistent
        self._recording: Recording | None = _new_recording()
        self._variables: dict[int, tuple[Any, list[Any]]] = {}
        self._block = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self._recording = self._recording or _new_recording()
        self._block.enter_context(noticed_variables(self._notice))
        self._block.enter_context(self._recording.listening())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._block.close()

    def watch(self, tensor: Any) -> None:
        """Do nothing: every tensor is followed."""

    def watched_variables(self) -> tuple[Any, ...]:
        """The trainable variables that were read, in order."""
        return tuple(variable for variable, _ in self._variables.values() if variable.trainable)

    def stop_recording(self) -> contextlib.AbstractContextManager[None]:
        """Go on: what is not asked for is not computed."""
        return contextlib.nullcontext()

    def reset(self) -> None:
        """Forget what was computed."""
        self._block.close()
        self._recording = None
        self.__enter__()

    def gradient(
        self, target: Any, sources: Any, output_gradients: Any = None, unconnected_gradients: Any = "none"
    ) -> Any:
        """The derivative of the sum of a tensor, or of several.

        Args:
            target: What was computed inside the block.
            sources: Variables or tensors, in any nesting.
            output_gradients: What each value of the target counts.
            unconnected_gradients: ``"zero"`` gives zeros where the target does not depend on a source.

        Returns:
            Tensors in the nesting of ``sources``; ``None`` where the target does not depend on a source.

        Raises:
            ArgumentError: It is the second time, and the tape is not persistent.
        """
        keras = import_keras()
        if self._recording is None:
            raise ArgumentError(
                "A tape that is not persistent gives gradients once",
                received="a second call of gradient()",
                advice="Write GradientTape(persistent=True)",
            )
        targets = [_array(each) for each in keras.tree.flatten(target)]
        weights = [None] * len(targets) if output_gradients is None else keras.tree.flatten(output_gradients)
        wanted = keras.tree.flatten(sources)
        arrays = [self._values_of(source) for source in wanted]
        found = [self._recording.gradients(each, arrays, weight) for each, weight in zip(targets, weights, strict=True)]
        sums = [_sum(parts) for parts in zip(*found, strict=True)]
        if str(unconnected_gradients) == "zero":
            pairs = zip(wanted, sums, strict=True)
            sums = [keras.ops.zeros_like(source) if value is None else value for source, value in pairs]
        if not self._persistent:
            self._recording = None
        current_journal().ran("gradient", "Keras", "Gradients by hand are taken by JAX")
        return keras.tree.pack_sequence_as(sources, sums)

    def _notice(self, variable: Any, value: Any) -> None:
        _, values = self._variables.setdefault(id(variable), (variable, []))
        if not any(value is each for each in values):
            values.append(value)

    def _values_of(self, source: Any) -> list[Any]:
        if isinstance(source, import_keras().Variable):
            return self._variables.get(id(source), (source, []))[1]
        return [source]


def _new_recording() -> "Recording":
    # JAX is imported with Keras, which chooses the device, and not with tensorflow.
    import_keras()
    from scribal.legacy.tensorflow.recording import Recording

    return Recording()


def _array(tensor: Any) -> Any:
    keras = import_keras()
    return tensor.value if isinstance(tensor, keras.Variable) else keras.ops.convert_to_tensor(tensor)


def _sum(parts: Any) -> Any:
    given = [part for part in parts if part is not None]
    return sum(given[1:], given[0]) if given else None
