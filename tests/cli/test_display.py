import pytest

from optlab.cli import display as module
from optlab.cli.display import Display
from optlab.runs.identity import Run
from optlab.sweeps.notes import Note
from optlab.sweeps.plan import Stack

STACK, OTHER = (Stack(name, (Run("a", {}), Run("b", {}))) for name in "st")


def watched(display):
    with display:
        display.on_begin(5, 1, 2)
        display.on_progress(STACK, Note(0.5, 1, 0.5))
        display.on_progress(OTHER, Note(0.25, 0, 0.7))
        display.on_stored(STACK, Note(1.0, 1, 0.25))
        display.on_stored(OTHER, Note(1.0, 0, 0.75))


def test_without_a_terminal_lines_are_sparse(capsys):
    watched(Display(terminal=False))
    first, last = capsys.readouterr().out.splitlines()
    assert first == "optlab: 5 runs, 1 in the folder already; 2 stacks to train"
    assert last.startswith("optlab: 4/4 runs, 2/2 stacks, ")
    assert " runs/s, cost 0.75, 1 diverged, " in last


def test_without_a_terminal_a_line_tells_the_time_left(capsys, monkeypatch):
    monkeypatch.setattr(module, "PLAIN_SECONDS", 0.0)
    watched(Display(terminal=False))
    one, two = capsys.readouterr().out.splitlines()[1:3]
    assert one.startswith("optlab: 1/4 runs, 0/2 stacks, ") and "cost 0.5, 1 diverged, " in one
    assert two.startswith("optlab: 1/4 runs") and "s left" in two


@pytest.mark.parametrize("runs, present, stacks", [(1, 0, 1), (3, 3, 0)])
def test_the_first_line_counts_in_words(capsys, runs, present, stacks):
    with Display(terminal=False) as display:
        display.on_begin(runs, present, stacks)
    told = {
        1: "optlab: 1 run; 1 stack to train\n",
        3: "optlab: 3 runs, 3 in the folder already; 0 stacks to train\n",
    }
    assert capsys.readouterr().out == told[runs]


def test_in_a_terminal_one_live_line_is_shown_and_taken_away(capsys):
    display = Display(terminal=True)
    watched(display)
    assert display._progress is None
    assert "5 runs, 1 in the folder already" in capsys.readouterr().out
