"""The code cells of a notebook run in order, as in Jupyter, without IPython."""

import json
from importlib.util import find_spec

import pytest
from old_program import run_here

from scribal.exceptions import ArgumentError

CELLS = [
    "%matplotlib inline\n!pip install keras==2.2.4\nimport math\n",
    "%%time\nx = [n\n     % 3 for n in range(4)]\nx",
    "y = 5;\ny;",
    "None",
    "%time z = '''\n%not a magic\n'''\nprint(z.strip())",
    "%%bash\nls $HOME\n",
    "files = !ls\nlen(files)",
    "def half(x):\n    return x / 0\n",
    "half(2)",
]


def notebook(cells, layout=4):
    if layout == 4:
        written = [{"cell_type": "markdown", "source": ["# Title"]}]
        written += [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
        return json.dumps({"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": written})
    sheet = {"cells": [{"cell_type": "code", "language": "python", "input": cell} for cell in cells]}
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]})


@pytest.fixture(params=[3, 4], ids=["format 3", "format 4"])
def ran(tmp_path, request):
    return run_here(tmp_path, {"old.ipynb": notebook(CELLS, request.param)})


def test_cells_run_in_order_and_show_their_last_value(ran):
    assert ran.out == "[0, 1, 2, 0]\n%not a magic\n0\n"


def test_a_traceback_shows_the_cells_lines(ran, tmp_path):
    file = tmp_path / "old.ipynb"
    assert ran.shown == (
        "Traceback (most recent call last):\n"
        f'  File "{file}, cell 9", line 1, in <module>\n    half(2)\n'
        f'  File "{file}, cell 8", line 2, in half\n    return x / 0\n           ~~^~~\n'
        "ZeroDivisionError: division by zero\n"
    )


def test_magics_are_passed_over_with_a_note(ran):
    assert [(change.place.line, change.old) for change in ran.journal.changes] == [
        (1, "%matplotlib inline"),
        (1, "%%time"),
        (1, "%time z = '''"),
    ]
    assert [change.old for change in ran.journal.refusals] == ["!pip install keras==2.2.4", "%%bash", "files = !ls"]


def test_a_syntax_error_in_a_cell_shows_its_line(tmp_path):
    ran = run_here(tmp_path, {"old.ipynb": notebook(["x = 1", "y = 2\nprint 'x'\n"])})
    assert f"File \"{tmp_path / 'old.ipynb'}, cell 2\", line 2\n    print 'x'\n    ^^^^^^^^^\nSyntaxError" in ran.shown


INTERACTIVE = """
from IPython.display import SVG, clear_output, display
get_ipython().magic('matplotlib inline')
get_ipython().run_line_magic('pylab', '')
clear_output(wait=True)
from IPython import get_ipython
get_ipython().system('ls')
import matplotlib.pyplot as plt
plt.figure()
display('shown', [1])
SVG('<svg/>')
"""


@pytest.mark.skipif(find_spec("IPython") is not None, reason="IPython itself is installed")
def test_what_ipython_gives_is_there_without_ipython(tmp_path):
    cells = run_here(tmp_path, {"old.ipynb": notebook([INTERACTIVE, "display(2)"])})
    assert cells.out == "shown\n[1]\n<IPython.core.display.SVG object>\n2\n", cells.err
    script = run_here(tmp_path, {"old.py": INTERACTIVE})
    assert script.out == "shown\n[1]\n", script.err
    assert [change.old for change in script.journal.changes][-2:] == ["%matplotlib inline", "%pylab"]
    settings = "from IPython.core.interactiveshell import InteractiveShell as I\nI.ast_node_interactivity = 'all'\n"
    assert run_here(tmp_path, {"old.py": settings}).error is None


def test_magics_on_which_later_cells_depend_are_carried_out(tmp_path):
    (tmp_path / "below").mkdir()
    cells = [
        "%%writefile below/helper.py\nimport sys\nn = 3\nprint(__name__, sys.argv[1:])\n",
        "%run below/helper.py x\nn",
        "%env SOME_NAME=some value\nimport os\nos.environ.pop('SOME_NAME')",
        "%cd below\n%cd nowhere\nos.listdir()",
    ]
    ran = run_here(tmp_path, {"old.ipynb": notebook(cells)})
    assert ran.out.splitlines() == [
        *("__main__ ['x']", "3", "'some value'"),
        "[Errno 2] No such file or directory: 'nowhere'",
        "['helper.py']",
    ], ran.err
    assert ran.changes[1, "%cd below"] == "os.chdir('below')"


def test_a_script_of_its_own_finds_no_notebook_around_it(tmp_path):
    source = "try:\n    get_ipython\nexcept NameError:\n    print('script')\n"
    assert run_here(tmp_path, {"old.py": source}).out == "script\n"


@pytest.mark.parametrize("content", ["{", "[]", '{"cells": 3}', '{"metadata": {}}'])
def test_what_is_no_notebook_is_refused(tmp_path, content):
    with pytest.raises(ArgumentError, match=r"JSON.*Received: .*old\.ipynb"):
        run_here(tmp_path, {"old.ipynb": content})
