"""Reading: the digits in people's own photos, with how sure they are and where they stand."""

from scribal.reading.limits import Limits
from scribal.reading.reader import PictureReader, read, read_pages
from scribal.reading.result import Alternative, Digit, Line, Number, Reading

__all__ = ["Alternative", "Digit", "Limits", "Line", "Number", "PictureReader", "Reading", "read", "read_pages"]
