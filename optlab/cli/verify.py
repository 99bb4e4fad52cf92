"""``optlab-verify``: train the runs of a result folder again and compare the trajectories."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from optlab.cli.command import Parser, command, wants_traceback
from optlab.core.errors import UserError

if TYPE_CHECKING:
    from optlab.sweeps.recorded_stacks import RecordedStack
    from optlab.sweeps.replay import Verdict

DESCRIPTION = "Train the runs of a result folder again, from what it records, and compare the trajectories."
EPILOG = """Whole stacks are trained again, and must agree bit for bit if machine and versions do. With --runs
N, runs are drawn and trained alone: these agree to rounding. So does the one of --run ID, which may also be
one that could not be trained; --pdb opens the debugger where its code raises an exception. Exit status: 0
they agree, 1 they do not."""

MAX_SHOWN = 10
MAX_SECONDS = 3600
"""What is estimated to take longer must be confirmed."""


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if all agrees, 1 if not, 2 for a user's mistake."""
    options = _parser().parse_args(arguments)
    if options.run is not None:
        return _verify_run(options.folder, options.run, options.pdb, options.yes, options.trust)
    if options.pdb:
        raise UserError("--pdb: opens the debugger on one run; name it with --run=ID")
    return _verify(options.folder, options.runs, options.yes, options.trust)


def _parser() -> Parser:
    parser = Parser(prog="optlab-verify", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("folder", metavar="DIR", type=Path, help="a folder that optlab has written")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--runs", metavar="N", type=_count, help="only N runs, drawn at random")
    which.add_argument("--run", metavar="ID", help="only the run whose id begins so, alone")
    parser.add_argument("--yes", action="store_true", help="train them again even if it takes hours")
    parser.add_argument(
        "--trust",
        metavar="TARGET",
        action="append",
        default=[],
        help="import and run this optimizer of another library, such as torch.optim.Adam",
    )
    parser.add_argument("--pdb", action="store_true", help="with --run: debug the exception that ends it")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be a whole number at least 1")
    return int(text)


def _verify(folder: Path, runs: int | None, yes: bool, trusted: Sequence[str]) -> int:
    from optlab.store.provenance import check_format
    from optlab.store.read import result_folders
    from optlab.sweeps.recorded_stacks import random_runs, recorded_stacks

    verdicts, sources = list["Verdict"](), result_folders(folder)
    for source in sources:
        check_format(source)
    if not yes and runs is None:
        _confirm(folder, (record for source in sources for record in recorded_stacks(source)))
    for source in sources:
        exact = _is_exact(source, alone=runs is not None)
        records = recorded_stacks(source) if runs is None else list(random_runs(source, runs))
        if not yes and runs is not None:
            _confirm(folder, records)
        verdicts += [_verdict(record, exact, trusted) for record in records]
    return _show(verdicts)


def _confirm(folder: Path, records: Iterable["RecordedStack"]) -> None:
    """Refuse what takes hours, unless the user has confirmed it."""
    from optlab.sweeps.recorded_stacks import seconds

    estimate = seconds(records)
    if estimate > MAX_SECONDS:
        raise UserError(
            f"{folder}: to train its runs again takes some {estimate / 3600:,.0f} hours, by their "
            "configurations; confirm with --yes, or take some with --runs=N or one with --run=ID"
        )


def _verify_run(folder: Path, prefix: str, debug: bool, yes: bool, trusted: Sequence[str]) -> int:
    from optlab.sweeps.recorded_stacks import find_run

    source, record = find_run(folder, prefix)
    if not yes:
        _confirm(folder, [record])
    exact = _is_exact(source, alone=True)
    config = record.stack.runs[0].config
    names = " ".join(f"{name}={config[name]['name']}" for name in ("dataset", "model", "optimizer"))
    print(f"{record.stack.runs[0].run_id}: {names} seed={config['seed']}", flush=True)
    verdict = _verdict(record, exact, trusted, debug)
    if record.points is None and not verdict.mismatches:
        print("it could not be trained then, and can be now: there is nothing to compare it with")
        return 0
    return _show([verdict])


def _is_exact(source: Path, alone: bool) -> bool:
    """Whether bits can agree; tells what differs from the machine that a folder was written on."""
    from optlab.store.provenance import check_format
    from optlab.sweeps import replay

    check_format(source)
    changed = replay.differences(source)
    for line in changed:
        print(f"differs: {line}")
    print(f"{source}: {_standard(not changed, alone)}", flush=True)
    return not changed


def _verdict(record: "RecordedStack", exact: bool, trusted: Sequence[str], debug: bool = False) -> "Verdict":
    """What comes of training a stack again; an exception in its code is a mismatch, and can be debugged."""
    from optlab.core.failure import BrokenCode, failure_of
    from optlab.sweeps import replay

    try:
        return replay.verify(record, exact, trusted)
    except Exception as error:
        if isinstance(error, UserError) and not (debug and isinstance(error, BrokenCode)):
            raise
        failure = failure_of(error)
        if wants_traceback():
            print(failure.traceback, file=sys.stderr)
        if debug:
            import pdb

            print(failure.line)
            pdb.post_mortem((error.__cause__ or error).__traceback__)
        lines = [f"{run.run_id}: cannot be trained ({failure.line})" for run in record.stack.runs]
        return replay.Verdict(record.stack, lines)


def _show(verdicts: Iterable["Verdict"]) -> int:
    """Print what came of it; returns the exit status."""
    from optlab.sweeps.final_costs import sentences
    from optlab.sweeps.replay import STEPS

    verdicts = list(verdicts)
    seen = sum(len(verdict.stack.runs) for verdict in verdicts)
    mismatches = [line for verdict in verdicts for line in verdict.mismatches]
    for line in mismatches[:MAX_SHOWN]:
        print(f"mismatch: {line}")
    if len(mismatches) > MAX_SHOWN:
        print(f"and {len(mismatches) - MAX_SHOWN} more")
    apart = sentences([cost for verdict in verdicts for cost in verdict.final_costs])
    for line in apart:
        print(line)
    print(f"{seen - len(mismatches)} of {seen} runs agree{f' in their first {STEPS} steps' * bool(apart)}")
    return int(bool(mismatches))


def _standard(exact: bool, alone: bool) -> str:
    from optlab.sweeps.replay import STEPS, TOLERANCE

    to_rounding = (
        f"costs of the first {STEPS} steps to rtol {TOLERANCE['float64']:g} "
        f"(float32: {TOLERANCE['float32']:g})"
    )
    if not exact:
        return f"compared to rounding, {to_rounding}"
    if not alone:
        return "compared bit for bit"
    return f"runs trained alone are compared bit for bit, runs out of a stack to rounding, {to_rounding}"


if __name__ == "__main__":
    sys.exit(main())
