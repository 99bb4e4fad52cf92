"""`optlab-check`: the contract of an optimizer of one's own, checked on small problems."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

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
    from optlab.training.contract import check

    findings = check(_method(options.rule))
    for finding in findings:
        print(f"{'ok    ' if not finding.problem else 'FAILS '} {finding.check}")
        if finding.problem:
            print(f"       {finding.problem}")
    failed = sum(bool(finding.problem) for finding in findings)
    if failed:
        raise UserError(f"{options.rule}: {failed} of {len(findings)} checks fail; mend what stands above")
    return 0


def _method(rule: str) -> Any:
    """The entry of ``MODULE:FUNCTION`` or ``FILE.py:FUNCTION``; unregistered, it asks for gradients.

    Raises:
        UserError: it cannot be imported, or is no function.
    """
    from optlab.optimizers.rule import REGISTRY, Method
    from optlab.runs.register import check_signature

    place, colon, name = rule.rpartition(":")
    if not colon or not name:
        if rule in REGISTRY.names():
            return REGISTRY.entry(rule)
        raise UserError(f"{rule}: write MODULE:FUNCTION or FILE.py:FUNCTION")
    path = Path(place)
    sys.path.insert(0, str((path.parent if place.endswith(".py") else Path.cwd()).resolve()))
    try:
        module = import_module(path.stem if place.endswith(".py") else place)
    except UserError:
        raise
    except Exception as error:
        raise UserError(f"{rule}: cannot be imported ({type(error).__name__}: {error}); mend it") from error
    factory = getattr(module, name, None)
    if not callable(factory):
        raise UserError(f"{rule}: {module.__name__} has no function '{name}'; name the optimizer's factory")
    check_signature("optimizer", factory)
    known = [entry for entry in REGISTRY.user_entries() if entry.factory is factory]
    return known[0] if known else Method(factory, frozenset({"gradient"}))


def _parser() -> Parser:
    parser = Parser("optlab-check", description=DESCRIPTION)
    parser.add_argument("rule", metavar="MODULE:FUNCTION", help="the factory; or FILE.py:FUNCTION")
    return parser


if __name__ == "__main__":
    sys.exit(main())
