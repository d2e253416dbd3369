"""Imports run one way: down the house that ARCHITECTURE.md draws."""

import ast
from pathlib import Path

import pytest

import scribal

ROOT = Path(scribal.__file__).parent
GROUND = {"_version", "exceptions", "files", "backend", "deferred", "garbage"}
MAY_IMPORT = {
    "engine": set(),
    "data": set(),
    "recipes": {"engine"},
    "models": {"engine"},
    "runs": {"engine", "data", "recipes", "models"},
    "explaining": {"engine", "data", "recipes", "models", "runs"},
    "reading": {"engine", "data", "recipes", "models", "runs"},
    "legacy": {"engine", "data", "recipes", "models", "runs"},
    "web": {"engine", "data", "recipes", "models", "runs", "explaining", "reading"},
    "__main__": {"cli"},
    "cli": {"engine", "data", "recipes", "models", "runs", "explaining", "reading", "legacy", "web"},
}
FILES = sorted(ROOT.rglob("*.py"))


def room_of(path):
    parts = path.relative_to(ROOT).parts
    return parts[0].removesuffix(".py")


def imported_rooms(path):
    """The top-level parts of scribal that a file imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names = [f"{node.module}.{alias.name}" if node.module == "scribal" else node.module for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.startswith("scribal."):
                yield name.split(".")[1]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_arrows(path):
    room = room_of(path)
    if room == "__init__":
        return
    allowed = GROUND | MAY_IMPORT.get(room, set()) | {room}
    assert set(imported_rooms(path)) <= allowed


def test_every_part_has_its_place():
    rooms = {room_of(path) for path in FILES} - {"__init__"}
    assert rooms <= GROUND | set(MAY_IMPORT)
