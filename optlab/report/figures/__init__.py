"""The figures of the report: each file holds one, as a record, with its caption.

A file that lies in this folder and holds a `ReportFigure` joins the page and ``results.plot``; nothing else
has to name it.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from optlab.analysis.study import Study
from optlab.report.drawing.report_figure import Drawing, ReportFigure


@cache
def figures() -> dict[str, ReportFigure]:
    """All figures by name, in the order in which a section shows them."""
    modules = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
    records = [
        value for module in modules for value in vars(module).values() if isinstance(value, ReportFigure)
    ]
    return {record.name: record for record in sorted(records, key=lambda record: (record.order, record.name))}


def drawings(study: Study) -> list[Drawing]:
    """The figures that a page shows of a study."""
    return [drawing for record in figures().values() for drawing in record.drawings(study)]
