"""Whatever ends a script is shown as plain Python shows it, character for character."""

import pytest
from old_program import run_here, run_plainly

IN_A_FUNCTION = """
def f(x):
    return int(x["a"]["b"]) + 1


f({"a": {}})
"""
IN_A_CONVERSION = """
import sys
values = {"n": "seven"}
print("%d" % len(values), int(values["n"]))
"""
CHAINED = """
try:
    float([1][3])
except IndexError as error:
    raise ValueError("no fourth") from error
"""
WHILE_HANDLING = """
class Problem(Exception):
    pass


try:
    {}["x"]
except KeyError:
    raise Problem("x" * 3)
"""
GROUPED = """
raise ExceptionGroup("two", [ValueError(1), TypeError(2)])
"""
OWN_HOOK = """
import sys
sys.excepthook = lambda kind, error, trace: print(kind.__name__, error, trace.tb_lineno, file=sys.stderr)
1 / 0
"""
IN_A_MODULE = {"main.py": "import helper\n\nhelper.run([])\n", "helper.py": "def run(x):\n    return float(x[0])\n"}
MODULE_WITH_SYNTAX_ERROR = {"main.py": "import helper\n", "helper.py": "def run(x:\n    pass\n"}
ON_IMPORT = {"main.py": "from helper import x\n", "helper.py": "x = int('1') / 0\n"}
IN_A_LIBRARY = "import json\n\njson.loads('{')\n"
PROGRAMS = {
    "in a function": IN_A_FUNCTION,
    "in a conversion": IN_A_CONVERSION,
    "chained": CHAINED,
    "while handling another": WHILE_HANDLING,
    "a group": GROUPED,
    "own hook": OWN_HOOK,
    "in a module of the user's": IN_A_MODULE,
    "syntax error in a module of the user's": MODULE_WITH_SYNTAX_ERROR,
    "while a module of the user's is imported": ON_IMPORT,
    "in a library": IN_A_LIBRARY,
    "no such module": "import no_such_module\n",
    "no such name in a module": "from json import no_such_name\n",
    "syntax error": "x = (1,\ny = 2\n",
    "print as in Python 2": 'print "accuracy"\n',
    "indentation error": "if True:\nx = 1\n",
    "tabs and spaces": "if True:\n\tx = 1\n        y = 2\n",
    "return outside a function": "x = 1\nreturn x\n",
    "string without an end": "x = 'one\n",
    "Latin-1": b"# -*- coding: latin-1 -*-\nx = '\xe9'\nint(x)\n",
    "no encoding declared": b"x = 1\r\ny = '\xb0'\n",
    "no such encoding": b"#!/usr/bin/python\n# -*- coding: nonsense -*-\nx = 1\n",
    "another encoding than declared": b"# coding: ascii\nx = '\xe9'\n",
    "encoding against the file's mark": b"\xef\xbb\xbf# coding: latin-1\n",
    "null bytes": b"x = 1\ny = 2\x00\n",
    "note on an error": "error = ValueError(1)\nerror.add_note('mind')\nraise error\n",
    "subscript of a name": "classes = []\nn = 3\nx = classes[n]\n",
    "storing": "x = [1]\nn = 3\nx[n] = len(x)\n",
}

PRINTED_BY_ITSELF = """
import traceback
import numpy as np
try:
    np.load("nothing.npy")
except OSError:
    traceback.print_exc()
"""


@pytest.mark.parametrize("files", PROGRAMS.values(), ids=PROGRAMS)
def test_an_error_looks_as_under_plain_python(tmp_path, files):
    files = files if isinstance(files, dict) else {"main.py": files}
    plain = run_plainly(tmp_path, files)
    ran = run_here(tmp_path, files)
    assert ran.shown == plain.stderr
    assert (ran.error is not None) == (plain.returncode != 0)


def test_what_the_script_prints_of_an_error_is_the_same(tmp_path):
    files = {"main.py": PRINTED_BY_ITSELF}
    assert run_here(tmp_path, files).shown == run_plainly(tmp_path, files).stderr
