"""How much a picture may ask for: pixels, pages, marks and time, each with an error of its own.

A photo from a stranger must not bring a program to a halt. Pixels and pages are counted before they are decoded, marks
before they are looked at one by one; the clock is looked at between the steps of reading.
"""

import time
from dataclasses import dataclass, field

from scribal.exceptions import ArgumentError, ImageError

__all__ = ["Clock", "Limits", "MarkLimitError", "PageLimitError", "PixelLimitError", "TimeLimitError"]


class PixelLimitError(ImageError):
    """A picture has more pixels than are read."""


class PageLimitError(ImageError):
    """A file has more pages or frames than are read."""


class MarkLimitError(ImageError):
    """There is more on a picture than anybody writes: it is a texture, a printed page, or noise."""


class TimeLimitError(ImageError):
    """Reading a picture took longer than it may."""


@dataclass(frozen=True)
class Limits:
    """What one picture may ask for.

    Attributes:
        pixels: The most pixels of a picture or page; today's telephones take 12 to 50 million.
        pages: The most pages or frames of a file.
        marks: The most marks on a page, after specks were left out; a full page of digits has about 2,000.
        seconds: The longest time for a page, by the clock on the wall; looked at between steps.

    Raises:
        ArgumentError: A limit is not above 0.
    """

    pixels: int = 50_000_000
    pages: int = 100
    marks: int = 3_000
    seconds: float = 60.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not value > 0:
                raise ArgumentError(
                    "A limit must be above 0", received=f"{name}={value}", advice="Leave it out for the usual one"
                )

    def check_pixels(self, width: int, height: int, name: str) -> None:
        """Refuse a picture that is too large.

        Raises:
            PixelLimitError: It has more pixels than ``pixels``.
        """
        if width * height > self.pixels:
            raise PixelLimitError(
                f"A picture must have at most {self.pixels:,} pixels",
                received=f"{name}: {width}x{height} pixels",
                advice="Crop it, or scale it down",
            )

    def check_pages(self, pages: int, name: str) -> None:
        """Refuse a file of too many pages.

        Raises:
            PageLimitError: It has more than ``pages``.
        """
        if pages > self.pages:
            raise PageLimitError(
                f"A file must have at most {self.pages:,} pages or frames",
                received=f"{name}: {pages:,}",
                advice="Save the pages that matter as files of their own",
            )

    def check_marks(self, marks: int, name: str) -> None:
        """Refuse a picture with too much on it.

        Raises:
            MarkLimitError: There are more than ``marks``.
        """
        if marks > self.marks:
            raise MarkLimitError(
                f"A picture must have at most {self.marks:,} marks on it",
                received=f"{name}: {marks:,}, as noise, a texture or a page of print has",
                advice="Crop it to what is written by hand",
            )


@dataclass(frozen=True)
class Clock:
    """Looks at the time of one reading.

    Args:
        seconds: How long it may take.
        name: The picture, for the message.
    """

    seconds: float
    name: str
    started: float = field(default_factory=time.monotonic)

    def check(self, step: str) -> None:
        """Stop where the time is over.

        Args:
            step: What was done last, as in ``"finding the ink"``.

        Raises:
            TimeLimitError: More seconds have passed than may.
        """
        passed = time.monotonic() - self.started
        if passed > self.seconds:
            raise TimeLimitError(
                f"A picture must be read within {self.seconds:g} seconds",
                received=f"{self.name}: {passed:.1f} seconds after {step}",
                advice="Crop it or scale it down, or allow more time",
            )
