"""The paragraph on methods for a paper: what was run, in sentences with the numbers filled in, and citations.

Citations are written ``[@key]``, as in Pandoc's Markdown, and become names and years or LaTeX's ``\\cite``.
"""

import re
from typing import Any

import pandas as pd

from optlab.analysis.comparison.judgement import DIVERGENCE, FACT, RANGE, ROUNDED, SIGNED_RANK
from optlab.analysis.problem.problems import configuration
from optlab.analysis.study import Study
from optlab.analysis.theory.costs import is_charged
from optlab.report import words
from optlab.report.drawing.style import in_order
from optlab.report.page import references
from optlab.report.page.circumstances import circumstances
from optlab.report.page.latex import escaped
from optlab.report.page.protocol import choice, criterion


def methods(study: Study) -> str:
    """The paragraph."""
    runs, record = study.runs, study.results.provenance
    optimizers, how_chosen = in_order(study.optimizers), choice(study)
    data = sorted(runs["dataset"].astype(str).unique())
    sentences = [
        f"We compared {words.listed(_with_citation(name) for name in optimizers)}"
        f" on {words.listed(_with_citation(name) for name in data)}.",
        *_trained(runs),
        _grid(runs),
        how_chosen,
        _evaluation(study),
    ]
    sentences += [_order(study), _tests(study), _ranks(study), _minimum(runs)]
    sentences.append(_software(record))
    return " ".join(sentence for sentence in sentences if sentence)


def _with_citation(name: str) -> str:
    return name + _citation(name)


def _citation(name: str) -> str:
    """`` [@kingma2015]`` where something is to be cited for `name`."""
    keys = "; ".join(f"@{entry.key}" for entry in references.cited_for([name]))
    return f" [{keys}]" if keys else ""


def _trained(runs: pd.DataFrame) -> list[str]:
    """How the problems were trained, those that were trained alike in one sentence."""
    alike: dict[str, list[str]] = {}
    for problem, part in runs.groupby("problem", sort=True):
        alike.setdefault(circumstances(part), []).append(f"{problem}{_rows(part)}")
    return [f"On {words.listed(problems)}, training used: {text}." for text, problems in alike.items()]


def _rows(part: pd.DataFrame) -> str:
    limit = configuration(part["config"].iloc[0]).get("dataset")
    most = limit.get("max_rows") if isinstance(limit, dict) else None
    return f" (at most {most:,} rows)" if isinstance(most, int) else ""


def _grid(runs: pd.DataFrame) -> str:
    sizes = runs.groupby(["problem", "optimizer"])["setting"].nunique()
    seeds = runs.groupby(["problem", "optimizer", "setting"])["repetition"].nunique()
    span = f"{sizes.min()}" if sizes.min() == sizes.max() else f"{sizes.min()} to {sizes.max()}"
    rates = pd.to_numeric(runs["lr"], errors="coerce").dropna()
    between = (
        f", with learning rates from {words.rate(rates.min())} to {words.rate(rates.max())}"
        if rates.nunique() > 1
        else ""
    )
    each = f"{seeds.min()}" if seeds.min() == seeds.max() else f"{seeds.min()} to {seeds.max()}"
    return (
        f"Every optimizer was run at {span} setting{'' if span == '1' else 's'}{between}, each on {each} "
        f"seed{'' if each == '1' else 's'}: {words.plural(len(runs), 'run')} in all."
    )


def _evaluation(study: Study) -> str:
    judged = "other seeds" if study.divided.any() else "the same seeds"
    axis = words.short_axis(study.cost_axis)
    work = _unit_of_work(study) * (study.cost_axis == "gradient_equivalents")
    score = (
        f", performance profile{_citation('performance_profile')} and AlgoPerf score{_citation('algoperf')} "
        f"on {words.plural(len(study.scored_problems), 'problem')}" * bool(len(study.scores))
    )
    return (
        f"We report medians over {judged} of the setting with the {criterion(study)}. Cost to target is "
        f"given in {axis}{work} as expected running time{_citation('ert')}{score}."
    )


def _unit_of_work(study: Study) -> str:
    if is_charged(study.points):
        return " (the work of one gradient on all training data)"
    return " (the operations of one gradient on all training data, every evaluation counted in full)"


def _order(study: Study) -> str:
    """What optimizers are ranked by."""
    ranked = study.standings[study.standings["rank"].notna()]
    scales = set(ranked["scale"])
    if not scales:
        return ""
    mean = {"ratio": "geometric mean", "difference": "mean"}
    names = words.listed(mean[scale] for scale in sorted(scales, reverse=True))
    return f"Optimizers are ranked by the {names} over their common seeds."


def _tests(study: Study) -> str:
    """Which tests compared how many pairs, and which pairs were not tested."""
    counts = study.comparisons["test"].value_counts()
    if counts.empty:
        return ""
    if study.runs["repetition"].nunique() == 1 and not counts.drop("", errors="ignore").sum():
        return "With one seed, no differences were tested."
    range_test = f"a multiple range test of means{_citation('multiple_range')}"
    done = {
        RANGE: f"compared by {range_test}",
        SIGNED_RANK: f"compared by that test and Wilcoxon's signed-rank test{_citation('wilcoxon')}, both of "
        "which had to reject",
        DIVERGENCE: f"compared by their numbers of diverged runs{_citation('divergence')}",
        FACT: "compared directly, since both are deterministic or at the rounding of J",
        ROUNDED: "equal to rounding on every seed",
        "": "not tested, with too few common seeds without a diverged run",
    }
    texts = [f"{counts[test]:,} {text}" for test, text in done.items() if test in counts]
    if RANGE not in counts:
        texts = [text.replace("that test", range_test) for text in texts]
    tested = counts.reindex([RANGE, SIGNED_RANK, DIVERGENCE]).sum() > 0
    level = " Tests hold a level of 5 % for all pairs of a problem." if tested else ""
    return f"Pairs of optimizers: {'; '.join(texts)}.{level}{_apart(study)}"


def _apart(study: Study) -> str:
    """Who was listed without a rank."""
    apart = study.summary[study.summary["rank"].isna()]
    whose = words.listed(sorted(set(apart["optimizer"].astype(str))))
    return f" Without a rank on some problem: {whose}." if whose and len(study.optimizers) > 1 else ""


def _ranks(study: Study) -> str:
    """Friedman's and Nemenyi's tests, which the critical-difference diagram shows."""
    if study.friedman is None:
        return ""
    return (
        f"Mean ranks over {study.friedman.problems} problems were compared by Friedman's test "
        f"(p = {words.number(study.friedman.p, 2)}) and Nemenyi's test at 5 % (critical difference "
        f"{words.number(study.friedman.critical_difference, 3)})."
    )


def _minimum(runs: pd.DataFrame) -> str:
    """How the least training cost is known, where it is."""
    known = runs["optimum"].notna()
    ways = {
        "was computed apart from all runs and certified to within "
        f"{words.certificate(runs['optimum_gap'].max())}{_citation('optimum')}": runs["optimum_gap"].notna(),
        "was given": known & runs["optimum_gap"].isna(),
        "is not known": ~known,
    }
    counts = {text: runs.loc[chosen, "problem"].nunique() for text, chosen in ways.items()}
    total = runs["problem"].nunique()
    if counts["is not known"] == total:
        return ""
    return " ".join(
        f"The least training cost J*{_part(count, total)} {text}." for text, count in counts.items() if count
    )


def _part(count: int, total: int) -> str:
    return "" if count == total else f" of {words.plural(count, 'problem')}"


def _software(record: dict[str, Any] | None) -> str:
    versions = (record or {}).get("versions")
    if not isinstance(versions, dict):
        return ""
    software = [
        f"{name} {versions[name]}" for name in ("optlab", "numpy", "scipy", "python") if name in versions
    ]
    machine = (record or {}).get("machine")
    cpu = f" on {machine['cpu']}" if isinstance(machine, dict) and machine.get("cpu") else ""
    return f"Software: {', '.join(software)}{cpu}." if software else ""


def keys(text: str) -> list[str]:
    """The keys that `text` cites, each once."""
    return list(dict.fromkeys(re.findall(r"@(\w+)", " ".join(re.findall(r"\[@[^\]]*\]", text)))))


def readable(text: str) -> str:
    """`text` with names and years as citations."""
    known = references.known()
    return re.sub(r"\[(@[^\]]*)\]", lambda m: f"({'; '.join(known[k].short for k in keys(m[0]))})", text)


def latex(text: str) -> str:
    """`text` with ``\\cite`` commands, everything else escaped."""
    pieces = re.split(r"\s?(\[@[^\]]*\])", text)
    return "".join(
        rf"~\cite{{{','.join(keys(piece))}}}" if piece.startswith("[@") else escaped(piece)
        for piece in pieces
    )


def bibliography(text: str) -> str:
    """BibTeX of everything that `text` cites."""
    cited = set(keys(text))
    return "\n\n".join(entry.bibtex for key, entry in references.known().items() if key in cited) + "\n"
