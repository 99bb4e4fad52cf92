import re

import pytest

from optlab import datasets, optimizers
from optlab.report.page import references

WITHOUT = {"csv", "libsvm", "synthetic_logistic", "shifts"}  # the user's own, and drawn from a formula


@pytest.mark.parametrize("name", sorted({*optimizers.REGISTRY.names(), *datasets.REGISTRY.names()} - WITHOUT))
def test_every_method_and_data_set_has_a_reference(name):
    assert references.cited_for([name])


def test_entries_are_complete_and_sorted():
    entries = references.references()
    assert [entry.key for entry in entries] == sorted({entry.key for entry in entries})
    assert references.BIB.read_text("utf-8").count("@") == len(entries)
    for entry in entries:
        assert {"author", "title", "year"} <= set(re.findall(r"^  (\w+) =", entry.bibtex, re.MULTILINE))


def test_who_is_cited_is_told_as_in_a_text():
    (adam,), (saga,), (adadelta,) = (references.cited_for([name]) for name in ("adam", "saga", "adadelta"))
    assert adam.short == "Kingma and Ba, 2015"
    assert saga.short == "Defazio et al., 2014"
    assert adadelta.short == "Zeiler, 2012"


def test_accents_are_letters_again():
    (profile,) = references.cited_for(["performance_profile"])
    assert profile.short == "Dolan and Moré, 2002"
