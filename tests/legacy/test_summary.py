"""The summary lists what the program did, in order, as seen from where it began."""

import re

from old_program import run_here

from scribal.legacy.journal import Journal, Place, recording
from scribal.legacy.summary import summary

WRITING = """
import os, shutil, tempfile
import h5py
open("b.txt", "w").close()
os.mkdir("sub")
open("sub/a.txt", "a").close()
open(".settings", "w").close()
open("passing", "w").close()
os.replace("passing", "kept")
with h5py.File("weights.h5", "w") as file:
    file["x"] = 1
with h5py.File("weights.h5") as file:
    open("b.txt").close()
elsewhere = tempfile.mkdtemp()
os.chdir(elsewhere)
open("gone.txt", "w").close()
shutil.rmtree(elsewhere)
"""


def test_files_are_those_that_were_written_and_are_there(tmp_path):
    ran = run_here(tmp_path, {"old.py": WRITING})
    assert ran.error is None, ran.err
    assert re.sub(r"\d+\.\d s", "0.0 s", ran.err) == (
        "scribal: old.py took 0.0 s\nFiles written:\n  b.txt\n  sub/a.txt\n  kept\n  weights.h5\n"
    )


def test_each_part_has_its_lines(tmp_path):
    with recording(Journal(lambda _: False)) as journal:
        place = Place(str(tmp_path / "old.py"), 3)
        journal.adapted("f(\n  nb_epoch=1)", "f(epochs=1)", place=place)
        journal.adapted("%time", "", place=place)
        journal.refused("tf.Session()", "nothing of the kind", place=Place("/elsewhere/x.py", 1))
        journal.ran("fit", "Keras", "A layer " * 40)
        journal.ran("predict", "engine")
        journal.ran("predict", "engine")
    lines = list(summary(journal, "old.py", 1.25, tmp_path))
    assert lines[:7] == [
        "scribal: old.py took 1.2 s",
        "Adapted; today one writes:",
        "  old.py:3: f( nb_epoch=1)  ->  f(epochs=1)",
        "  old.py:3: %time  ->  (nothing)",
        "Not adapted; please write:",
        "  /elsewhere/x.py:1: tf.Session()  ->  nothing of the kind",
        "Ran:",
    ]
    assert lines[7].startswith("  fit on Keras: A layer A layer")
    assert lines[7].endswith("…")
    assert lines[8:] == ["  predict on the engine, 2 times"]
