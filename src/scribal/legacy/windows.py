"""OpenCV's windows: what they would have shown goes to the album, and no key is ever pressed."""

import contextlib
from pathlib import Path
from typing import Any

from scribal.legacy.album import current_album

__all__ = ["save_shown_images"]

_WITHOUT_MEANING = (
    *("destroyAllWindows", "destroyWindow", "moveWindow", "namedWindow", "resizeWindow", "setWindowTitle"),
    "startWindowThread",
)


def save_shown_images(cv2: Any, undoing: contextlib.ExitStack) -> None:
    """Let ``cv2.imshow`` save to the album; the OpenCV that comes without windows refuses it.

    Args:
        cv2: OpenCV.
        undoing: Gets what gives its functions back.
    """

    def imshow(winname: str, mat: Any) -> None:
        del winname

        def write(path: Path) -> None:
            path.write_bytes(cv2.imencode(".png", mat)[1].tobytes())

        current_album().add(write)

    stand_ins: dict[str, Any] = {"imshow": imshow, "waitKey": lambda *_: -1, "pollKey": lambda: -1}
    for name in (
        "destroyAllWindows",
        "destroyWindow",
        "moveWindow",
        "namedWindow",
        "resizeWindow",
        "startWindowThread",
    ):
        stand_ins[name] = lambda *_: None
    for name, stand_in in stand_ins.items():
        undoing.callback(setattr, cv2, name, getattr(cv2, name))
        setattr(cv2, name, stand_in)
