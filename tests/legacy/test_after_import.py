"""Actions wait for the import of a module, and leave no trace in how it is found or loaded."""

import importlib
import sys
from contextlib import ExitStack

import pytest

from scribal.legacy.after_import import after_import


@pytest.fixture
def module(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "late.py").write_text("value = 1\n")
    yield "late"
    sys.modules.pop("late", None)


def test_an_action_is_carried_out_once_when_the_module_has_been_executed(module):
    seen = []
    with after_import({module: lambda late: seen.append(late.value)}):
        assert seen == []
        importlib.import_module(module)
        importlib.reload(importlib.import_module(module))
    assert seen == [1]
    assert "exec_module" not in vars(sys.modules[module].__loader__)


def test_several_wait_for_one_module(module):
    seen = []
    with ExitStack() as stack:
        for number in range(3):
            stack.enter_context(after_import({module: lambda _, number=number: seen.append(number)}))
        importlib.import_module(module)
    assert sorted(seen) == [0, 1, 2]


def test_a_module_that_is_there_is_not_waited_for():
    seen = []
    with after_import({"json": seen.append}):
        assert [found.__name__ for found in seen] == ["json"]


def test_no_finder_stays(module):
    before = list(sys.meta_path)
    with after_import({module: print}):
        pass
    assert sys.meta_path == before
