"""What a contributor meets first: one command for all checks, and continuous integration that runs them."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

import optlab

ROOT = Path(__file__).parent.parent
CHECK = ROOT / "scripts" / "check"
PARTS = set(re.findall(r"^(\w+)\(\) \{", CHECK.read_text(), re.M))


def workflow_jobs():
    return yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text())["jobs"]


def parts_run_by(text):
    return [part for line in re.findall(r"scripts/check ([\w ]+)", text) for part in line.split()]


def test_an_unknown_check_is_refused_before_any_check_runs():
    done = subprocess.run([CHECK, "lint", "nonsense"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == ""
    assert all(part in done.stderr for part in ["'nonsense'", *PARTS])


def test_every_check_runs_once_in_continuous_integration():
    """The tests are run by the README's command."""
    assert sorted([*parts_run_by((ROOT / ".ci" / "run").read_text()), "tests"]) == sorted(PARTS)
    steps = [step.get("run", "") for job in workflow_jobs().values() for step in job["steps"]]
    ran = parts_run_by("\n".join(steps))  # the tests on other versions, too
    assert sorted(set(ran)) == sorted(PARTS) and all(ran.count(part) == 1 for part in set(PARTS) - {"tests"})


def test_the_tests_run_on_every_python_that_is_promised():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert workflow_jobs()["tests"]["strategy"]["matrix"]["python"] == versions
    assert project["requires-python"] == f">={versions[0]}"


def test_the_package_tells_type_checkers_that_it_is_typed():
    assert (Path(optlab.__file__).parent / "py.typed").is_file()
