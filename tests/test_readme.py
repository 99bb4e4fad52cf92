"""The README's examples work as they stand."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import optlab
from optlab import datasets, models, optimizers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def installed(project: Path, site: Path) -> None:
    """Put a project's modules and entry points where Python finds them, as pip does."""
    about = tomllib.loads((project / "pyproject.toml").read_text())
    [name] = about["tool"]["setuptools"]["py-modules"]
    info = site / f"{name}-{about['project']['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
    for group, points in about["project"]["entry-points"].items():
        lines = [f"{point} = {target}" for point, target in points.items()]
        (info / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines]))
    (site / f"{name}.py").write_text((project / f"{name}.py").read_text())


def environment(site: Path) -> dict[str, str]:
    """The environment of a process that finds modules and entry points in `site` too."""
    path = [str(site), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def test_the_optimizer_of_ones_own_is_found_and_compared(tmp_path):
    [(path, text)] = re.findall(r"```python\n# ([\w./]+)\n(.*?)```", README, re.S)
    (tmp_path / path).parent.mkdir()
    (tmp_path / path).write_text(text)
    [command] = re.findall(r"^optlab -m (-cd mine optimizer=\S+ optimizer.lr=\S+)", README, re.M)
    results = tmp_path / "results"
    code = f"import optlab; optlab.sweep({[*shlex.split(command), 'training.epochs=5']}, {str(results)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    runs = optlab.load(results).runs
    assert sorted(zip(runs["optimizer"], runs["lr"], strict=True)) == [
        ("adam", 0.01), ("adam", 0.1), ("signed", 0.01), ("signed", 0.1)
    ]  # fmt: skip
    assert (runs["status"] == "completed").all()


def test_every_file_the_readme_links_to_is_there():
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_readme_names_every_data_set_model_and_optimizer():
    words = set(re.findall(r"\w+", " ".join(re.findall(r"`([\w\s]+)`", README))))
    for registry in (datasets.REGISTRY, models.REGISTRY, optimizers.REGISTRY):
        assert set(registry.names()) <= words


def test_the_readme_is_short():
    assert len(README.splitlines()) < 150
