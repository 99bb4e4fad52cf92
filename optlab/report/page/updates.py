"""The update equations of the methods that are compared, from their docstrings."""

from optlab.analysis.study import Study
from optlab.core.docstring import parse
from optlab.core.errors import UserError
from optlab.optimizers import REGISTRY
from optlab.report.drawing.style import in_order
from optlab.report.page.section import Section

TEXT = (
    "One step of every method, as its code computes it: g is the gradient of J on the batch of the step, "
    "w the parameters. Options and references: <code>optlab --help optimizer=NAME</code>."
)


def section(study: Study) -> Section:
    """The section of the page; a method that is not known here, or has no equations, is left out."""
    texts = [(name, text) for name in in_order(study.optimizers) if (text := _equations(name))]
    return Section("updates", "Methods compared", TEXT if texts else "", texts=tuple(texts))


def _equations(name: str) -> str:
    try:
        return parse(REGISTRY.get(name).__doc__ or "").equations
    except UserError:
        return ""
