"""What old code expects of NumPy, SciPy, Pillow, pandas and Matplotlib, given back while a program runs.

A library is adapted right after the program imports it. Names are given to the user's own files only: libraries that
ask each other for them get today's answer.
"""

from scribal.legacy.other_libraries.installing import installed_libraries

__all__ = ["installed_libraries"]
