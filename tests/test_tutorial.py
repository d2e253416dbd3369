"""Whatever the tutorial and the guides after it tell the reader to type is typed here, in one folder, and works."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from markdown_pages import blocks, calls, without_numbers

PAGES = ["first-hour.md", "own-network.md", "results.md"]
USED_MODULES = """
import sys
top = {name.partition(".")[0] for name in sys.modules if not name.startswith("_")}
print(*sorted(top - sys.stdlib_module_names - {"cython_runtime"}))
"""


def call(run, arguments, printed):
    """Type one command; the lines that the page shows are among those that it prints."""
    ended = run(*arguments)
    assert ended.code == 0, (arguments, ended.err)
    lines = {without_numbers(line) for line in (ended.out + ended.err).splitlines()}
    missing = [line for line in printed if line != "…" and without_numbers(line) not in lines]
    assert not missing, (arguments, missing, ended.out, ended.err)


def walk(page, run):
    """Do what a page says, in order; names that its Python sets stay set to its end."""
    names = {"__name__": "__main__"}
    for block in blocks(page):
        if block.title:
            Path(block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "python":
            exec(compile(block.text, page, "exec"), names)  # noqa: S102 (the page is a program)
        elif block.language == "console":
            for (program, *arguments), printed in calls(block):
                assert program == "scribal"
                call(run, arguments, printed)


@pytest.fixture
def walked(tmp_path, monkeypatch, seven, scribal_here):
    """The folder of someone who has walked through the tutorial and the guides that go on from it."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(seven, "my-seven.png")
    for page in PAGES:
        walk(page, scribal_here)
    return tmp_path


def test_the_tutorial_and_its_guides_work_from_the_first_line_to_the_last(walked):
    assert (walked / "fives.png").exists()
    # What the guide to shipping says about imports is only true in a process of its own.
    answering, install = (block.text for block in blocks("ship.md"))
    used = subprocess.run(
        [sys.executable, "-c", answering + USED_MODULES],
        cwd=walked,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(used.stdout.split()) <= set(install.split()[3:])


def test_the_chinese_tutorial_has_the_same_commands_with_the_same_output():
    def consoles(page):
        return [block.text for block in blocks(page) if block.language == "console"]

    assert consoles("zh/first-hour.md") == consoles("first-hour.md")
