import pandas as pd

from optlab.analysis.comparison.comparisons import BETTER, EQUAL, UNDECIDED, UNTESTED
from optlab.analysis.study import study
from optlab.report.drawing.style import TEAL, VERMILION, mark


def judged(sweep, verdicts):
    of = study(sweep(["a", "b", "c"], seeds=2, problems=("digits",)))
    names = list(of.summary["optimizer"])
    pairs = [(0, 1), (0, 2), (1, 2)]
    rows = [(of.problems[0], names[i], names[j], said) for (i, j), said in zip(pairs, verdicts, strict=True)]
    vars(of)["comparisons"] = pd.DataFrame(rows, columns=["problem", "first", "second", "verdict"])
    return of


def test_a_cell_says_how_the_row_did_against_the_column(sweep, draw):
    axes = draw("verdicts", judged(sweep, [BETTER, UNDECIDED, UNTESTED])).axes[0]
    signs = {text.get_position(): text.get_text() for text in axes.texts}
    assert signs[1.5, 0.5] == "+" and signs[0.5, 1.5] == "−"
    assert signs[2.5, 0.5] == signs[0.5, 2.5] == "·"
    assert signs[2.5, 1.5] == "?"
    assert (0.5, 0.5) not in signs


def test_wins_and_losses_have_colours_of_their_own(sweep, draw):
    from matplotlib.colors import to_hex

    axes = draw("verdicts", judged(sweep, [BETTER, EQUAL, UNTESTED])).axes[0]
    colors = {cell.get_xy(): to_hex(cell.get_facecolor()) for cell in axes.patches}
    assert [colors[1.02, 0.02], colors[0.02, 1.02]] == [TEAL, VERMILION]
    assert len(colors) == 4  # not tested: no colour


def test_a_cell_belongs_to_both_of_its_pair(sweep, draw):
    of = judged(sweep, [BETTER, EQUAL, UNDECIDED])
    axes, names = draw("verdicts", of).axes[0], list(of.summary["optimizer"])
    assert {text.get_gid() for text in axes.texts} == {mark(a, b) for a in names for b in names if a != b}
    assert [label.get_gid() for label in axes.get_yticklabels()] == [mark(name) for name in names]


def test_one_optimizer_has_no_pairs(sweep, drawings):
    assert drawings("verdicts", sweep(optimizers=["adam"])) == {}
