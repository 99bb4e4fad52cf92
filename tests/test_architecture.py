"""The house: imports point down, Hydra and plotting stay in their rooms, and imports are light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "optlab"

FLOORS = [
    ["core"],
    ["datasets"],
    ["models"],
    ["objective"],
    ["optimizers"],
    ["training"],
    ["runs"],
    ["store"],
    ["sweeps"],
    ["launch"],
    ["analysis"],
    ["report"],
    ["cli"],
]
"""A module may import from its own floor and from those before it."""

ROOMS = {
    "hydra": ("launch/",),
    "omegaconf": ("launch/",),
    "matplotlib": ("report/",),
    "seaborn": ("report/",),
    "pandas": ("store/", "analysis/", "report/", "cli/", "datasets/"),
}
"""Who may import a library: files or folders of the package."""

FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Full names of all modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def floor(module: str) -> int | None:
    """Number of the floor of a module of optlab; the most specific entry counts."""
    entries = [(len(name), level) for level, names in enumerate(FLOORS) for name in names
               if module == f"optlab.{name}" or module.startswith(f"optlab.{name}.")]  # fmt: skip
    return max(entries)[1] if entries else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path):
    module = ".".join(["optlab", *path.relative_to(PACKAGE).with_suffix("").parts]).removesuffix(".__init__")
    own = floor(module)
    if module == "optlab":
        return  # the face of the package hands names on
    assert own is not None, f"{module} stands on no floor: add it to FLOORS"
    for imported in imports(path):
        if imported.startswith("optlab.") and (level := floor(imported)) is not None:
            assert level <= own, f"{module} imports {imported} from a higher floor"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_libraries_stay_in_their_rooms(path: Path):
    relative = path.relative_to(PACKAGE).as_posix()
    for imported in imports(path):
        rooms = ROOMS.get(imported.split(".")[0])
        assert rooms is None or relative.startswith(rooms), f"{relative} imports {imported}"


def test_importing_optlab_loads_nothing_slow():
    slow = ["pandas", "matplotlib", "seaborn", "sklearn", "hydra", "pyarrow", "scipy", "rich", "joblib"]
    code = f"import sys, optlab; print([m for m in {slow} if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "[]"
