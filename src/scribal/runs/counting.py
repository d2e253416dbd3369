"""Numbers of things, in words that agree with them."""

__all__ = ["counted"]


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number, its thousands parted, with what is counted: ``1 epoch``, ``1,875 batches``.

    Args:
        number: How many.
        singular: The word for one.
        plural: The word for more or none; by default the singular with an s.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
