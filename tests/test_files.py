import os
import resource
import subprocess
import sys

import pytest

from scribal.exceptions import RunError
from scribal.files import whole_file, write_json, write_text


def test_a_file_is_whole_or_not_there(tmp_path):
    path = tmp_path / "a" / "file.txt"

    def write_half():
        with whole_file(path) as temporary:
            temporary.write_text("half")
            raise KeyError

    with pytest.raises(KeyError):
        write_half()
    assert list(path.parent.iterdir()) == []


def test_an_old_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "file.txt"
    write_text(path, "old")
    with whole_file(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert [file.name for file in tmp_path.iterdir()] == ["file.txt"]


def test_the_temporary_name_keeps_the_suffix(tmp_path):
    with whole_file(tmp_path / "model.weights.h5") as temporary:
        assert temporary.name.endswith("model.weights.h5")


def test_permissions_follow_the_umask(tmp_path):
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "file", "text")
    finally:
        os.umask(old)
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="folder that can be written"):
        write_text(tmp_path / "file" / "below", "text")


def test_a_full_disk_is_an_error_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "file.json"
    write_json(path, {"old": 1})
    program = f"""
import pathlib, resource
from scribal.files import write_text
from scribal.exceptions import RunError
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_text(pathlib.Path({str(path)!r}), "x" * 100_000)
except RunError as error:
    print(error)
"""
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 1000
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "Received" in ended.stdout
    assert path.read_text() == '{\n  "old": 1\n}\n'
    assert [file.name for file in tmp_path.iterdir()] == ["file.json"]


def test_json_refuses_what_json_cannot_hold(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "file.json", float("nan"))
    assert list(tmp_path.iterdir()) == []
