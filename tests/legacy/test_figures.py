"""Figures become files, in order, where windows would have been; nothing else about drawing changes."""

import pytest
from old_program import run_here
from PIL import Image

START = "import matplotlib\nmatplotlib.use('Qt4Agg')\nimport matplotlib.pyplot as plt\n"


def figures(folder):
    return sorted(path.name for path in folder.glob("*-figures/*"))


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("plt.plot([1, 2]); plt.show(); plt.plot([2, 3]); plt.show()", 2),
        ("plt.plot([1]); plt.figure(); plt.show()", 2),
        ("plt.plot([1])", 1),
        ("plt.plot([1]); plt.savefig('own.png'); plt.close()", 0),
        ("plt.ion()\nfor n in range(3):\n    plt.plot([n]); plt.draw(); plt.pause(0.001)\n", 1),
        ("plt.plot([1]); plt.show(block=False); plt.close()", 1),
        ("plt.plot([1]); plt.show(False); plt.plot([2]); plt.show(True)", 1),
        ("plt.switch_backend('TkAgg'); plt.plot([1]); plt.show()", 1),
        ("plt.plot([1]); plt.waitforbuttonpress(); plt.get_current_fig_manager().window.showMaximized()", 1),
        ("plt.plot([1]); plt.show(); 1 / 0", 1),
        ("plt.plot([1]); 1 / 0", 1),
        ("fig, ax = plt.subplots(); fig.canvas.set_window_title('x'); fig.show()", 1),
        ("from PIL import Image; Image.new('L', (3, 3)).show()", 1),
    ],
)
def test_what_a_window_would_have_shown_is_saved(tmp_path, source, count):
    ran = run_here(tmp_path, {"old.py": START + source})
    assert isinstance(ran.error, ZeroDivisionError) == ("1 / 0" in source), ran.err
    assert figures(tmp_path) == [f"figure-{number + 1:02}.png" for number in range(count)]
    assert ran.err.count("scribal: figure old-figures/figure-") == count
    assert len(ran.journal.figures) == count


def test_figures_are_saved_in_the_order_of_their_numbers_and_closed(tmp_path):
    source = START + (
        "plt.figure(figsize=(1, 1)); plt.figure(figsize=(2, 1)); plt.figure(1)\nplt.show()\nprint(plt.get_fignums())\n"
    )
    ran = run_here(tmp_path, {"old.py": source}, figures=tmp_path / "old-figures")
    for name, width in zip(figures(tmp_path), (100, 200), strict=True):
        with Image.open(tmp_path / "old-figures" / name) as image:
            assert image.width == width
    assert ran.out == "[]\n"


def test_a_script_that_shows_nothing_leaves_no_folder(tmp_path):
    run_here(tmp_path, {"old.py": START})
    assert not (tmp_path / "old-figures").exists()


def test_the_backend_is_what_it_was_after_a_run(tmp_path):
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    before = plt.get_backend(), mpl.use, plt.switch_backend
    run_here(tmp_path, {"old.py": START + "plt.plot([1])"})
    assert (plt.get_backend(), mpl.use, plt.switch_backend) == before


def test_opencv_shows_pictures_in_the_album(tmp_path):
    source = """
import cv2, numpy as np
cv2.namedWindow("digit")
cv2.imshow("digit", np.zeros((4, 5), np.uint8))
print(cv2.waitKey(0))
cv2.destroyAllWindows()
print(cv2.imread("p-figures/figure-01.png").shape)
"""
    assert run_here(tmp_path, {"p.py": source}).out == "-1\n(4, 5, 3)\n"


def test_a_folder_that_cannot_be_written_does_not_end_the_program(tmp_path):
    source = START + "plt.plot([1]); plt.show(); print('on')"
    ran = run_here(tmp_path, {"old.py": source, "old-figures": "in the way"})
    assert (ran.error, ran.out) == (None, "on\n")
    assert "scribal: Output must go to a folder that can be written" in ran.err
    assert not ran.journal.figures
