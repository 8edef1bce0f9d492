"""The one error that the builder raises, and the remedy that most of its messages end with."""

REMEDY = "run python course.py build"


class BuildError(Exception):
    """A source cannot be built as it stands; the message says where, what was found and what to do."""
