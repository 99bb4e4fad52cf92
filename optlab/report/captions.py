"""Phrases that the captions of several figures share."""

import pandas as pd

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import FEW, attained_level
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing.panels import MAX_PANELS


def capital(text: str) -> str:
    """`text` with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def seeds(study: Study) -> str:
    """``5 seeds`` or ``3 to 5 seeds``, on which the chosen settings are judged."""
    return _span(_seeds(study))


def medians(study: Study) -> str:
    """What lines and bands of the chosen settings are: ``medians over 6 seeds with 96.9 % intervals``."""
    return medians_over(_seeds(study))


def medians_over(seeds: pd.Series) -> str:
    """The same of medians over so many seeds each."""
    return "one seed each" if seeds.max() == 1 else f"medians over {_span(seeds)}{intervals(seeds)}"


def _seeds(study: Study) -> pd.Series:
    return study.chosen.groupby(GROUP)["repetition"].nunique()


def _span(n: pd.Series) -> str:
    return words.plural(int(n.max()), "seed") if n.min() == n.max() else f"{n.min()} to {n.max()} seeds"


def intervals(seeds: pd.Series) -> str:
    """`` with 96.9 % intervals``; nothing with fewer than six seeds, of which there are none."""
    levels = [attained_level(int(n)) for n in sorted(set(seeds)) if n > FEW]
    if not levels:
        return ""
    least, most = words.share(min(levels)), words.share(max(levels))
    return f" with {least if least == most else f'{least} to {most}'} intervals"


def panels(study: Study) -> str:
    """How many of many problems have a panel, as a further sentence; "" if all have one."""
    n = len(study.problems)
    return f" {MAX_PANELS} of {n} problems are drawn." if n > MAX_PANELS else ""
