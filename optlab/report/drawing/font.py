"""A small DejaVu Sans: to cut the embedded letters from the whole font takes most of the time for a PDF."""

import os
from functools import cache
from pathlib import Path

from matplotlib import font_manager

from optlab.datasets.download import cache_folder

WHOLE, SMALL = "DejaVu Sans", "DejaVu Sans small"
LETTERS = (*range(0x20, 0x250), *range(0x370, 0x400), *range(0x2000, 0x2300))  # Latin, Greek, mathematics
UNUSED = ["FFTM", "GDEF", "GPOS", "GSUB", "kern"]  # tables that matplotlib does not read


@cache
def families() -> list[str]:
    """The fonts of figures, in the order in which letters are looked for in them."""
    path = cache_folder() / "fonts" / f"{SMALL}.ttf"
    try:
        if not path.is_file():
            _cut(path)
        font_manager.fontManager.addfont(path)
    except OSError:  # no room for it: slower, but the same letters
        return [WHOLE]
    return [SMALL, WHOLE]


def _cut(path: Path) -> None:
    """Write the letters of the whole font that figures need as a font of its own."""
    from fontTools import subset

    options = subset.Options(recommended_glyphs=True, recalc_timestamp=False, name_IDs=["*"])
    options.drop_tables += UNUSED
    font = subset.load_font(font_manager.findfont(WHOLE), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=LETTERS)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 16):
            record.string = SMALL
        elif record.nameID == 6:
            record.string = SMALL.replace(" ", "")
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(temporary)
    os.replace(temporary, path)
