"""What was learned: figures of the trained models, or what keeps them from being drawn."""

import pandas as pd

from optlab.analysis.problem.problems import configuration
from optlab.analysis.study import Study
from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY
from optlab.report.page.section import Section

TEXT = (
    "Pictures of the models, from the parameters that were recorded. No picture shows the best of "
    "several runs."
)
MAX_LINES = 4
UNRECORDED = "For figures of what was learned, train with training.record_parameters=all."


def section(study: Study) -> Section:
    """The section of the page."""
    return Section("learned", "What was learned", TEXT, notes=tuple(hints(study)))


def hints(study: Study) -> list[str]:
    """A line for each problem whose models cannot be drawn, with the remedy."""
    lines = []
    for problem, part in study.representative.groupby("problem"):
        if problem in study.recorded_problems:
            try:
                study.models(str(problem))
            except UserError as error:
                lines.append(f"{problem}: no figures of what was learned. {error}.")
        elif _pictured(part.iloc[0]):
            lines.append(f"{problem}: {UNRECORDED}")
    return lines[:MAX_LINES]


def _pictured(run: pd.Series) -> bool:
    """Whether the data of a run can be drawn: two features, or images."""
    section = configuration(run["config"]).get("dataset")
    if not isinstance(section, dict) or section.get("name") not in REGISTRY.names():
        return False
    about = REGISTRY.entry(section["name"]).about
    features = section.get(about.features) if isinstance(about.features, str) else about.features
    return features == 2 or about.shape is not None
