from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.analysis.trained.predictions import held_out
from optlab.report.figures import confusion


def test_a_diverged_run_says_so(digits):
    run = study(digits).models()[0]
    broken = replace(run, parameters=np.full_like(run.parameters, np.nan))
    figure = confusion.draw([confusion.matrix(broken)])
    assert "diverged" in [text.get_text() for axes in figure.axes for text in axes.texts]


def test_the_numbers_are_those_of_the_test_data(digits, draw):
    texts = [text.get_text() for text in draw("confusion", digits).axes[0].texts]
    part = held_out(study(digits).models()[0].dataset)[1]
    assert sum(int(text) for text in texts if text.isdigit()) == len(part.y)
