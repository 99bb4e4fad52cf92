"""The one exception that a user is meant to see."""

from collections.abc import Sequence


class UserError(Exception):
    """A mistake of the user's, told in one line: what is wrong (key and value) and how to mend it.

    The commands print it as ``optlab: error: ...`` and exit with status 2.
    """

    def __init__(self, message: str) -> None:
        super().__init__(" ".join(message.split()))


class Incomplete(Exception):
    """Some runs of a sweep could not be trained; all others are in the result folder."""

    def __init__(self, message: str, tracebacks: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.tracebacks = tracebacks
