"""Every number in the findings and the methods paragraph of the committed studies is in their tables."""

import json
import math
import re
from pathlib import Path

import pandas as pd
import pytest

from optlab.analysis.study import study
from optlab.report import words
from optlab.report.page.effort import efforts
from optlab.report.page.findings import findings
from optlab.report.page.methods import methods
from optlab.store.read import load

RESULTS = Path(__file__).parents[2] / "results"
STUDIES = sorted(path.parent.name for path in RESULTS.glob("*/excerpt"))
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?(?:×10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
CONSTANTS = {
    "5",  # %, the level of all tests
    "80",  # %, the power that a detectable ratio has
}


def numbers(text):
    """Those of a text, without what names something: citations, versions, processors, settings, problems."""
    text = re.sub(r"\[@[^\]]*\]|Software: .*|\b[\w]+=[^\s;,]+", "", text)
    return {found.rstrip(",") for found in NUMBER.findall(text)}


def formatted(value):
    """All the ways in which a number may be printed."""
    if not math.isfinite(value):
        return set()
    texts = [words.number(value, digits) for digits in (2, 3, 4)]
    texts += [
        words.count(value),
        words.share(value).removesuffix(" %"),
        words.rate(value),
        f"{value:.2g}",
        f"{value:g}",
    ]
    texts += [words.bounded(value, True), f"{100 * (value - 1):.2g}"]
    return {found.rstrip(",") for text in texts for found in NUMBER.findall(text)}


def allowed(judged):
    """The numbers of the tables, in every format."""
    values = {float(len(judged.runs)), float(len(judged.problems)), float(len(judged.scored_problems))}
    for table in (judged.summary, judged.comparisons, judged.powers, judged.tuned, judged.runs):
        for _, column in table.select_dtypes("number").items():
            values |= {float(value) for value in column.dropna().unique()}
    for effort in efforts(judged).values():
        values |= {float(value) for value in pd.concat([effort.counts, effort.work])}
    values |= {float(count) for count in judged.comparisons["test"].value_counts()}
    groups = judged.runs.groupby(["problem", "optimizer"])
    values |= {float(n) for n in groups["setting"].nunique()}
    values |= {
        float(n) for n in judged.runs.groupby(["problem", "optimizer", "setting"])["repetition"].nunique()
    }
    values |= {
        float(judged.runs[judged.runs["problem"] == p]["optimum"].notna().sum()) for p in judged.problems
    }
    values |= {max(judged.runs["optimum_gap"].max(), 1e-16)}
    values |= {float(judged.runs.loc[judged.runs["optimum_gap"].notna(), "problem"].nunique())}
    if judged.friedman:
        values |= {float(judged.friedman.problems), judged.friedman.p, judged.friedman.critical_difference}
    texts = CONSTANTS.copy()
    splits = set()
    for text in judged.runs["config"].unique():
        for value in leaves(json.loads(text)):
            values.add(float(value))
        splits.add(json.loads(text)["dataset"].get("split_seed"))
    values.add(float(len(splits)))
    for value in values:
        texts |= formatted(value)
    return texts


def leaves(config):
    """The numbers of a configuration."""
    if isinstance(config, dict):
        return [leaf for value in config.values() for leaf in leaves(value)]
    if isinstance(config, list):
        return [leaf for value in config for leaf in leaves(value)]
    return [config] if isinstance(config, int | float) else []


def sentences(judged):
    """All the texts, without the names of problems."""
    names = sorted(judged.problems, key=len, reverse=True)
    texts = [text for finding in findings(judged) for text in (finding.verdict, finding.text)]
    texts.append(methods(judged))
    for name in [*names, *words_with_digits(judged)]:
        texts = [text.replace(name, "") for text in texts]
    return texts


def words_with_digits(judged):
    """Data sets and the like: ``a9a``, ``float64``."""
    return sorted({*judged.runs["dataset"].astype(str), "float64", "float32"}, key=len, reverse=True)


def unknown(texts, known):
    return {number for text in texts for number in numbers(text)} - known


@pytest.fixture(scope="module", params=STUDIES)
def judged(request):
    return study(load(RESULTS / request.param / "excerpt"))


def test_every_number_is_in_the_tables(judged):
    assert unknown(sentences(judged), allowed(judged)) == set()


def test_a_number_that_is_changed_is_noticed():
    judged = study(load(RESULTS / "quickstart" / "excerpt"))
    text = sentences(judged)[1]
    steps = next(number for number in ("177.3", "404", "433") if number in text)
    assert unknown([text.replace(steps, "987.6")], allowed(judged)) == {"987.6"}
