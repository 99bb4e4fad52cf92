"""What README.md, CONTRIBUTING.md and docs/ say is so: examples work, commands, files and links exist."""

import re
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import optlab
from optlab.cli import app
from tests.composed import composed
from tests.test_architecture import FLOORS, PACKAGE
from tests.test_readme import environment, installed

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md"))]
READERS_FILES = ("mine", "my.csv", "new.csv")  # the tests of examples give commands that need these
SHOWING = {"--cfg", "--info", "--help", "--hydra-help"}
OTHERS = {"pip", "python", "source", "mkdocs", "pre-commit", "pytest"}  # commands that are not optlab's


def commands_of(page):
    """The commands in a page, as lists of words: those in blocks of bash, and optlab's own within lines."""
    text = page.read_text()
    lines = "\n".join(re.findall(r"```bash\n(.*?)```", text, re.S)).replace("\\\n", " ").splitlines()
    outside = re.sub(r"```.*?```", "", text, flags=re.S)
    lines += re.findall(r"`((?:optlab(?:-\w+)?|scripts/\w+) [^`]+)`", outside)
    for command in [part for line in lines for part in line.split("&&")]:
        words = shlex.split(command, comments=True)
        words = [word for word in words if not re.match(r"[A-Z_]+=", word)]  # of the environment
        if words:
            yield [words[0].removeprefix(".venv/bin/"), *words[1:]]


COMMANDS = [
    pytest.param(words, id=f"{page.name}: {shlex.join(words)}")
    for page in PAGES
    for words in commands_of(page)
]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_is_understood_as_it_stands(words, tmp_path, monkeypatch, capsys):
    """None is trained: Hydra composes it, or its parser reads it."""
    monkeypatch.chdir(tmp_path)
    name, *arguments = words
    if name == "optlab" and SHOWING & set(arguments):
        assert app.run(arguments) == 0
    elif name == "optlab" and not any(file in word for word in arguments for file in READERS_FILES):
        assert composed(*arguments)
    elif name.startswith("optlab-"):
        parser = import_module(f"optlab.cli.{name.removeprefix('optlab-')}")._parser()
        assert parser.parse_args(["5" if word == "N" else word for word in arguments])
    elif name.startswith("scripts/"):
        assert (ROOT / name).exists()
    else:
        assert name == "optlab" or name in OTHERS


def test_the_commands_of_every_kind_of_page_are_found():
    found = {page.name: len(list(commands_of(page))) for page in PAGES}
    assert found["README.md"] > 10 and found["tutorial.md"] > 5 and found["debugging.md"] > 5


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


def test_the_examples_of_models_run_as_they_stand(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall(r"```python\n(.*?)```", (DOCS / "models.md").read_text(), re.S))
    names = {}
    exec(code, names)
    assert names["table"].attrs["reason"] == "" and names["table"]["low"].notna().all()
    assert (tmp_path / "report" / "report" / "index.html").exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_links_to_is_there(page):
    places = page.parent, ROOT  # the site has results/ beside the pages
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert any((place / target).exists() for place in places), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_a_page_names_is_there(page):
    """Those with a folder, but results, which are made; NAME stands for any."""
    for path in re.findall(r"`([\w./]+/[\w.]*)`", page.read_text()):
        made = re.search(r"NAME|^mine/|^results/", path)
        assert made or any((base / path).exists() for base in (ROOT, PACKAGE)), path


def test_the_page_and_the_picture_of_the_architecture_show_every_room():
    rooms = {room for floor in FLOORS for room in floor}
    assert rooms == set(re.findall(r'class="room"[^>]*>(\w+)<', (DOCS / "architecture.svg").read_text()))
    order = re.search(r"Imports point backwards along ([\w,\s]+)\.", (DOCS / "architecture.md").read_text())
    assert re.findall(r"\w+", order[1]) == [room for floor in FLOORS for room in floor]
