"""What a test of a refused call says: exactly this error, and a message that begins like this."""

import contextlib

import pytest


@contextlib.contextmanager
def refused(error, words):
    """The block raises exactly ``error``, and its message begins with ``words``."""
    with pytest.raises(error) as caught:
        yield caught
    assert caught.type is error
    assert str(caught.value).startswith(words), str(caught.value)
