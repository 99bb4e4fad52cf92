"""The questions of reproducibility that conferences ask, answered from the tables.

After the paper checklist of NeurIPS (https://neurips.cc/public/guides/PaperChecklist).
"""

import pandas as pd

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.study import Study
from optlab.report import captions, words
from optlab.report.page import protocol
from optlab.report.page.latex import escaped


def checklist(study: Study) -> list[tuple[str, str]]:
    """Questions, each with its answer in sentences."""
    runs, tried = study.runs, study.tuned["settings"]
    facts: dict[str, list[str]] = {}
    for fact in protocol.protocol(study):
        facts.setdefault(fact.term, []).append(fact.text)
    found = [
        ("Data, splits and budget", " ".join(facts["Problem"])),
        ("Search space", f"Learning rates: {' '.join(facts['Learning rates'])}"),
        ("Number of trials", f"{_span(tried)} of each method on each problem."),
        ("Selection rule", facts["Choice of the learning rate"][0]),
        ("Number of repetitions", f"{facts['Seeds'][0]} Methods are judged on {captions.seeds(study)}."),
        ("Error bars", _bars(study)),
        ("Tests", "All pairs of methods are compared; p-values are adjusted for all pairs of a problem."),
        ("Compute", f"{len(runs):,} runs, {int(runs['steps'].sum()):,} steps in all.{_machine(study)}"),
        ("Code", "Every run can be trained again from its record with optlab-verify."),
    ]
    return found


def latex(found: list[tuple[str, str]]) -> str:
    """A list for ``\\input``."""
    items = [rf"\item[{escaped(question)}.] {escaped(answer)}" for question, answer in found]
    return "\n".join([r"\begin{description}", *items, r"\end{description}"]) + "\n"


def _span(tried: pd.Series) -> str:
    """``9 settings``, ``1 to 9 settings``."""
    least, most = int(tried.min()), int(tried.max())
    return words.plural(most, "setting") if least == most else f"{least} to {most} settings"


def _bars(study: Study) -> str:
    """What lines, bands and intervals are."""
    if study.chosen.groupby(GROUP)["repetition"].nunique().max() == 1:
        return "There are none: every method was judged on one seed."
    text = f"Lines and tables show {captions.medians(study)}"
    exact = "interval" in text
    rest = (
        "exact intervals of the median, from order statistics"
        if exact
        else "the lowest and the highest value"
    )
    return f"{text}. Bands are {rest}."


def _machine(study: Study) -> str:
    machine = (study.results.provenance or {}).get("machine")
    known = machine if isinstance(machine, dict) else {}
    texts = [str(known[name]) for name in ("cpu", "system") if name in known]
    if isinstance(known.get("cores"), int):
        texts.append(words.plural(known["cores"], "core"))
    return f" Machine: {', '.join(texts)}." if texts else ""
