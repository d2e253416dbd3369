"""``scribal modernise``: what it prints, compares and writes."""

import json

import pytest

OLD = (
    "from keras.utils import np_utils\r\nimport tensorflow as tf\r\ny = np_utils.to_categorical(y)\r\ntf.app.run()\r\n"
)
MODERN = (
    "from keras.utils import to_categorical\r\nimport tensorflow as tf\r\ny = to_categorical(y)\r\ntf.app.run()\r\n"
)


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.py"
    path.write_bytes(OLD.encode())
    return path


def test_it_prints_the_new_source_and_names_what_is_left(scribal_here, old):
    before = old.read_bytes()
    ended = scribal_here("modernise", "old.py")
    assert (ended.code, ended.out.splitlines()) == (0, MODERN.splitlines())
    assert "old.py, line 4: tensorflow.app.run: " in ended.err
    assert old.read_bytes() == before


def test_it_prints_a_diff(scribal_here, old):
    lines = scribal_here("modernise", old, "--diff").out.splitlines()
    assert "-y = np_utils.to_categorical(y)" in lines
    assert "+y = to_categorical(y)" in lines


def test_it_writes_the_file_in_its_place(scribal_here, old, tmp_path):
    old.chmod(0o750)
    (tmp_path / "link.py").symlink_to(old)
    ended = scribal_here("modernise", "link.py", "--write")
    assert (ended.code, ended.out) == (0, "")
    assert old.read_bytes() == MODERN.encode()
    assert old.stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "link.py").is_symlink()
    assert scribal_here("modernise", old, "--diff").out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.py", "old.py"]


def test_a_program_may_name_its_encoding(scribal_here, tmp_path):
    path = tmp_path / "latin.py"
    path.write_bytes(
        "# -*- coding: latin-1 -*-\nfrom keras.layers.core import Dense\nDense(3)  # für\n".encode("latin-1")
    )
    assert scribal_here("modernise", path, "--write").code == 0
    assert path.read_bytes().decode("latin-1").endswith("import Dense\nDense(3)  # für\n")


def cell(*lines, kind="code"):
    return {"cell_type": kind, "metadata": {}, "source": [*lines]}


def test_a_notebook_is_rewritten_cell_by_cell(scribal_here, tmp_path):
    cells = [
        cell("# Old", kind="markdown"),
        cell(
            "%matplotlib inline\n",
            "!pip install keras\n",
            "from keras.utils import np_utils\n",
            "from keras.layers import *",
        ),
        cell("%%bash\n", "ls np_utils"),
        cell("names = !ls\n", "y = np_utils.to_categorical(y)\n", "Convolution2D(8, 3, 3)"),
        cell("import os"),
        cell("import tensorflow as tf\n", "tf.app.run()"),
    ]
    notebook = {"cells": cells, "metadata": {"title": "für"}, "nbformat": 4, "nbformat_minor": 2}
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    ended = scribal_here("modernise", path, "--write")
    assert ended.code == 0
    assert "old.ipynb, cell 5, line 2: tensorflow.app.run: " in ended.err
    written = path.read_text(encoding="utf-8")
    cells[1]["source"][2] = "from keras.utils import to_categorical\n"
    cells[3]["source"][1:] = ["y = to_categorical(y)\n", "Conv2D(8, (3, 3))"]
    assert json.loads(written) == notebook
    assert written == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    assert scribal_here("modernise", path, "--diff").out == ""


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("python2.py", "x = 1\nprint 'hello'\n", "line 2"),
        ("zero.py", "x\0y", "line 1"),
        ("bytes.py", b"\xff\xfe\x00", "encoding"),
        ("list.ipynb", "[1, 2]", "list of cells"),
        ("cell.ipynb", json.dumps({"cells": [cell("x = 1"), cell("print 'x'")]}), "cell 2, line 1"),
        ("missing.py", None, "missing.py"),
    ],
)
def test_bad_input_ends_in_one_line(scribal_here, tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert scribal_here("modernise", name, "--write").teaches(words)


def test_one_form_of_output(scribal_here, old):
    assert scribal_here("modernise", old, "--diff", "--write").teaches("--diff and --write")
