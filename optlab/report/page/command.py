"""The command that makes a report again."""

import shlex
from collections.abc import Mapping

from optlab.analysis.study import Study
from optlab.report.drawing.style import DEFAULT


def command(study: Study, style: str) -> str:
    """The command that makes the same report again, without the options that have their defaults."""
    words = ["optlab-report", *map(str, study.results.folders)]
    for name, value in {**study.options, **({} if style == DEFAULT else {"style": style})}.items():
        values = [value]
        if isinstance(value, Mapping):
            values = [f"{problem}={cost!r}" if problem else repr(cost) for problem, cost in value.items()]
        elif isinstance(value, list):
            values = [",".join(map(str, value))]
        words += [f"--{name.replace('_', '-')}={text}" for text in values]
    return shlex.join(words)
