"""The journal finds the user's line by itself and keeps each thing once."""

import pytest

from scribal.legacy.journal import Change, Journal, Place, current_journal, recording

OWN = "tutorial.py"


@pytest.fixture
def journal():
    with recording(Journal(lambda file: file == OWN)) as journal:
        yield journal


def executed(source, **names):
    exec(compile(source, OWN, "exec"), names)  # noqa: S102 (the program of a user)


def test_a_change_is_on_the_line_of_the_user_that_led_to_it(journal):
    def library(old, modern):
        current_journal().adapted(old, modern)

    executed("x = 1\nlibrary('nb_epoch=', 'epochs=')\n", library=library)
    assert list(journal.changes) == [Change(Place(OWN, 2), "nb_epoch=", "epochs=")]


def test_repeats_on_one_line_count_once(journal):
    executed("for n in range(3):\n    note('a', 'b')\nnote('a', 'b')\n", note=journal.adapted)
    assert [change.place.line for change in journal.changes] == [2, 3]


def test_calls_are_counted_with_who_carried_them_out(journal):
    executed("for n in range(3):\n    ran('fit', 'engine')\nran('fit', 'Keras', 'a layer')\n", ran=journal.ran)
    assert [(run.place.line, run.on, run.reason, often) for run, often in journal.runs.items()] == [
        (2, "engine", None, 3),
        (3, "Keras", "a layer", 1),
    ]


def test_what_no_line_of_the_user_led_to_has_no_place(journal):
    journal.refused("a", "b")
    assert list(journal.refusals) == [Change(None, "a", "b")]


def test_nothing_is_kept_outside_a_run():
    current_journal().adapted("a", "b")
    assert not current_journal().changes


def test_the_journal_before_is_back_after_a_run(journal):
    with recording(Journal(lambda _: False)):
        pass
    assert current_journal() is journal
