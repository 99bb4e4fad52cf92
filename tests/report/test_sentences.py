"""Every number in the findings, captions and methods paragraphs of the committed studies, computed again."""

import json
import re
from functools import cache

import pandas as pd
import pytest

from optlab.analysis.study import study
from optlab.report.figures import figures
from optlab.report.page import problems
from optlab.report.page.answers import answers
from optlab.report.page.findings import findings
from optlab.report.page.methods import methods
from optlab.store.read import load
from tests.committed import RESULTS, excerpt
from tests.report import recomputed

STUDIES = sorted(path.parent.name for path in RESULTS.glob("*/excerpt"))


@cache
def judged(name):
    """The study of the runs at the chosen settings, which are committed."""
    return study(load(excerpt(name)))


def facts(name):
    """Its problems, by their names."""
    own, table = judged(name), pd.read_csv(RESULTS / name / "summary.csv")
    known = "gradient_equivalents" in own.cost_axes
    work = own.points.groupby("run_id")["gradient_equivalents"].max() if known else pd.Series(dtype=float)
    found = {
        problem: recomputed.Problem(
            problem,
            own.runs[own.runs["problem"] == problem],
            work,
            own.metric,
            own.powers[own.powers["problem"] == problem],
            table[table["problem"] == problem].set_index("optimizer"),
            own.comparisons[own.comparisons["problem"] == problem],
        )
        for problem in own.problems
    }
    return recomputed.Study(found, own.comparisons, own.friedman, own.scored_problems)


def of_these_runs(problem):
    """The problem with shares of the committed runs in place of those of all runs."""
    status = problem.runs.groupby("optimizer")["status"]
    shares = {
        column: status.agg(lambda own, end=end: (own == end).mean())
        for column, end in (("grid_diverged", "diverged"), ("grid_worse", "worse"))
    }
    return problem._replace(grid=problem.grid.assign(**shares))


def committed(name):
    """The findings of the report as it is committed: (problem, text) of every problem."""
    page = (RESULTS / name / "report" / "report.md").read_text("utf-8").replace("\\", "")
    part = page.partition("## Findings")[2].partition("\n## ")[0]
    return [
        (problem, re.findall(rf"\*\*{re.escape(problem)}: .*?\*\* (.*)", part)[0])
        for problem in judged(name).problems
    ]


def answered(answer):
    """What an answer says, as one text."""
    return " ".join([f"{answer.use}.", *(text for _, text in answer.facts)])


POWER = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def committed_methods(name):
    """The paragraph of ``methods.tex`` as it is committed, without LaTeX."""
    text = (RESULTS / name / "report" / "methods.tex").read_text("utf-8")
    text = re.sub(r"~\\cite\{([^}]*)\}", lambda m: f" [@{m[1].replace(',', '; @')}]", text)
    powers = re.compile(r"\$(\\times )?10\^\{([-\d]+)\}\$")
    text = powers.sub(lambda m: "×" * bool(m[1]) + "10" + m[2].translate(POWER), text)
    return re.sub(r"\\([%_&#])", r"\1", text.replace(r"$\cdot$", "·").replace("$-$", "−")).strip()


def checked(texts):
    """What is wrong or has numbers that nobody claims, of (text, claims, subject)."""
    found = [recomputed.check(*text) for text in texts]
    return [wrong for wrong, _ in found if wrong], [rest for _, rest in found if rest]


@pytest.mark.parametrize("name", STUDIES)
def test_every_number_is_computed_again(name):
    """In what is written of the committed runs now, and in the findings that are committed."""
    own, known = judged(name), facts(name)
    texts = [
        (text, recomputed.FINDINGS, known.problems[problem])
        for problem, text in committed(name)
        if known.problems[problem].by_gap or "J*" not in text  # minima need the data, as they were drawn
    ]
    texts += [
        (finding.text, recomputed.FINDINGS, of_these_runs(known.problems[finding.problem]))
        for finding in findings(own)
    ]
    texts += [
        (answered(answer), recomputed.ANSWERS, of_these_runs(known.problems[answer.problem]))
        for answer in answers(own, findings(own))
        if answer.command
    ]
    texts += [
        (f"{choice.verdict}. {choice.text}", recomputed.CHOICES, known)
        for choice in problems.findings(own.problem_comparison)
    ]
    captions = {drawing.caption(own) for figure in figures().values() for drawing in figure.drawings(own)}
    texts += [(caption, recomputed.CAPTIONS, known) for caption in sorted(captions)]
    texts.append((methods(own), recomputed.METHODS, known))
    assert checked(texts) == ([], [])


@pytest.mark.parametrize("name", STUDIES)
def test_the_paragraph_that_is_committed_says_what_the_tables_say(name):
    """It speaks of all runs; the committed ones, at the chosen settings, have some of their seeds."""
    own, text = judged(name).runs, committed_methods(name)
    text = re.sub(
        r"(Every optimizer was run) .*? runs in all\.", r"\1.", text
    )  # by the grids, which are not here
    if judges := re.search(r"Seeds [\d, ]+ chose the setting; seeds ([\d, ]+) judge it\.", text):
        assert {int(seed) for seed in judges[1].split(", ")} <= set(own["seed"])
        text = text.replace(judges[0], "")
    splits = {json.loads(config)["dataset"]["split_seed"] for config in own["config"]}
    for drawn in set(re.findall(r" \(drawn anew with (\d+) split seeds, (\d+) to (\d+)\)", text)):
        number, low, high = map(int, drawn)
        assert splits <= set(range(low, high + 1)) and number == high - low + 1
    text = re.sub(r" \(drawn anew with [^)]*\)", "", text)
    assert recomputed.check(text, recomputed.METHODS, facts(name)) == ([], [])


def test_a_number_that_is_changed_is_noticed():
    """Each of a finding and of an answer, whatever they say."""
    [finding] = [finding for finding in findings(judged("mnist")) if finding.problem == "mnist · softmax"]
    problem = facts("mnist").problems[finding.problem]
    given = answers(judged("mnist"), findings(judged("mnist")))
    [answer] = [answer for answer in given if answer.problem == finding.problem]
    for text, claims in ((finding.text, recomputed.FINDINGS), (answered(answer), recomputed.ANSWERS)):
        numbers = list(re.finditer(recomputed.NUMBER, text))
        assert len(numbers) > 4
        for number in numbers:
            other = str(int(number[0][-1] == "7") + 7)
            changed = text[: number.end() - 1] + other + text[number.end() :]
            wrong, unclaimed = recomputed.check(changed, claims, problem)
            assert wrong or unclaimed, changed


def test_a_number_that_nothing_claims_is_noticed():
    problem = facts("mnist").problems["mnist · softmax"]
    assert checked([("It is 12 times as good.", recomputed.FINDINGS, problem)])[1]
