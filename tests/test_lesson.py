"""The lesson's own code, from its first line to its last: its rules are right, and its three trainings agree."""

import contextlib
import io

import numpy as np
import pytest

from markdown_pages import blocks

PAGE = "from-scratch.md"


@pytest.fixture(scope="module")
def lesson():
    """The names that the lesson has set at its end, and what it has printed."""
    names, printed = {"__name__": "lesson"}, io.StringIO()
    with contextlib.redirect_stdout(printed):
        for block in blocks(PAGE):
            assert block.language == "python"
            exec(compile(block.text, PAGE, "exec"), names)  # noqa: S102 (the page is a program)
    return names, printed.getvalue()


def test_the_lesson_computes_what_it_says(lesson):
    names, printed = lesson
    assert "[29. 28. 25.]" in printed
    assert printed.count("<svg") == printed.count("<figcaption>") == 8
    rule = names["gradients"]["conv/kernel"].reshape(-1)[: len(names["tried"])]
    np.testing.assert_allclose(names["tried"], rule, atol=1e-8)
    assert names["right"] > 0.7


@pytest.mark.parametrize("program", ["in_keras", "in_engine"])
def test_all_three_programs_have_the_same_losses(lesson, program):
    names, _ = lesson
    assert len(names[program]) == len(names["batches"])
    np.testing.assert_allclose(names[program], names["in_numpy"], rtol=1e-3, atol=1e-4)
