"""The sections of the page, in their order.

A section with text, tables or notes has a file of its own. Figures join the section that they name.
"""

from optlab.analysis.study import Study
from optlab.report.page import comparisons, learned, problems, results, setup, targets, tuning, updates
from optlab.report.page.section import Section


def sections(study: Study) -> list[Section]:
    """All sections, without figures."""
    return [
        Section("answer", "Answer"),
        Section("findings", "Findings"),
        setup.section(study),
        results.section(study),
        problems.section(study),
        Section("convergence", "Convergence", tabs=True),
        comparisons.section(study),
        tuning.section(study),
        targets.section(study),
        Section("sensitivity", "Learning rates"),
        Section("final", "Final values"),
        learned.section(study),
        updates.section(study),
        Section("paper", "For the paper"),
        Section("rebuild", "Rebuild"),
    ]
