from dataclasses import replace

import numpy as np

from optlab.analysis.study import study
from optlab.report.figures import noise


def test_a_diverged_run_says_so(digits):
    run = study(digits).models()[0]
    broken = replace(run, parameters=np.full_like(run.parameters, np.nan))
    figure = noise.draw([noise.guesses(broken)])
    assert "diverged" in [text.get_text() for axes in figure.axes for text in axes.texts]
