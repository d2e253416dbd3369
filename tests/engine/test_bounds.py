import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="pages are protected by mprotect")
def test_machine_code_stays_inside_its_arrays():
    program = Path(__file__).with_name("guarded_training.py")
    result = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
