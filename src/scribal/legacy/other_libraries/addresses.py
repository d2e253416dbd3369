"""MNIST's files at the addresses where programs fetch them: served from scribal's package, without a network."""

import contextlib
import functools
import io
from email.message import Message
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from scribal.legacy.journal import current_journal
from scribal.legacy.other_libraries.names import replace

__all__ = ["IDX_PARTS", "mnist_name", "serve_mnist"]

IDX_PARTS = {
    "t10k-images-idx3-ubyte": "x_test",
    "t10k-labels-idx1-ubyte": "y_test",
    "train-images-idx3-ubyte": "x_train",
    "train-labels-idx1-ubyte": "y_train",
}
"""The files of http://yann.lecun.com/exdb/mnist/ without their suffix, and what is in them."""

_OTHERS = ("emnist", "fashion", "kmnist", "notmnist", "qmnist")


def mnist_name(address: str) -> str | None:
    """The name of the file behind an address, if it is one of MNIST's.

    >>> mnist_name("http://yann.lecun.com/exdb/mnist/train-images-idx3-ubyte.gz")
    'train-images-idx3-ubyte.gz'
    """
    name = PurePosixPath(urlsplit(address).path).name
    is_idx = name.removesuffix(".gz") in IDX_PARTS and "mnist" in address.lower()
    is_other = any(other in address.lower() for other in _OTHERS)
    return name if (is_idx or name == "mnist.npz") and not is_other else None


def serve_mnist(request: Any, undo: contextlib.ExitStack) -> None:
    """Let ``urllib.request`` find MNIST's files where they were.

    Args:
        request: The module.
        undo: Gets what takes it out again.
    """
    urlopen = request.urlopen

    @functools.wraps(urlopen)
    def stand_in(url: Any, *args: Any, **options: Any) -> Any:
        address = str(getattr(url, "full_url", url))
        name = mnist_name(address)
        if name is None:
            return urlopen(url, *args, **options)
        from urllib.response import addinfourl

        from scribal.legacy.given.downloads import mnist_file

        current_journal().adapted(address, "keras.datasets.mnist.load_data()")
        content, headers = mnist_file(name), Message()
        headers["Content-Length"] = str(len(content))
        return addinfourl(io.BytesIO(content), headers, address, 200)

    replace(request, "urlopen", stand_in, undo)
