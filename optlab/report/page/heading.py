"""The heading of the page: who was compared, on what, how often."""

from optlab.analysis.study import Study
from optlab.report import words


def title(study: Study) -> str:
    """``3 optimizers on pima and circles``."""
    names, data = study.optimizers, sorted(study.runs["data"].astype(str).unique())
    who = names[0] if len(names) == 1 else f"{len(names)} optimizers"
    return f"{who} on {words.listed(data) if len(data) <= 3 else f'{len(data)} data sets'}"


def subtitle(study: Study) -> str:
    """``2 problems · 5 learning rates · 4 seeds · 120 runs``."""
    counts = {
        "problem": len(study.problems),
        "learning rate": study.runs["lr"].nunique(),
        "seed": study.runs["seed"].nunique(),
        "run": len(study.runs),
    }
    return " · ".join(words.plural(number, noun) for noun, number in counts.items() if number)
