"""`optlab-check`: the contract of an optimizer of one's own, checked on small problems."""

import sys

from optlab.cli.command import Parser, command
from optlab.core.errors import UserError

DESCRIPTION = """\
Checks the contract of an optimizer on small problems: a stack equals its runs one by one, runs do not mix, a
run that is not finite leaves its neighbours alone, inputs stay as they are, evaluations are counted, the
minimum is reached.
"""


@command
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 all holds, 2 something does not, 130 interrupted."""
    options = _parser().parse_args(arguments)
    from optlab.runs.register import method_at
    from optlab.training.contract import check

    findings = check(method_at(options.rule))
    for finding in findings:
        print(f"{'ok    ' if not finding.problem else 'FAILS '} {finding.check}")
        if finding.problem:
            print(f"       {finding.problem}")
    failed = sum(bool(finding.problem) for finding in findings)
    if failed:
        raise UserError(f"{options.rule}: {failed} of {len(findings)} checks fail; mend what stands above")
    return 0


def _parser() -> Parser:
    parser = Parser("optlab-check", description=DESCRIPTION)
    parser.add_argument("rule", metavar="MODULE:FUNCTION", help="the factory; or FILE.py:FUNCTION")
    return parser


if __name__ == "__main__":
    sys.exit(main())
