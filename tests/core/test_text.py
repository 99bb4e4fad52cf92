"""Texts that hold what no UTF-8 is."""

import os

from optlab.core.text import is_writable, writable


def test_bytes_of_a_name_that_are_no_utf_8_become_backslashes():
    name = os.fsdecode(b"a\xff")
    assert not is_writable(name) and is_writable("é×𝒥")
    assert writable(name) == r"a\udcff" and writable("é×𝒥") == "é×𝒥"
