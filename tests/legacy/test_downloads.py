"""MNIST's files are there at their old addresses, without a network."""

import pytest
from old_program import run_here

from scribal.legacy.other_libraries.addresses import mnist_name


def test_the_files_of_1998_can_be_fetched(tmp_path):
    source = (
        "import gzip, urllib.request\nfrom urllib.request import urlretrieve\nimport numpy as np\n"
        "at = 'http://yann.lecun.com/exdb/mnist/'\n"
        "urlretrieve(at + 't10k-images-idx3-ubyte.gz', 'images.gz')\n"
        "with gzip.open('images.gz') as file:\n    images = np.frombuffer(file.read(), np.uint8, offset=16)\n"
        "labels = urllib.request.urlopen(at + 't10k-labels-idx1-ubyte').read()[8:]\n"
        "print(images.reshape(-1, 28, 28).shape, list(labels[:3]))\n"
    )
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.out == "(10000, 28, 28) [7, 2, 1]\n", ran.err
    assert (5, "http://yann.lecun.com/exdb/mnist/t10k-images-idx3-ubyte.gz") in ran.changes


def test_keras_own_file_can_be_fetched_whatever_its_checksum_was(tmp_path):
    source = (
        "import numpy as np\nfrom keras.utils.data_utils import get_file\n"
        "path = get_file('mnist.npz', origin='https://s3.amazonaws.com/img-datasets/mnist.npz',\n"
        "                file_hash='8a61469f7ea1b51cbae51d4f78837e45', cache_dir='.')\n"
        "print({name: part.shape for name, part in sorted(np.load(path).items())})\n"
    )
    ran = run_here(tmp_path, {"old.py": source})
    assert ran.out.endswith(
        "{'x_test': (10000, 28, 28), 'x_train': (60000, 28, 28), 'y_test': (10000,), 'y_train': (60000,)}\n"
    ), ran.err


@pytest.mark.parametrize(
    "address",
    [
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-images-idx3-ubyte.gz",
        "https://somewhere.org/cifar/train-images-idx3-ubyte.gz",
        "https://somewhere.org/mnist/weights.h5",
    ],
)
def test_other_files_are_left_to_the_network(address):
    assert mnist_name(address) is None
