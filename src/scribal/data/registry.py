"""The datasets that scribal knows by name: what they are, whose they are, and where their files come from.

Addresses and MD5 sums are those of torchvision (``torchvision/datasets/mnist.py`` and ``usps.py``); the MD5 sums of
unpacked files are those of Debian's package ``dataset-fashion-mnist``, which packs the same files anew.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from scribal.data.cache import cache_folder

__all__ = ["DATASETS", "PACKAGED_MNIST", "DatasetEntry", "RemoteFile"]

PACKAGED_MNIST = Path(__file__).with_name("mnist.npz")

_FASHION_URL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_KMNIST_URL = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
_EMNIST_URL = "https://biometrics.nist.gov/cs_links/EMNIST/"
_USPS_URL = "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/"

_DIGITS = tuple(string.digits)
_FASHION = ("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot")
_KUZUSHIJI = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
_LETTERS = tuple(string.ascii_lowercase)
# EMNIST's "balanced" merges the small letters that look like their capitals (Cohen et al. 2017, section II).
_BALANCED = (*string.digits, *string.ascii_uppercase, *"abdefghnqrt")


@dataclass(frozen=True)
class RemoteFile:
    """A file as it is published.

    Args:
        url: Its address; the file keeps its name in the cache.
        md5: MD5 of the file as published, in hexadecimal.
        size: Its size in bytes, for display; the MD5 is what is checked.
        unpacked_md5: MD5 of the unpacked content, by which a copy packed anew is checked.
    """

    url: str
    md5: str
    size: int
    unpacked_md5: str | None = None

    @property
    def name(self) -> str:
        """The file's name in the cache folder."""
        return self.url.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class DatasetEntry:
    """What is known of a dataset before it is loaded.

    Args:
        name: The name that ``load_dataset`` takes.
        title: One line on what it shows.
        training_count: Samples to train with.
        test_count: Samples to test with.
        class_names: The name of each class.
        image_shape: (height, width), or (features,) of a table.
        licence: The licence of the data.
        source: Who made it, and where that is written.
        where: Where its samples come from.
        folder: Its folder under the cache folder, if it is downloaded.
        files: The files to download.
        system_folder: Where a Linux distribution's package puts the same files.
    """

    name: str
    title: str
    training_count: int
    test_count: int
    class_names: tuple[str, ...]
    image_shape: tuple[int, ...]
    licence: str
    source: str
    where: Literal["inside scribal", "made from MNIST", "downloaded on first use"]
    folder: str = ""
    files: tuple[RemoteFile, ...] = ()
    system_folder: Path | None = None

    @property
    def classes(self) -> int:
        """The number of classes."""
        return len(self.class_names)

    @property
    def download_size(self) -> int:
        """Bytes to download on first use; 0 where nothing is."""
        return sum(file.size for file in self.files)

    def cache(self) -> Path:
        """Give the folder into which this dataset's files are downloaded, whether it exists or not."""
        return cache_folder() / self.folder

    def location(self) -> Path | None:
        """Give the file or folder from which the dataset would be read now; None if there is none (yet)."""
        if not self.files:
            return PACKAGED_MNIST if self.name.startswith("mnist") else None
        folders = [self.cache(), *filter(None, [self.system_folder])]
        return next((path for path in folders if all((path / file.name).is_file() for file in self.files)), None)


def _idx_files(base: str, described: dict[str, tuple[str, int, str | None]]) -> tuple[RemoteFile, ...]:
    return tuple(RemoteFile(base + name, md5, size, unpacked) for name, (md5, size, unpacked) in described.items())


_EMNIST_FILES = (RemoteFile(_EMNIST_URL + "gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e", 561_753_746),)
_MNIST_SOURCE = "Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits"
_EMNIST_SOURCE = "G. Cohen, S. Afshar, J. Tapson, A. van Schaik: EMNIST, arXiv:1702.05373"
_EMNIST_LICENCE = "not stated; made from NIST Special Database 19"


def _emnist(name: str, title: str, counts: tuple[int, int], class_names: tuple[str, ...]) -> DatasetEntry:
    return DatasetEntry(
        name,
        title,
        *counts,
        class_names,
        (28, 28),
        _EMNIST_LICENCE,
        _EMNIST_SOURCE,
        "downloaded on first use",
        folder="emnist",  # one archive holds all three
        files=_EMNIST_FILES,
    )


_ENTRIES = (
    DatasetEntry(
        "mnist",
        "Handwritten digits",
        60_000,
        10_000,
        _DIGITS,
        (28, 28),
        "CC-BY-SA-3.0",
        _MNIST_SOURCE,
        "inside scribal",
    ),
    DatasetEntry(
        "mnist-10x10",
        "MNIST averaged by area onto 10x10 pixels, 100 inputs",
        60_000,
        10_000,
        _DIGITS,
        (10, 10),
        "CC-BY-SA-3.0",
        _MNIST_SOURCE,
        "made from MNIST",
    ),
    DatasetEntry(
        "toy",
        "Four samples of three numbers; the same four are training and test set",
        4,
        4,
        ("0", "1"),
        (3,),
        "Apache-2.0",
        "scribal; the four samples are training and test set at once",
        "inside scribal",
    ),
    DatasetEntry(
        "fashion-mnist",
        "Pictures of clothes, harder to tell apart than digits",
        60_000,
        10_000,
        _FASHION,
        (28, 28),
        "MIT",
        "H. Xiao, K. Rasul, R. Vollgraf (Zalando SE): Fashion-MNIST, arXiv:1708.07747",
        "downloaded on first use",
        folder="fashion-mnist",
        files=_idx_files(
            _FASHION_URL,
            {
                "train-images-idx3-ubyte.gz": (
                    "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                    26_421_880,
                    "f4a8712d7a061bf5bd6d2ca38dc4d50a",
                ),
                "train-labels-idx1-ubyte.gz": (
                    "25c81989df183df01b3e8a0aad5dffbe",
                    29_515,
                    "9018921c3c673c538a1fc5bad174d6f9",
                ),
                "t10k-images-idx3-ubyte.gz": (
                    "bef4ecab320f06d8554ea6380940ec79",
                    4_422_102,
                    "8181f5470baa50b63fa0f6fddb340f0a",
                ),
                "t10k-labels-idx1-ubyte.gz": (
                    "bb300cfdad3c16e7a12a480ee83cd310",
                    5_148,
                    "15d484375f8d13e6eb1aabb0c3f46965",
                ),
            },
        ),
        system_folder=Path("/usr/share/datasets/fashion-mnist"),
    ),
    DatasetEntry(
        "kmnist",
        "Handwritten Kuzushiji, the cursive Japanese of old books",
        60_000,
        10_000,
        _KUZUSHIJI,
        (28, 28),
        "CC-BY-SA-4.0",
        "ROIS-DS Center for Open Data in the Humanities: KMNIST, doi:10.20676/00000341",
        "downloaded on first use",
        folder="kmnist",
        files=_idx_files(
            _KMNIST_URL,
            {
                "train-images-idx3-ubyte.gz": ("bdb82020997e1d708af4cf47b453dcf7", 18_165_135, None),
                "train-labels-idx1-ubyte.gz": ("e144d726b3acfaa3e44228e80efcd344", 29_497, None),
                "t10k-images-idx3-ubyte.gz": ("5c965bf0a639b31b8f53240b1b52f4d7", 3_041_136, None),
                "t10k-labels-idx1-ubyte.gz": ("7320c461ea6c1c855c0b718fb2a4b134", 5_120, None),
            },
        ),
    ),
    _emnist("emnist-digits", "Handwritten digits, four times as many as MNIST", (240_000, 40_000), _DIGITS),
    _emnist("emnist-letters", "Handwritten letters, capital and small together", (124_800, 20_800), _LETTERS),
    _emnist("emnist-balanced", "Handwritten digits and letters, 47 classes", (112_800, 18_800), _BALANCED),
    DatasetEntry(
        "usps",
        "Handwritten digits from envelopes, 16x16 pixels",
        7_291,
        2_007,
        _DIGITS,
        (16, 16),
        "not stated",
        "J. J. Hull: A database for handwritten text recognition research, IEEE TPAMI 16(5), 1994; by way of LIBSVM",
        "downloaded on first use",
        folder="usps",
        files=(
            RemoteFile(_USPS_URL + "usps.bz2", "ec16c51db3855ca6c91edd34d0e9b197", 6_579_383),
            RemoteFile(_USPS_URL + "usps.t.bz2", "8ea070ee2aca1ac39742fdd1ef5ed118", 1_831_726),
        ),
    ),
)

DATASETS: Mapping[str, DatasetEntry] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
"""Every dataset that scribal knows by name."""
