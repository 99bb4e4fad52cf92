"""The sections of the page, in their order: each holds text, tables and the figures of its family.

A section without content is left out, of the table of contents too. A new kind of picture joins the page by
an entry here and by a function in `figures.PICTURES`.
"""

from typing import Any, NamedTuple

from optlab.report.page.table import Table


class Section(NamedTuple):
    """What stands below one heading."""

    name: str  # the id in the page; figures of the family with this name belong here
    title: str
    text: str = ""  # trusted HTML
    tabs: bool = False  # one figure at a time is seen
    tables: tuple[Table, ...] = ()
    figures: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


ALWAYS = ("findings", "setup", "paper", "rebuild")  # what they hold stands in the templates

SECTIONS = (
    Section("findings", "Findings"),
    Section("setup", "What was run"),
    Section(
        "results",
        "Results",
        "Medians over the evaluation seeds, below them their 95 % interval (of up to five seeds, the "
        "lowest and the highest value). <em>Diverged</em> is the share of all runs of the optimizer, at any "
        "setting. An arrow marks a best rate on the lower (↓) or upper (↑) edge of its grid. A click on a "
        "heading sorts.",
    ),
    Section(
        "problems",
        "Problems side by side",
        "Problems on the same data, each at its best optimizer and setting, in the order of the validation "
        "cost. Medians over the evaluation seeds, below them their interval. The <em>training loss</em> is "
        "the training cost J without its penalty, and the <em>gap</em> the test cost minus it. The first "
        "is compared with the others by a paired test of the validation costs over the seeds, as in the "
        "section on comparisons, adjusted for the number of problems.",
    ),
    Section("convergence", "Convergence", tabs=True),
    Section(
        "comparisons",
        "Comparisons",
        "Every pair of optimizers, each at its chosen setting, on the seeds that both have seen. The "
        "difference is that of the first minus the second; below it stands the 95 % interval of its "
        "median. The test is Wilcoxon’s signed-rank test, or the paired t test where there are too few seeds "
        "for it; p values are adjusted by Holm’s method for all pairs of a problem. Pairs above 5 % are not "
        "distinguishable, and pairs that differ by less than 0.1 % are called the same. The effect size is "
        "the rank-biserial correlation: ±1 if all seeds agree, 0 if they balance.",
    ),
    Section(
        "tuning",
        "Tuning",
        "<em>Shrinkage</em> is how much worse the chosen setting does on the evaluation seeds. "
        "<em>Diverged</em> is the share of all runs of the optimizer. The last column is the width of the "
        "learning rates, in powers of ten, whose cost is within 10 % of the best of the grid.",
    ),
    Section(
        "targets",
        "Cost to target",
        "The expected number of gradient evaluations until a run reaches a target (ERT): what all runs have "
        "spent, divided by the number of runs that reached it, which stands below. Targets are shares of the "
        "initial distance to the least training cost where it is known, otherwise fixed costs. The AlgoPerf "
        "score is the area under the performance profile up to four times the fastest; 1 is the fastest "
        "everywhere. The same by steps and epochs: <code>tables/targets-*.csv</code>.",
    ),
    Section("sensitivity", "Learning rates"),
    Section("final", "Final values"),
    Section(
        "learned",
        "What was learned",
        "Pictures of the models, from the parameters that were recorded. No picture shows the best of "
        "several runs.",
    ),
    Section("paper", "For the paper"),
    Section("rebuild", "Rebuild"),
)


def filled(
    tables: dict[str, list[Table]],
    figures: dict[str, list[dict[str, Any]]],
    notes: dict[str, list[str]],
) -> list[Section]:
    """The sections that have something to say, with their content."""
    names = {section.name for section in SECTIONS}
    missing = figures.keys() - names
    assert not missing, f"no section for the figures of {missing}: add it to SECTIONS"
    sections = [
        section._replace(
            tables=tuple(tables.get(section.name, ())),
            figures=tuple(figures.get(section.name, ())),
            notes=tuple(notes.get(section.name, ())),
        )
        for section in SECTIONS
    ]
    return [s for s in sections if s.name in ALWAYS or s.tables or s.figures or s.notes]
