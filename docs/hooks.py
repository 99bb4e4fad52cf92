"""Puts results/README.md, the gallery of the studies, and its pictures on the site."""

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parent.parent


def on_files(files: Files, config: Any) -> Files:
    """Called by mkdocs once it has collected the pages in docs/."""
    for pattern in ("results/README.md", "results/*/report/figures/*.png", "results/*/report/figures/*.gif"):
        for path in sorted(ROOT.glob(pattern)):
            files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    return files
