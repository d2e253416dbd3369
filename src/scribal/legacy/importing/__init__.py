"""Old imports find what they stood for: in this process, for as long as a program runs.

``homes`` says where scribal keeps what nothing has today; ``lookup`` answers what one old name stands for; ``modules``
are the module objects that old names get; ``finder`` gives them to Python's import machinery; ``additions`` lets
modules of today answer to names they have lost; ``installing`` puts all of it in, and takes it out again.
"""

from scribal.legacy.importing.installing import installed_modules

__all__ = ["installed_modules"]
