"""What Keras programs of TensorFlow 1 set up around a model, and what sessions may still be asked: next to nothing."""

from types import TracebackType
from typing import Any, Self

from scribal.legacy.changes.refusals import instead_of
from scribal.legacy.importing.lookup import GoneError
from scribal.legacy.journal import current_journal

__all__ = ["ConfigProto", "GPUOptions", "Graph", "Nothing", "OptimizerOptions", "Session"]


class ConfigProto:
    """Settings of a session: any may be set, none does anything.

    Args:
        settings: By name.
    """

    def __init__(self, **settings: Any) -> None:
        vars(self).update(settings)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        value = ConfigProto()
        setattr(self, name, value)
        return value


GPUOptions = OptimizerOptions = ConfigProto


class Nothing:
    """What is done already, such as giving weights their first values."""


class _Context:
    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Graph(_Context):
    """A graph that holds nothing: models are called at once."""

    def as_default(self) -> Self:
        """Give what a ``with`` statement takes."""
        return self

    def finalize(self) -> None:
        """Do nothing."""


class Session(_Context):
    """A session that may be made, set and closed, as Keras programs did to set up a device.

    Args:
        target: Ignored.
        graph: Ignored.
        config: Ignored.
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: ConfigProto | None = None) -> None:
        self.target = target
        self.graph = graph or Graph()
        self.config = config

    def as_default(self) -> Self:
        """Give what a ``with`` statement takes."""
        return self

    def close(self) -> None:
        """Do nothing."""

    def run(self, fetches: Any, feed_dict: Any = None, **_: Any) -> None:
        """Give weights their first values, which they have; anything else is refused.

        Raises:
            GoneError: Values are asked for.
        """
        wanted = fetches if isinstance(fetches, list | tuple) else [fetches]
        if feed_dict is None and all(isinstance(fetch, Nothing) for fetch in wanted):
            return
        advice = instead_of("tensorflow.Session") or ""
        current_journal().refused("tensorflow.Session.run", advice)
        raise GoneError(
            "Keras 3 has no sessions: nothing is left to be run",
            received="Session.run(...)",
            advice=f"{advice[0].upper()}{advice[1:]}",
        )
