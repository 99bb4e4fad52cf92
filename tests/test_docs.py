"""The examples in docs/ work as they stand."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import optlab
from tests.test_readme import environment, installed

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def test_the_data_set_and_the_study_of_ones_own_are_trained(tmp_path):
    page = (DOCS / "extending.md").read_text()
    project, site, results = tmp_path / "project", tmp_path / "site", tmp_path / "results"
    for path, text in re.findall(r"```\w+\n# ([\w./]+)\n(.*?)```", page, re.S):
        assert len(text.splitlines()) < 30, path
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    installed(project, site)
    [command] = re.findall(r"pip install \. && optlab (.*)", page)
    words = [*shlex.split(command), f"hydra.sweep.dir={results}"]
    subprocess.run(
        [sys.executable, "-c", "from optlab.cli.app import main; main()", *words],
        cwd=project,
        env=environment(site),
        check=True,
    )
    runs = optlab.load(results).runs
    assert len(runs) == 2 * 2 * 2 and set(runs["dataset"]) == {"spirals"}
    assert (results / "report" / "index.html").exists()


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_every_file_a_page_links_to_is_there(page):
    places = page.parent, ROOT  # the site has results/ beside the pages
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert any((place / target).exists() for place in places), target
