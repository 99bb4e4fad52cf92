"""Phrases that the captions of several figures share."""

from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import FEW
from optlab.analysis.study import Study
from optlab.report import words
from optlab.report.drawing.panels import MAX_PANELS


def capital(text: str) -> str:
    """`text` with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def seeds(study: Study) -> str:
    """``5 seeds`` or ``3 to 5 seeds``, on which the chosen settings are judged."""
    n = study.chosen.groupby(GROUP)["repetition"].nunique()
    return words.plural(int(n.max()), "seed") if n.min() == n.max() else f"{n.min()} to {n.max()} seeds"


def medians(study: Study) -> str:
    """What lines and bands are: ``medians over 5 seeds with their range``."""
    n = study.chosen.groupby(GROUP)["repetition"].nunique().max()
    if n == 1:
        return "one seed each"
    return f"medians over {seeds(study)} with {'95 % intervals' if n > FEW else 'their range'}"


def panels(study: Study) -> str:
    """How many of many problems have a panel, as a further sentence; "" if all have one."""
    n = len(study.problems)
    return f" Of {n} problems the first {MAX_PANELS} are drawn." if n > MAX_PANELS else ""
