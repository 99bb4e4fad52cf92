"""``optlab-report``: build the report of one result folder, or of several together."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from optlab.cli.command import Parser, command, tell_skipped_files
from optlab.core.errors import UserError

DESCRIPTION = "Build the report of one result folder, or of several together, from their tables alone."
EPILOG = """OUT receives summary.csv and report/ (index.html, report.md, figures/, tables/).
It is DIR itself if only one is named, else the current folder."""


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status, 2 for a user's mistake."""
    options = _parser().parse_args(arguments)
    page = _build(
        options.folders,
        options.out,
        metric=options.metric,
        optimum=_optima(options.optimum),
        tuning_seeds=_seeds("tuning", options.tuning_seeds),
        evaluation_seeds=_seeds("evaluation", options.evaluation_seeds),
        style=options.style,
    )
    print(page)
    return 0


def _parser() -> Parser:
    parser = Parser(prog="optlab-report", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument(
        "folders", metavar="DIR", nargs="+", type=Path, help="a folder that optlab has written"
    )
    parser.add_argument("--out", type=Path, help="where the report is written")
    parser.add_argument(
        "--metric", help="what optimizers are ranked by (default: the objective_metric of the runs)"
    )
    parser.add_argument(
        "--tuning-seeds", metavar="SEEDS", help="seeds that settings are chosen on, such as 0,1,2 or 0-4"
    )
    parser.add_argument("--evaluation-seeds", metavar="SEEDS", help="seeds that settings are judged on")
    parser.add_argument(
        "--style",
        default="notebook",
        help="what figures are made for: notebook, paper (column width) or talk",
    )
    parser.add_argument(
        "--optimum",
        metavar="[PROBLEM=]J",
        action="append",
        default=[],
        help="the minimum of the training cost, if you know it (of the problem with that name)",
    )
    return parser


def _seeds(purpose: str, text: str | None) -> list[int] | None:
    """``0,1,2`` or ``0-4,7`` as numbers."""
    if text is None:
        return None
    seeds: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            seeds.extend(range(int(first), int(last or first) + 1))
    except ValueError:
        raise UserError(f"--{purpose}-seeds={text}: must be seeds such as 0,1,2 or 0-4") from None
    return seeds


def _optima(texts: list[str]) -> dict[str, float]:
    """``PROBLEM=J`` or ``J`` as a number by (a part of) the name of a problem."""
    optima = {}
    for text in texts:
        name, _, number = text.rpartition("=")
        try:
            optima[name] = float(number)
        except ValueError:
            raise UserError(f"--optimum={text}: must be a number, or PROBLEM=NUMBER") from None
    return optima


def _build(folders: list[Path], out: Path | None, **options: Any) -> Path:
    from optlab.store.read import load, result_folders

    for folder in folders:
        result_folders(folder)  # a mistake is told at once
    from optlab.report.drawing import helper

    helper.call()  # it starts up while this process does
    from optlab.report.page.page import build

    out = out or (folders[0] if len(folders) == 1 else Path())
    results = load(*folders)
    tell_skipped_files(results)
    try:
        return build(results, out, **options)
    except OSError as error:
        reason = f"{error.strerror or error}: {error.filename or out}"
        raise UserError(
            f"--out={out}: the report cannot be written ({reason}); name another folder"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
