"""Pack MNIST into the file that scribal carries: a plain npz, deflated as small as zopfli gets it.

    python tools/pack_mnist.py SOURCE.npz [src/scribal/data/mnist.npz]

SOURCE holds MNIST under Keras' array names. Any NumPy reads the result; the same source always gives the same bytes.
Takes about three minutes; needs the library zopfli, which stands among the development dependencies.
"""

import argparse
import hashlib
import io
import struct
import sys
import zlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import zopfli.zlib

TARGET = Path(__file__).resolve().parent.parent / "src" / "scribal" / "data" / "mnist.npz"
LARGEST_TARGET = 11_000_000
ITERATIONS = 5
MD5 = {
    "x_train": "6510e85a72c3e9475c492d559d3770d2",
    "y_train": "e86ee40d66677c011a9abda399ec8c4d",
    "x_test": "240610fa99e73bfa49df8e7fc24d3206",
    "y_test": "073c3904dfbd3e141ff8aa01cfde6b15",
}

# The zip format in the three records that a plain archive needs (PKWARE, APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12, 4.3.16).
# Python's zipfile takes no data that is deflated already, so the records are written here.
LOCAL_HEADER = struct.Struct("<4s5H3I2H")
CENTRAL_HEADER = struct.Struct("<4s6H3I5H2I")
END_RECORD = struct.Struct("<4s4H2IH")
VERSION, NO_FLAGS, DEFLATED, MIDNIGHT, FIRST_DAY = 20, 0, 8, 0, (1 << 5) | 1  # 1980-01-01, the format's first day


class Member(NamedTuple):
    """One file of the archive: its name, checksum, size before deflating, and its deflated bytes."""

    name: bytes
    checksum: int
    size: int
    deflated: bytes

    def describe(self) -> tuple[int, ...]:
        """Give the nine fields that the local and the central header share."""
        sizes = (self.checksum, len(self.deflated), self.size, len(self.name), 0)
        return (VERSION, NO_FLAGS, DEFLATED, MIDNIGHT, FIRST_DAY, *sizes)


def read_source(path: Path) -> dict[str, np.ndarray]:
    """Read the four arrays and make sure that each is MNIST, byte for byte."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: np.ascontiguousarray(archive[name]) for name in MD5}
    for name, array in arrays.items():
        found = hashlib.md5(array, usedforsecurity=False).hexdigest()
        if array.dtype != np.uint8 or found != MD5[name]:
            sys.exit(f"{name} in {path} is not MNIST's: {array.dtype} {array.shape}, MD5 {found}, expected {MD5[name]}")
    return arrays


def pack(name: str, array: np.ndarray) -> Member:
    """Deflate one array in NumPy's npy format."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=(1, 0), allow_pickle=False)
    content = buffer.getvalue()
    # A zlib stream is two bytes of header, the deflated data, and four bytes of checksum (RFC 1950).
    deflated = zopfli.zlib.compress(content, numiterations=ITERATIONS)[2:-4]
    print(f"{name}: {len(content):,} bytes deflated to {len(deflated):,}", flush=True)
    return Member(f"{name}.npy".encode("ascii"), zlib.crc32(content), len(content), deflated)


def write_zip(members: list[Member]) -> bytes:
    """Lay the members one after the other and the directory behind them."""
    body, directory = bytearray(), bytearray()
    for member in members:
        directory += (
            CENTRAL_HEADER.pack(b"PK\x01\x02", VERSION, *member.describe(), 0, 0, 0, 0, len(body)) + member.name
        )
        body += LOCAL_HEADER.pack(b"PK\x03\x04", *member.describe()) + member.name + member.deflated
    count = len(members)
    return bytes(body + directory + END_RECORD.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0))


def main() -> None:
    """Read, check, deflate, write, and read back what was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path, nargs="?", default=TARGET)
    arguments = parser.parse_args()
    content = write_zip([pack(name, array) for name, array in read_source(arguments.source).items()])
    if len(content) > LARGEST_TARGET:
        sys.exit(f"The archive would take {len(content):,} bytes, more than {LARGEST_TARGET:,}")
    partial = arguments.target.with_suffix(".partial")
    partial.write_bytes(content)
    read_source(partial)
    partial.replace(arguments.target)
    print(f"{arguments.target}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
