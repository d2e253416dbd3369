"""Folders are listed as people see them."""

import pytest

from scribal.data.listing import as_counted, visible
from scribal.exceptions import DataError


def test_numbers_count_by_their_value_and_letters_alike_in_both_cases(tmp_path):
    names = ["Page 10.png", "page 2.png", "page 1/10.png", "page 1/9.png", "7.png", "B.png", "a.png"]
    ordered = ["7.png", "a.png", "B.png", "page 1/9.png", "page 1/10.png", "page 2.png", "Page 10.png"]
    assert as_counted(tmp_path / name for name in names) == [tmp_path / name for name in ordered]


def test_hidden_files_and_what_file_managers_leave_are_passed_over(tmp_path):
    for name in (".hidden", "Thumbs.db", "desktop.ini", "__MACOSX", "2.png", "10.png"):
        (tmp_path / name).touch()
    assert [path.name for path in visible(tmp_path)] == ["2.png", "10.png"]


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="A folder of samples must be readable"):
        visible(tmp_path / "missing", "samples")
