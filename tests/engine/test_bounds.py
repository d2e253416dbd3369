import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="pages are protected by mprotect")
@pytest.mark.parametrize("name", ["guarded_training.py", "guarded_prediction.py"])
def test_machine_code_stays_inside_its_arrays(name):
    program = Path(__file__).with_name(name)
    result = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
