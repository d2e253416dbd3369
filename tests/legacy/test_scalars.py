"""Arrays of one number are taken for the number where NumPy once took them, in the user's own files only."""

import pytest
from old_program import run_here

START = "import math\nfrom math import sqrt\nimport numpy as np\nx = np.array([[6.25]])\nn = np.array([2])\n"
KEPT = START.count("\n")
SAME = {
    "int(x)": "6",
    "float(x)": "6.25",
    "complex(x)": "(6.25+0j)",
    "round(x, 1)": "6.2",
    "math.sqrt(x)": "2.5",
    "sqrt(x)": "2.5",
    "'%d' % n": "2",
    "'%.1f of %d' % (x, n)": "6.2 of 2",
    "'%s is %d' % (n, n)": "[2] is 2",
    "'%5.2f%%' % x": " 6.25%",
    "names[n]": "three",
    "names[np.argmax([[0, 0, 1]], axis=1)]": "three",
    "list(range(n))": "[0, 1]",
    "int(np.float64(2.5))": "2",
    "'%s' % n": "[2]",
    "'%d' % 3": "3",
    "names[1]": "two",
    "np.array([4, 5, 6])[n]": "[6]",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    lines = [f"print({expression})" for expression in SAME]
    source = START + "\n".join(lines) + "\nnames = None\n"
    source = source.replace("import math", "names = ['one', 'two', 'three']; import math", 1)
    return run_here(tmp_path_factory.mktemp("scalars"), {"old.py": source})


@pytest.mark.parametrize("expression", SAME)
def test_an_array_of_one_is_its_number(ran, expression):
    assert ran.error is None, ran.err
    assert ran.out.splitlines()[list(SAME).index(expression)] == SAME[expression]


@pytest.mark.parametrize(
    ("expression", "modern"),
    [
        ("int(x)", "int(x.item())"),
        ("math.sqrt(x)", "math.sqrt(x.item())"),
        ("'%d' % n", "'%d' % n.item()"),
        ("int(np.float64(2.5))", None),
        ("'%d' % 3", None),
    ],
)
def test_the_journal_has_the_line_and_what_to_write(ran, expression, modern):
    line = KEPT + 1 + list(SAME).index(expression)
    assert [text for (where, _), text in ran.changes.items() if where == line] == ([modern] if modern else [])


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("y = np.zeros(3); y[1] = x", "[0.   6.25 0.  ]"),
        ("y = np.zeros((2, 2)); y[0, n[0] - 1] = x", "[[0.   6.25]\n [0.   0.  ]]"),
        ("y = np.zeros(2); y[:] = n", "[2. 2.]"),
        ("y = [0, 0]; y[1] = n", "[0, array([2])]"),
        ("y = np.empty(1, object); y[0] = 'x'", "['x']"),
    ],
)
def test_an_array_of_one_is_stored_where_one_number_has_room(tmp_path, statement, shown):
    assert run_here(tmp_path, {"old.py": f"{START}{statement}\nprint(y)\n"}).out == shown + "\n"


def test_modules_beside_the_script_are_adapted_and_leave_no_bytecode_of_that(tmp_path):
    files = {"old.py": "import helper\nprint(helper.number)\n", "helper.py": START + "number = int(n)\n"}
    ran = run_here(tmp_path, files)
    assert ran.out == "2\n"
    assert [change.place.file for change in ran.journal.changes] == [str(tmp_path / "helper.py")]
    assert not (tmp_path / "__pycache__").exists()


def test_what_the_user_calls_int_is_called(tmp_path):
    source = "def int(x):\n    return [x]\nprint(int(3), int('a'), '%d' % int(3)[0])\n"
    assert run_here(tmp_path, {"old.py": source}).out == "[3] ['a'] 3\n"
