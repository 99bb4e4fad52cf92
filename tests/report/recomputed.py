"""The numbers of a report's sentences, computed again from the runs of one problem.

A claim is a pattern and a function that takes what the pattern found and yields pairs: what is printed, and
what it should be. What no claim has taken may hold no number.
"""

import json
import re
from math import comb
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import studentized_range

from optlab.report import words
from optlab.report.page.answers import PHRASES

NUMBER = r"−?\d[\d.,]*(?:(?:×10)?[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?(?<![.,])"
NAME = r"[a-z]\w*"
NAMES = rf"{NAME}(?:, {NAME})*(?: and {NAME})?"
END = r"(?=\.(?: |$))"
SETTING = rf"(?P<setting>[^:]+?){END}"
BOUND = rf"(?:≤ )?{NUMBER}(?: \(rounding\))?"


class Problem(NamedTuple):
    """A problem: the runs at the chosen settings, on the seeds that judge them."""

    name: str
    runs: pd.DataFrame
    work: pd.Series  # gradient-equivalents by run; empty where they are not known
    metric: str
    power: pd.DataFrame  # what the seeds could have shown, see `power.powers`
    grid: pd.DataFrame  # the rows of summary.csv, by optimizer: what all runs say, not these alone
    pairs: pd.DataFrame  # see `comparisons.comparisons`

    def of(self, name):
        own = self.runs[self.runs["optimizer"] == name]
        assert len(own), f"{name} was not run on {self.name}"
        return own

    @property
    def by_gap(self):
        """Whether gaps are compared."""
        return self.metric in ("final_train_cost", "final_gap") and self.runs["optimum"].notna().all()

    def values(self, name):
        """What is compared, by repetition, and the share that is at the rounding of J."""
        own = self.of(name).set_index("repetition")
        if not self.by_gap:
            return own[self.metric], 0.0
        gap = np.maximum(own["final_train_cost"] - own["optimum"], own["least_gap"])
        return gap, float((gap <= own["least_gap"] * (1 + 1e-9)).mean())

    def mean(self, name):
        """The geometric mean over the seeds that the optimizers with several of them have in common."""
        seeds = [set(own["repetition"]) for _, own in self.runs.groupby("optimizer")]
        common = set.intersection(*([own for own in seeds if len(own) > 2] or seeds))
        values, _ = self.values(name)
        shared = values[values.index.isin(common)]
        return float(np.exp(np.log(shared if len(shared) else values).mean()))

    def printed_mean(self, name):
        mean, rounded = self.mean(name), self.values(name)[1]
        return words.bound(mean) if 0 < rounded < 1 else words.bounded(mean, rounded == 1)

    def medians(self, column):
        """Of every optimizer."""
        return self.runs.groupby("optimizer")[column].median()


def listed(text):
    return re.split(", | and ", text)


def setting(found, problem):
    """Every run of the optimizer has the options that are printed."""
    for part in found["setting"].split(", ") if found["setting"] != "as configured" else ():
        option, _, value = part.partition("=")
        for config in map(json.loads, problem.of(found["name"])["config"]):
            actual = (config["training"] if option == "batch_size" else config["optimizer"])[option]
            yield value, f"{actual:.6g}" if isinstance(actual, float) else json.dumps(actual).strip('"')


def interval(values):
    """The narrowest that covers the median with 95 %, and with how much it does."""
    n = len(values)
    beyond = {d: 2 * sum(comb(n, i) for i in range(d)) / 2**n for d in range(1, n // 2 + 1)}
    depth = max(d for d, p in beyond.items() if p <= 0.05)
    ordered = np.sort(values)
    return ordered[depth - 1], ordered[n - depth], 1 - beyond[depth]


def only(found, problem):
    values = problem.of(found["name"])[problem.metric].to_numpy()
    yield found["value"], words.number(float(np.median(values)))
    if found["low"]:
        low, high, _ = interval(values)
        yield from ((found["low"], words.number(low)), (found["high"], words.number(high)))
    yield from setting(found, problem)


def first(found, problem):
    yield found["value"], problem.printed_mean(found["name"])
    yield from setting(found, problem)


def minimum(found, problem):
    yield found["value"], problem.printed_mean(listed(found["names"])[0])


def behind(found, problem):
    yield found["value"], problem.printed_mean(found["name"])


def distance(found, problem):
    """Of the next to the first, whose name stands at the beginning of the text."""
    yield from behind(found, problem)
    ahead = listed(re.search(rf"(?:is that of|reached by) ({NAMES})", found.string)[1])[0]
    ratio = problem.mean(found["name"]) / problem.mean(ahead)
    if found["times"] or found["percent"]:
        yield found["least"], "at least " if problem.values(ahead)[1] else None
    if found["times"]:
        yield found["times"], words.number(ratio, 3)
    if found["percent"]:
        yield found["percent"], f"{100 * (ratio - 1):.2g}"


def power(found, problem):
    yield found["seeds"], str(int(problem.power["seeds"].iloc[0]))
    yield found["ratio"], words.number(problem.power["detectable"].iloc[0], 3)


def spent(column):
    """``Steps: newton 5, adam and sgd 404``, ``Epochs: 10 each``."""

    def claim(found, problem):
        runs = problem.runs.assign(work=problem.runs["run_id"].map(problem.work))
        medians = runs.groupby("optimizer")[column].median()
        if medians.isna().any():  # the work, where the data are not at hand
            return
        for names, value in re.findall(rf"(?:the most )?({NAMES} )?({NUMBER})(?: each)?", found["amounts"]):
            own = listed(names.strip()) if names else [found["name"]] if found["name"] else [*medians.index]
            expected = {words.count(medians[name]) for name in own}
            yield value, expected.pop() if len(expected) == 1 or names else value * (value in expected)

    return claim


def accuracy(found, problem):
    medians = problem.medians(f"final_{found['part']}_accuracy")
    yield found["value"], words.number(medians.max())
    best = set(medians.index[medians == medians.max()])
    everybody = found["names"] == "all optimizers"
    yield best, set(medians.index) if everybody else set(listed(found["names"]))


def diverged(found, problem):
    for name, share in re.findall(rf"({NAME}) ({NUMBER} %)", found[0]):
        yield share, words.share(problem.grid.at[name, "grid_diverged"])


def worse(found, problem):
    for name, share in re.findall(rf"({NAME}) ({NUMBER} %)", found[0]):
        yield share, words.share(problem.grid.at[name, "grid_worse"])


def validation(found, problem):
    """The setting with the lowest validation cost is one of all; of the chosen ones, where they are alone."""
    own, table = problem.of(found["name"]), problem.grid
    lowest = {words.number(own["final_validation_cost"].median())}
    settings = {own["setting"].iloc[0]}
    if "lowest_validation_cost" in table:
        lowest.add(words.number(table.at[found["name"], "lowest_validation_cost"]))
        settings.add(table.at[found["name"], "validation_setting"])
    yield found["value"], found["value"] if found["value"] in lowest else lowest
    yield found["setting"], found["setting"] if found["setting"] in settings else settings
    if found["against"]:
        leader = problem.of(found["leader"])["final_validation_cost"]
        yield found["against"], words.number(leader.median())


def rates(found, problem):
    """Their widths need all runs; of those that are named there must be a grid."""
    for name in listed(found["names"]) if found["names"] else ():
        yield bool(problem.grid.at[name, "settings"] > 1), True


SPENT = {"steps": "Steps", "epochs": "Epochs", "work": "Work in gradient-equivalents"}

FINDINGS = [
    (rf"The only optimizer, (?P<name>{NAME}), reaches a .+? of (?P<value>{NUMBER})"
     rf"(?: \[(?P<low>{NUMBER}), (?P<high>{NUMBER})\])? at {SETTING}", only),
    (rf"The (?:lowest|highest) (?!median).+? is that of (?P<name>{NAME}): (?P<value>{BOUND})"
     rf"(?: \((?:geometric )?mean\))? at {SETTING}", first),
    (rf"The minimum is reached by (?P<names>{NAMES}): .+? (?P<value>{BOUND})", minimum),
    (rf"Next: (?P<name>{NAME}), (?P<value>{BOUND})(?:, (?P<least>at least )?"
     rf"(?:(?P<times>{NUMBER}) times as high|(?P<percent>{NUMBER}) % higher))?", distance),
    (rf"Last: (?P<name>{NAME}), (?P<value>{BOUND})", behind),
    (rf"\((?P<seeds>\d+) seeds? would show a ratio of (?P<ratio>{NUMBER}) in 80 % of studies\)", power),
    *((rf"{label}(?: of (?P<name>{NAME}))?: (?P<amounts>[^:]+?){END}", spent(column))
      for column, label in SPENT.items()),
    (rf"The highest median (?P<part>\w+) accuracy is (?P<value>{NUMBER}) \((?P<names>[^)]+)\)", accuracy),
    (r"Diverged runs, at any setting: .+?" + END, diverged),
    (r"Runs that end above their start, at any setting: .+?" + END, worse),
    (rf"By validation cost, the choice is (?P<name>{NAME}) at (?P<setting>[^:]+?): (?P<value>{NUMBER})"
     rf"(?:, against (?P<against>{NUMBER}) of (?P<leader>{NAME}) at [^:]+?)?{END}", validation),
    (rf"Good learning rates span {NUMBER} decades?(?: each| with (?P<names>{NAMES})"
     rf"(?: and {NUMBER} decades? with {NAMES}|; with {NAMES} at most one rate of the grid is good)?)?",
     rates),
]  # fmt: skip


def recommended(found, problem):
    """Nobody is shown to be better."""
    yield set(problem.pairs.loc[problem.pairs["second"] == found["name"], "verdict"]) & {"better"}, set()
    yield from setting(found, problem)


def lead(found, problem):
    """Of the recommended, whose name stands at the beginning of the text, over the next that is behind."""
    own = _pairs(found, problem)
    behind = own[own == "better"].index
    yield found["next"], min(behind, key=problem.mean)
    pair = problem.pairs[problem.pairs["second"] == found["next"]].set_index("first").loc[_use(found)]
    yield found["p"], words.number(pair["p"], 2) if found["p"] else None
    ratio = problem.mean(found["next"]) / problem.mean(_use(found))
    if found["times"]:
        yield found["times"], words.number(ratio, 3)
    if found["percent"]:
        yield found["percent"], f"{100 * (ratio - 1):.2g}"
    if found["times"] or found["percent"]:
        yield found["least"], "at least " if problem.values(_use(found))[1] else None


def alike(verdict):
    """Whom the recommended is compared with, to no effect."""

    def claim(found, problem):
        own = _pairs(found, problem)
        expected = set(own[own == verdict].index)
        names = [name for name in listed(found["names"]) if name[0].isalpha()]
        yield set(names) - expected, set()
        yield len(names) + int(found["more"] or 0), len(expected)

    return claim


def _use(found):
    return re.search(rf"Use ({NAME}) at", found.string)[1]


def _pairs(found, problem):
    """The verdicts on the recommended against the others, where it is not behind."""
    use, pairs = _use(found), problem.pairs
    own = pairs[(pairs["first"] == use) | (pairs["second"] == use)]
    other = own["first"].where(own["second"] == use, own["second"])
    return pd.Series(own["verdict"].to_numpy(), other.to_numpy())


def price(found, problem):
    runs = problem.of(_use(found))
    yield found["count"], words.count(runs[found["unit"]].median())
    if found["work"] and len(problem.work):
        yield found["work"], words.count(runs["run_id"].map(problem.work).median())


NAMED = rf"(?P<names>{NAMES}(?: and (?P<more>\d+) others)?){END}"
ANSWERS = [
    (rf"Use (?P<name>{NAME}) at {SETTING}", recommended),
    (rf"Shown to be ahead of (?P<next>{NAME}), the next(?:, whose .+? is (?P<least>at least )?"
     rf"(?:(?P<times>{NUMBER}) times as high|(?P<percent>{NUMBER}) % higher))? "
     rf"\((?:p = (?P<p>{NUMBER})|no chance is in it)\)", lead),
    *((phrase + " " + NAMED, alike(verdict)) for verdict, phrase in PHRASES.items()),
    (rf"(?P<count>{NUMBER}) (?P<unit>steps|epochs)(?:, work of (?P<work>{NUMBER}) gradient-equivalents)?",
     price),
]  # fmt: skip


class Study(NamedTuple):
    """All problems of a study, and what only all of them together say."""

    problems: dict[str, Problem]
    comparisons: pd.DataFrame  # see `comparisons.comparisons`
    friedman: object  # see `friedman.Friedman`; None
    scored: list[str]  # problems that scores count

    @property
    def runs(self):
        return pd.concat([problem.runs for problem in self.problems.values()])

    @property
    def seeds(self):
        """How many judge each optimizer of each problem."""
        return self.runs.groupby(["problem", "optimizer"])["repetition"].nunique()

    @property
    def optimizers(self):
        return self.runs.groupby("problem")["optimizer"].nunique()


def span(numbers):
    least, most = min(numbers), max(numbers)
    return str(least) if least == most else f"{least} to {most}"


def seeds(found, study):
    yield found["seeds"], span(study.seeds)


def levels(found, study):
    known = [interval(np.zeros(n))[2] for n in study.seeds if n > 5]
    ends = dict.fromkeys(words.share(level).removesuffix(" %") for level in (min(known), max(known)))
    yield found["levels"].replace(" %", ""), " to ".join(ends)


def pairs(found, study):
    n = 0
    for problem in study.problems.values():
        seen = [set(own["repetition"]) for _, own in problem.runs.groupby("optimizer")]
        n += len(set.intersection(*seen)) * (len(seen) > 1)
    yield found["n"], str(n)


def certificate(found, study):
    yield found["value"], words.certificate(study.runs["optimum_gap"].max())


def drawn(found, study):
    yield found["n"], str(len(study.problems))


def scored(found, study):
    everywhere = study.optimizers.index[study.optimizers == study.runs["optimizer"].nunique()]
    yield int(found["n"]), len(study.scored)
    assert set(study.scored) <= set(everywhere)


def ranked(found, study):
    yield found["n"], str(len(study.problems))
    yield found["p"], words.number(study.friedman.p, 2)


CAPTIONS = [
    (r"medians over (?P<seeds>\d+(?: to \d+)?) seeds?", seeds),
    (r"best setting \((?P<seeds>\d+(?: to \d+)?) seeds?\)", seeds),
    (r"with (?P<levels>[\d.]+ %(?: to [\d.]+ %)?|[\d.]+ to [\d.]+ %) intervals", levels),
    (r"over (?P<n>\d+) pairs? of problem and seed", pairs),
    (rf"J\* is certified to within (?P<value>{NUMBER})", certificate),
    (r"6 of (?P<n>\d+) problems are drawn", drawn),
    (r"on (?P<n>\d+) problems?, by all runs", scored),
    (rf"over (?P<n>\d+) problems, the best at the left|Friedman's test of equality: p = (?P<p>{NUMBER})",
     lambda found, study: [pair for pair in ranked(found, study) if pair[0]]),
    (r"Bands: 95 % bootstrap|Nemenyi's test at 5 %|below 5 % of the largest|in hidden layer [12]",
     lambda found, study: ()),
]  # fmt: skip


def trained(found, study):
    """How the problems of a sentence were trained: every clause holds of every run."""
    for name in re.split(
        r", (?=\w+ · )| and (?=\w+ · )", re.sub(r" \(at most [\d,]+ rows\)", "", found["problems"])
    ):
        configs = [json.loads(text) for text in study.problems[name].runs["config"]]
        for claim, section, option in CLAUSES:
            for part in re.finditer(claim, found["text"]):
                values = {config[section].get(option) for config in configs}
                yield part[1].replace(",", ""), _among(part[1].replace(",", ""), values)
        for number, low, high in re.findall(r"with (\d+) split seeds, (\d+) to (\d+)", found["text"]):
            own = {config["dataset"]["split_seed"] for config in configs}
            yield (number, low, high), (str(len(own)), str(min(own)), str(max(own)))


CLAUSES = [
    (r"mini-batches of (\d+)", "training", "batch_size"),
    (r"at most ([\d,]+) epochs", "training", "epochs"),
    (r"(?:at most|and) ([\d,]+) steps", "training", "max_steps"),
    (r"(\d+) % validation", "dataset", "validation_fraction"),
    (r"(\d+) % test", "dataset", "test_fraction"),
    (r"\(split seed (\d+)\)", "dataset", "split_seed"),
    (r"l2 = ([\d.e-]+)", "model", "l2"),
]


def _among(printed, values):
    """What is printed, if it is one of the values; else all of them."""
    shown = {f"{100 * value:g}" if isinstance(value, float) and printed.isdigit() else f"{value:g}"
             for value in values if value is not None}  # fmt: skip
    return printed if printed in shown else shown


def grid(found, study):
    """Settings and seeds are those of all runs, which the excerpt lacks: it has one setting each."""
    runs = study.runs
    yield found["seeds"], span(study.seeds)
    yield found["runs"].replace(",", ""), str(len(runs))
    if found["low"]:
        yield from (
            (found[end], words.rate(getattr(runs["lr"], kind)()))
            for end, kind in (("low", "min"), ("high", "max"))
        )


def tests(found, study):
    counts = [int(number.replace(",", "")) for number in re.findall(r"(?:: |; )([\d,]+) ", found[0])]
    yield sorted(counts), sorted(study.comparisons["test"].value_counts())
    yield sum(counts), sum(comb(n, 2) for n in study.optimizers)


def friedman(found, study):
    yield from ranked(found, study)
    n, k = len(study.problems), len(study.friedman.ranks)
    difference = studentized_range.ppf(0.95, k, np.inf) * np.sqrt(k * (k + 1) / (12 * n))
    yield found["difference"], words.number(difference, 3)


def known(found, study):
    """Of how many problems the minimum was found."""
    found_out = study.runs.groupby("problem")["optimum"].agg(lambda values: values.notna().all())
    yield found["n"], None if found_out.all() else str(found_out.sum())
    yield from certificate(found, study)


def unknown(found, study):
    n = study.runs["optimum"].isna().groupby(study.runs["problem"]).any().sum()
    yield found["n"], str(n)


def compared(found, study):
    """Whom and on what; names may have digits."""
    text = re.sub(r" \[@[^]]+\]", "", found[0].rstrip("."))
    optimizers, data = re.fullmatch(r"We compared (.+) on (.+)", text).groups()
    yield set(listed(optimizers)), set(study.runs["optimizer"])
    yield set(listed(data)), set(study.runs["dataset"])


METHODS = [
    (r"We compared .+?\.(?= On )", compared),
    (r"On (?P<problems>[^:]+?), training used: (?P<text>.+?)\.(?= On | Every )", trained),
    (rf"run at 1 setting(?:, with learning rates from (?P<low>{NUMBER}) to (?P<high>{NUMBER}))?, "
     rf"each on (?P<seeds>\d+(?: to \d+)?) seeds?: (?P<runs>{NUMBER}) runs? in all", grid),
    (r"AlgoPerf score(?: \[[^]]+\])? on (?P<n>\d+) problems?", scored),
    (r"Pairs of optimizers: .+?" + END, tests),
    (rf"Mean ranks over (?P<n>\d+) problems .+? \(p = (?P<p>{NUMBER})\) .+? at 5 % \(critical difference "
     rf"(?P<difference>{NUMBER})\)", friedman),
    (rf"training cost J\*(?: of (?P<n>\d+) problems?)? was computed .+? within (?P<value>{NUMBER})", known),
    (r"J\* of (?P<n>\d+) problems? is not known", unknown),
    (r"a level of 5 % for all|Software: .+|\[@[^]]+\]", lambda found, study: ()),
]  # fmt: skip


def chosen(found, study):
    """The problem that the validation cost chooses, by the medians of its best optimizer."""
    own = _named(found["problem"], study)
    yield found["n"], str(len(study.problems))
    for column in ("final_validation_cost", "final_test_cost", "final_test_accuracy"):
        yield found[column], words.number(own.medians(column)[found["name"]])
    yield from setting(found, own)
    others = [problem for problem in study.problems.values() if problem.name != own.name]
    yield int(found["others"]), len(others)
    assert 0 <= int(found["alike"]) <= len(others)
    yield found["seeds"], str(own.of(found["name"])["repetition"].nunique())


def hindsight(found, study):
    own = _named(found["problem"], study)
    tests = {name: problem.medians("final_test_cost") for name, problem in study.problems.items()}
    yield found["value"], words.number(tests[own.name].min())


def _named(label, study):
    [own] = [problem for name, problem in study.problems.items() if name.endswith(f" · {label}")]
    return own


CHOICES = [
    (rf"The validation cost chooses (?P<problem>.+?)\. Of (?P<n>\d+) problems .+? its median is "
     rf"(?P<final_validation_cost>{NUMBER}), with (?P<name>{NAME}) at {SETTING}\. Its median test cost is "
     rf"(?P<final_test_cost>{NUMBER}), its median test accuracy (?P<final_test_accuracy>{NUMBER})\. "
     r"(?P<alike>\d+) of the (?P<others>\d+) others are not shown to be worse: (?P<seeds>\d+) seeds", chosen),
    (rf"The lowest median test cost, which no choice may look at, is that of (?P<problem>.+?): "
     rf"(?P<value>{NUMBER})", hindsight),
]  # fmt: skip


def check(text, claims, subject):
    """The claims of a text that are wrong, and what is left of it with numbers that nothing has claimed."""
    wrong = []
    for pattern, claim in claims:
        for found in re.finditer(pattern, text):
            wrong += [
                (found[0], printed, expected)
                for printed, expected in claim(found, subject)
                if printed != expected
            ]
    rest = text
    for pattern, _ in claims:
        rest = re.sub(pattern, "", rest)
    return wrong, re.findall(r"[^.]*\d[^.]*", rest)
