"""Keras as old programs expect it, for the tests that ask."""

import pytest

from scribal.legacy.journal import Journal, recording


@pytest.fixture
def journal(request):
    """A journal for which the test's own file is the user's program."""
    with recording(Journal(lambda file: file == str(request.path))) as kept:
        yield kept


@pytest.fixture
def models(journal):
    """Models of this process as any Keras had them; gives the journal."""
    from scribal.legacy.constructors import installed_constructors
    from scribal.legacy.models import installed_models
    from scribal.legacy.preprocessing import installed_preprocessing

    with installed_preprocessing(), installed_constructors(), installed_models():
        yield journal
