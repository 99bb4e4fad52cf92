"""``optlab-verify``: train the runs of a result folder again and compare the trajectories."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from optlab.cli.command import Parser, command

DESCRIPTION = "Train the runs of a result folder again, from what it records, and compare the trajectories."
EPILOG = """Whole stacks are trained again, and must agree bit for bit if machine and versions do. With --runs
N, runs are drawn and trained alone: these agree to rounding. Exit status: 0 they agree, 1 they do not."""

MOST_TOLD = 10


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if all agrees, 1 if not, 2 for a user's mistake."""
    options = _parser().parse_args(arguments)
    return _verify(options.folder, options.runs)


def _parser() -> Parser:
    parser = Parser(prog="optlab-verify", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that optlab has written")
    parser.add_argument("--runs", metavar="N", type=_count, help="only N runs, drawn at random")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be a whole number at least 1")
    return int(text)


def _verify(folder: Path, runs: int | None) -> int:
    from optlab.store.provenance import check_format
    from optlab.store.read import result_folders
    from optlab.sweeps import replay

    seen, mismatches = 0, list[str]()
    for part in result_folders(folder):
        check_format(part)
        changed = replay.differences(part)
        for line in changed:
            print(f"differs: {line}")
        exact = not changed
        print(f"{part}: {_standard(exact, runs)}", flush=True)
        for record in replay.recorded(part, runs):
            verdict = replay.replayed(record, exact)
            seen += len(verdict.stack.runs)
            mismatches += verdict.mismatches
    for line in mismatches[:MOST_TOLD]:
        print(f"mismatch: {line}")
    if len(mismatches) > MOST_TOLD:
        print(f"and {len(mismatches) - MOST_TOLD} more")
    print(f"{seen - len(mismatches)} of {seen} runs agree")
    return int(bool(mismatches))


def _standard(exact: bool, runs: int | None) -> str:
    from optlab.sweeps.replay import STEPS, TOLERANCE

    to_rounding = (
        f"costs of the first {STEPS} steps to rtol {TOLERANCE['float64']:g} "
        f"(float32: {TOLERANCE['float32']:g})"
    )
    if not exact:
        return f"compared to rounding, {to_rounding}"
    if runs is None:
        return "compared bit for bit"
    return f"runs trained alone are compared bit for bit, runs out of a stack to rounding, {to_rounding}"


if __name__ == "__main__":
    sys.exit(main())
