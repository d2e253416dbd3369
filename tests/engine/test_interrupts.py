"""Ctrl-C at any moment."""

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="interrupts come from an interval timer")
def test_an_interrupt_leaves_no_thread_waiting_for_another():
    program = Path(__file__).with_name("interrupted_training.py")
    result = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False, timeout=120)
    assert result.returncode == 0, result.stderr[-2000:]
