"""``python -m optlab.cli.pack``: join the part files of result folders, so that they are few and small."""

import sys
from collections.abc import Sequence
from pathlib import Path

from optlab.cli.command import Parser, command


@command
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns 0, or 2 for a user's mistake."""
    parser = Parser(prog="python -m optlab.cli.pack", description=__doc__.partition(": ")[2])
    parser.add_argument(
        "folders", metavar="DIR", nargs="+", type=Path, help="a folder that optlab has written"
    )
    from optlab.store.packing import pack
    from optlab.store.results import holding

    for folder in parser.parse_args(arguments).folders:
        for part in holding(folder):
            pack(part)
    return 0


if __name__ == "__main__":
    sys.exit(main())
