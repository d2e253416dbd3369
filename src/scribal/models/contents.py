"""What a look into a model file finds before Keras reads it."""

import dataclasses
from pathlib import Path
from typing import Any

from scribal.models.foreign import parse_json, refuse_code
from scribal.models.metadata import Metadata

__all__ = ["Contents", "parse_contents"]


@dataclasses.dataclass(frozen=True)
class Contents:
    """A model file's own description of itself.

    Attributes:
        config: The architecture as Keras serialised it.
        metadata: What scribal wrote beside it; ``None`` in a file that scribal did not write.
    """

    config: dict[str, Any]
    metadata: Metadata | None


def parse_contents(config_text: bytes, metadata: Metadata | None, path: Path) -> Contents:
    """Read an architecture's JSON text and refuse it if it brings code.

    Raises:
        ModelError: The text describes no Keras model, or one with code in it.
    """
    config = parse_json(config_text, path)
    refuse_code(config, path)
    return Contents(config, metadata)
