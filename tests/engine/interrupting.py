"""Ctrl-C at a moment when a program is training."""

import os
import signal
import threading
import time

import numpy as np


def interrupt_when_training(program):
    """Send this process Ctrl-C as soon as steps have changed a program's weights."""
    threading.Thread(target=_watch, args=(program,)).start()


def _watch(program):
    name, before = next(iter(program.weights.items()))
    while np.array_equal(program.weights[name], before):
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGINT)
