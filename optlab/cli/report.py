"""``optlab-report``: build the report of one result folder, or of several together."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from optlab.errors import UserError

DESCRIPTION = "Build the report of one result folder, or of several together, from their tables alone."
EPILOG = """OUT receives summary.csv and report/ (index.html, report.md, figures/, tables/).
It is DIR itself if only one is named, else the current folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status, 2 for a user's mistake."""
    options = _parser().parse_args(arguments)
    try:
        print(_build(options.folders, options.out))
    except UserError as error:
        if os.environ.get("HYDRA_FULL_ERROR") == "1":
            raise
        print(f"optlab: error: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="optlab-report", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument(
        "folders", metavar="DIR", nargs="+", type=Path, help="a folder that optlab has written"
    )
    parser.add_argument("--out", type=Path, help="where the report is written")
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        """Tell a mistake in the command line in one line, as all commands do."""
        self.exit(2, f"optlab: error: {message}; see {self.prog} --help\n")


def _build(folders: list[Path], out: Path | None) -> Path:
    from optlab.report.page import build
    from optlab.store.results import load

    out = out or (folders[0] if len(folders) == 1 else Path())
    try:
        return build(load(*folders), out)
    except OSError as error:
        reason = f"{error.strerror or error}: {error.filename or out}"
        raise UserError(
            f"--out={out}: the report cannot be written ({reason}); name another folder"
        ) from error


if __name__ == "__main__":
    sys.exit(main())
