"""Interrupt short trainings on several threads again and again; run as a program, which must end by itself."""

import signal

import keras
import numpy as np
from keras import layers

import scribal.engine

TIMES = 300


def interrupt(_number, _frame):
    raise KeyboardInterrupt


model = keras.Sequential([keras.Input((4,)), layers.Dense(3)])
program = scribal.engine.compile(model, loss="mse", optimizer="sgd", batch_size=128, threads=3)
samples = program.samples(np.ones((256, 4)), np.ones((256, 3)))
signal.signal(signal.SIGALRM, interrupt)
generator = np.random.default_rng(0)
for _ in range(TIMES):
    try:
        signal.setitimer(signal.ITIMER_REAL, generator.uniform(1e-4, 3e-3))
        while True:
            program.train_epoch(samples)
    except KeyboardInterrupt:
        pass
