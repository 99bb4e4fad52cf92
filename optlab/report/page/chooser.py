"""What the chooser of optimizers needs to draw the performance profile of some of them."""

import math
from typing import Any

from optlab.analysis.comparison.profiles import R_MAX
from optlab.analysis.study import Study
from optlab.report.drawing.style import quoted


def chooser(study: Study) -> dict[str, Any]:
    """Names of the optimizers, their times on every instance (None: never), the largest ratio that scores."""
    times = study.instances.to_numpy(float)
    rows = [[time if math.isfinite(time) else None for time in row] for row in times]
    return {"optimizers": [quoted(name) for name in study.instances], "times": rows, "limit": R_MAX}
