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
    project, site, results = tmp_path / "project", tmp_path / "site", tmp_path / "results"
    for path, text in re.findall(r"```\w+\n# ([\w./]+)\n(.*?)```", README, re.S):
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    installed(project, site)
    [command] = re.findall(r"pip install \. && optlab -m (.*)", README)
    code = f"import optlab; optlab.sweep({[*shlex.split(command), 'training.epochs=5']}, {str(results)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=project, env=environment(site), check=True)
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
