"""What was measured, as one JSON file; a part measured anew replaces only itself."""

import json
from pathlib import Path
from typing import Any

from scribal.files import write_json

__all__ = ["RESULTS", "read_results", "record", "write_results"]

RESULTS = Path(__file__).parent / "results.json"


def read_results(path: Path = RESULTS) -> dict[str, Any]:
    """Read results; none where there is no file."""
    if not path.exists():
        return {}
    results: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return results


def record(results: dict[str, Any], part: str, workload: str, figures: dict[str, Any]) -> None:
    """Put the figures of a workload into the results, and the libraries' versions where they belong."""
    results.setdefault("versions", {}).update(figures.pop("versions", {}))
    results.setdefault(part, {})[workload] = figures


def write_results(results: dict[str, Any], path: Path = RESULTS) -> None:
    """Write results, whole or not at all."""
    write_json(path, results)
