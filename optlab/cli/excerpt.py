"""``python -m optlab.cli.excerpt``: take the runs at the best settings out of folders, into DIR/excerpt."""

import sys
from collections.abc import Sequence
from pathlib import Path

from optlab.cli.command import Parser, command


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 2 for a user's mistake."""
    parser = Parser(prog="python -m optlab.cli.excerpt", description=__doc__.partition(": ")[2])
    parser.add_argument(
        "folders", metavar="DIR", nargs="+", type=Path, help="a folder that optlab has written"
    )
    folders = parser.parse_args(arguments).folders
    from optlab.analysis.study import study
    from optlab.store.excerpt import excerpt
    from optlab.store.read import load

    for folder in folders:
        excerpt(folder, study(load(folder)).chosen["run_id"].tolist(), folder / "excerpt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
