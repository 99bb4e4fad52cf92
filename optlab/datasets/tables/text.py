"""From bytes to text: which characters a file holds."""

import codecs

from optlab.core.errors import UserError

MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode(data: bytes, source: str, encoding: str = "auto") -> str:
    """The text of a file, its line ends as ``\\n``.

    Args:
        data: the content of the file.
        source: the name of the file, for messages.
        encoding: a name that Python knows, or ``auto``: UTF-8, or UTF-16 where a byte order mark says so.

    Raises:
        UserError: an unknown encoding, or bytes that are no text in it.
    """
    name = encoding if encoding != "auto" else next((MARKS[m] for m in MARKS if data.startswith(m)), "utf-8")
    try:
        text, _ = codecs.lookup(name).decode(data)
        if not isinstance(text, str):
            raise LookupError(name)
    except (LookupError, TypeError, ValueError) as error:
        if not isinstance(error, UnicodeError):
            raise UserError(
                f"dataset.encoding={encoding}: there is no such encoding of texts; set utf-8, cp1252, "
                "latin-1 or another that Python knows"
            ) from error
        line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
        remedy = (
            "set dataset.encoding=cp1252 or what it was saved in" if encoding == "auto" else "set another"
        )
        raise UserError(
            f"{source}, line {line}: not {_shown(name)} text; {remedy}, or save the file as UTF-8"
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise UserError(
            f"{source}, line {line}: holds NUL characters, so it is no text in {_shown(name)}; set "
            "dataset.encoding=utf-16 if it was saved so, or name a text file"
        )
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _shown(name: str) -> str:
    return name.upper().removesuffix("-SIG")
