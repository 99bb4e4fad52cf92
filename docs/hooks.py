"""Puts results/README.md, the gallery of the studies, and its pictures on the site."""

import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parent.parent
GALLERY = "results/README.md"


def on_files(files: Files, config: Any) -> Files:
    """Called by mkdocs once it has collected the pages in docs/."""
    for pattern in (GALLERY, "results/*/report/figures/*.png", "results/*/report/figures/*.gif"):
        for path in sorted(ROOT.glob(pattern)):
            files.append(File.generated(config, path.relative_to(ROOT).as_posix(), abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, page: Page, config: Any, files: Files) -> str:
    """Called with the text of every page: reports are not on the site, so the gallery names their files."""
    if page.file.src_uri != GALLERY:
        return markdown
    return re.sub(r"\[(\w+)\]\((\w+/report/report\.md)\)", r"\1 `results/\2`", markdown)
