"""Texts that may hold what no UTF-8 is: Python reads such bytes of a file's name as lone surrogates."""


def is_writable(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def writable(text: str) -> str:
    """A text with what cannot be written as UTF-8 in backslashes."""
    return text.encode("utf-8", "backslashreplace").decode()
