"""`optlab-data`: which data sets there are, fetching those that are downloaded, and how a table is read."""

import sys
from dataclasses import fields
from typing import Any

from optlab.cli.command import Parser, command
from optlab.core.errors import UserError
from optlab.core.options import defaults
from optlab.datasets import REGISTRY, checked
from optlab.datasets.dataset import About
from optlab.datasets.download import cache_folder, content, data_folder, locate


@command
def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 2 a user's mistake, 130 interrupted."""
    options = _parser().parse_args(arguments)
    if options.command == "list":
        show()
    elif options.command == "describe":
        describe(options.file, options.options)
    else:
        fetch(options.names)
    return 0


def show() -> None:
    """Print a table of all data sets."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("name", "rows x features", "classes", "size", "where"):
        table.add_column(heading, justify="right" if heading in ("classes", "size") else "left", no_wrap=True)
    for name in REGISTRY.names():
        about = about_of(name)
        size = f"{sum(file.size for file in about.files) / 1e6:.2f} MB" if about.files else ""
        rows, features, classes = extent(name)
        shape = f"{rows:,} x {features}" if rows else ""
        cells = (name, shape, str(classes or ""), size, whereabouts(about))
        table.add_row(*map(Text, cells))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(table)
    folder = data_folder()
    console.print(Text(f"OPTLAB_DATA_DIR: {folder or 'not set'}"), soft_wrap=True)
    console.print(Text(f"cache: {cache_folder()}"), soft_wrap=True)


def describe(path: str, options: list[str]) -> None:
    """Print what becomes of each column of a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from optlab.datasets.tables.description import describe
    from optlab.datasets.tables.reading import Settings

    section = checked({"name": "csv", "path": path, **dict(map(_option, options))})
    known = {field.name for field in fields(Settings)}
    described = describe(path, Settings(**{key: value for key, value in section.items() if key in known}))
    table = Table(box=box.SIMPLE_HEAD)
    for heading in ("column", "kind", "missing", "values", "becomes"):
        table.add_column(heading, justify="right" if heading == "missing" else "left", overflow="fold")
    for column in described.columns:
        missing = f"{column.missing:,}" if column.missing else ""
        table.add_row(*map(Text, (column.name, column.kind, missing, column.values, column.becomes)))
    console = Console(width=None if sys.stdout.isatty() else 200)
    console.print(Text(described.summary), soft_wrap=True)
    console.print(table)
    if described.is_refused:
        console.print(Text("A sweep refuses this table until what is refused above is mended."))


def _option(text: str) -> tuple[str, Any]:
    """An option of the data set, such as ``dataset.target=label``."""
    import yaml

    key, sign, value = text.partition("=")
    try:
        if sign:
            return key.removeprefix("dataset."), yaml.safe_load(value) if value else ""
    except yaml.YAMLError:
        pass
    raise UserError(f"{text}: not an option; write dataset.KEY=VALUE, such as dataset.target=label")


def fetch(names: list[str]) -> None:
    """Download what is not on this machine, and check what is, for each data set of `names`."""
    abouts = {name: about_of(name) for name in names}
    for name, about in abouts.items():
        for file in about.files:
            if locate(file) is None:
                print(f"{name}: downloading {file.path} ({file.size / 1e6:.2f} MB)", flush=True)
            content(file)
        present = "checksums agree" if about.files else "nothing to download"
        print(f"{name}: {whereabouts(about)}, {present}")


def about_of(name: str) -> About:
    """What is known of a data set without loading it."""
    return REGISTRY.entry(name).about


def extent(name: str) -> list[int | None]:
    """Rows, features and classes of a data set, as far as known; of generated data, by default."""
    about, usual = about_of(name), defaults(REGISTRY.get(name))
    return [usual.get(n) if isinstance(n, str) else n for n in (about.rows, about.features, about.classes)]


def whereabouts(about: About) -> str:
    """Where the files of a data set are; for one without files, where its rows come from."""
    if not about.files:
        return about.origin
    places = [locate(file) for file in about.files]
    if not all(places):
        return "not here"
    folder = data_folder()
    named = [place for place in places if place and folder and place.is_relative_to(folder)]
    return "in OPTLAB_DATA_DIR" if len(named) == len(places) else "in the cache"


def _parser() -> Parser:
    parser = Parser(
        prog="optlab-data", description="Data sets: list them, download them; see how a table is read."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="{list,fetch,describe}")
    commands.add_parser("list", help="name, size and whereabouts of every data set")
    fetching = commands.add_parser("fetch", help="download data sets and check their checksums")
    fetching.add_argument("names", nargs="+", metavar="NAME", help="a name that optlab-data list shows")
    describing = commands.add_parser("describe", help="how a table of yours will be read, column by column")
    describing.add_argument("file", metavar="FILE", help="delimited text or Parquet")
    describing.add_argument("options", nargs="*", metavar="dataset.KEY=VALUE", help="as for a sweep")
    return parser


if __name__ == "__main__":
    sys.exit(main())
