"""MNIST's held-out training digits drawn with a pen on paper, for tests of finding ink."""

import cv2
import numpy as np

from scribal.data import load_dataset

__all__ = ["digits", "draw"]


def digits(count=20):
    """Images and labels, always the same; twice as many of each digit as of none."""
    mnist = load_dataset("mnist")
    return mnist.x_train[-5_000 : -5_000 + count], mnist.y_train[-5_000 : -5_000 + count]


def draw(digit, height=120, margin=40, paper=(225, 222, 214), ink=(30, 35, 60), light=None, noise=2.0):
    """Draw one digit: uint8 of shape (rows, columns, 3), and how much of each pixel is covered, from 0 to 1."""
    y, x, width, tall = 4, 4, 20, 20
    enlarged = cv2.resize(digit[y : y + tall, x : x + width], (height, height), interpolation=cv2.INTER_CUBIC)
    covered = np.pad(np.clip((enlarged.astype(np.float32) - 90) / 60, 0, 1), margin)[..., np.newaxis]
    picture = np.array(paper) * (1 - covered) + np.array(ink) * covered
    if light is not None:
        picture *= light(*np.mgrid[0 : 1 : covered.shape[0] * 1j, 0 : 1 : covered.shape[1] * 1j])[..., np.newaxis]
    picture += np.random.default_rng(4).normal(0, noise, picture.shape)
    return picture.clip(0, 255).astype(np.uint8), covered[..., 0]
