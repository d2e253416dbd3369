"""``import *`` gives what it gave when the program was written."""

from old_program import run_here


def test_a_name_that_is_gone_comes_with_the_star(tmp_path):
    source = (
        "from keras.backend import *\nfrom keras.utils import *\n"
        "print(np_utils.to_categorical([1], 3).tolist(), image_dim_ordering())\n"
    )
    ran = run_here(tmp_path, {"old.py": source})
    assert (ran.error, ran.out) == (None, "[[0.0, 1.0, 0.0]] tf\n"), ran.err
    assert ran.changes[1, "keras.backend.image_dim_ordering"] == "keras.config.image_data_format"
    assert ran.changes[2, "keras.utils.np_utils"] == "keras.utils"


def test_a_name_of_the_programs_own_stays_its_own(tmp_path):
    source = "from keras.backend import *\ndef image_dim_ordering(): return 'mine'\nprint(image_dim_ordering())\n"
    assert run_here(tmp_path, {"old.py": source}).out == "mine\n"


def test_a_name_that_nobody_has_is_the_programs_error(tmp_path):
    ran = run_here(tmp_path, {"old.py": "from keras.utils import *\nnothing_of_this_name\n"})
    assert ran.shown.endswith("NameError: name 'nothing_of_this_name' is not defined\n")
