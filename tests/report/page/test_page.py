import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from optlab.core.errors import UserError
from optlab.report.drawing import helper, store
from optlab.report.page.page import build
from optlab.report.plot import drawable
from optlab.store.read import Results

VOID = {"meta", "input", "link", "br", "img"}
SMALL = {"optimizers": {"sgd": (0.3, 0.05), "adam": (1.0, 0.1)}, "rates": [0.1, 1.0], "seeds": 2}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Pages without the formats that they do not show; those that a session shares have all."""
    monkeypatch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
    monkeypatch.setattr(helper, "call", lambda: None)  # it would not know


class Outline(HTMLParser):
    """Checks that elements are closed in order, and notes ids and what would be loaded."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.loads, self.scripts, self.links = [], [], [], 0, []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        self.ids += [attrs["id"]] if "id" in attrs else []
        self.loads += [attrs[name] for name in ("src", "data", "srcset", "action") if name in attrs]
        self.loads += [attrs["href"]] if tag == "link" else []
        self.links += [attrs["href"]] if tag == "a" else []
        self.scripts += tag == "script"

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(page):
    parser = Outline()
    parser.feed(page.read_text("utf-8"))
    parser.close()
    assert parser.open == []
    return parser


@pytest.fixture(scope="session")
def built(sweep, tmp_path_factory):
    out = tmp_path_factory.mktemp("built")
    return build(replace(sweep(**SMALL), provenance={"command": "optlab -m", "git": {"dirty": False}}), out)


def test_everything_that_is_promised_is_written(built):
    report = built.parent
    names = {path.stem for path in (report / "figures").iterdir()}
    assert names == {
        "convergence-gradient_evals",
        "convergence-step",
        "critical-difference",
        "overview",
        "ranks",
        "rules",
        "sensitivity",
        "trials",
        "profiles",
        "final",
    }
    assert all(
        (report / "figures" / f"{name}.{end}").stat().st_size
        for name in names
        for end in ("svg", "png", "pdf")
    )
    assert {"settings.csv", "sensitivity.csv", "results-1.csv", "results-1.tex"} <= {
        path.name for path in (report / "tables").iterdir()
    }
    assert len(pd.read_csv(report.parent / "summary.csv")) == 4
    assert (report / "report.md").is_file()


def test_the_page_is_well_formed_and_loads_nothing(built):
    page = outline(built)
    assert page.loads == []
    assert len(page.ids) == len(set(page.ids))
    text = built.read_text("utf-8")
    assert not re.search(r"@import|url\((?!#)", text)
    assert "prefers-color-scheme: dark" in text and "@media print" in text


def test_every_link_of_the_page_leads_somewhere(built):
    page = outline(built)
    for link in page.links:
        assert link[1:] in page.ids if link.startswith("#") else (built.parent / link).exists()


def test_page_and_markdown_tell_the_same(built):
    for text in (built.read_text("utf-8"), (built.parent / "report.md").read_text("utf-8")):
        for told in (
            "Findings",
            "What was run",
            "optlab -m",
            "optlab-report results/demo",
            "medians over 2 seeds",
        ):
            assert told in text


def test_every_image_of_the_markdown_exists(built):
    text = (built.parent / "report.md").read_text("utf-8")
    images = re.findall(r"\]\((figures/[^)]+)\)", text)
    assert images and all((built.parent / image).is_file() for image in images)


def test_names_with_html_in_them_are_escaped(sweep, tmp_path):
    evil = "<script>alert(1)</script>"
    results = sweep(optimizers=[evil, 'b"&|$'], rates=[0.1, 1.0], seeds=1, problems=("<img src=x>",))
    page = build(replace(results, provenance={"command": evil}, folders=("a b", evil)), tmp_path)
    assert outline(page).scripts == 2  # the page's own, and its data
    assert outline(page).loads == []
    assert "<script" not in (page.parent / "report.md").read_text("utf-8").replace(f'"{evil}"', "").replace(
        f"'{evil}'", ""
    )


@pytest.fixture(scope="session")
def again(sweep, tmp_path_factory):
    """A report over an earlier one, and the results it is made from."""
    out = tmp_path_factory.mktemp("again")
    for folder in ("figures", "tables"):
        (out / "report" / folder).mkdir(parents=True)
    for name in ("figures/old.svg", "tables/results-9.tex", "tables/mine.txt"):
        (out / "report" / name).write_text("old")
    results = sweep(**SMALL)
    results = replace(results, provenance={"command": "optlab -m", "git": {"dirty": False}})
    return build(results, out), results


def test_the_same_results_give_the_same_page(built, again):
    assert built.read_bytes() == again[0].read_bytes()


def test_what_an_earlier_report_left_behind_is_taken_away(again):
    left = {path.name for path in again[0].parent.rglob("*")}
    assert not left & {"old.svg", "results-9.tex"}
    assert "mine.txt" in left


def test_the_configured_metric_ranks_the_optimizers(sweep, tmp_path):
    results = sweep(**{**SMALL, "seeds": 1, "problems": ("digits",)})
    page = build(results, tmp_path, "final_test_accuracy")
    told = page.read_text("utf-8")
    assert "The best median final test accuracy is that of" in told
    assert "metric=&#34;final_test_accuracy&#34;" in told
    assert (page.parent / "figures" / "convergence-gradient_evals-test_accuracy.svg").is_file()
    with pytest.raises(UserError, match="metric=cost: there is no such metric"):
        build(results, tmp_path, "cost")


def test_the_code_below_a_figure_draws_it_again(again, tmp_path, monkeypatch):
    import optlab

    page, results = again
    text = (page.parent / "report.md").read_text("utf-8")
    monkeypatch.setattr(optlab, "load", lambda *folders: drawable(results))
    monkeypatch.chdir(tmp_path)
    codes = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    for code in codes:
        exec(code, {})
    assert len(codes) == 10
    assert {path.name for path in tmp_path.glob("*.pdf")} == {
        "convergence-gradient_evals.pdf",
        "convergence-step.pdf",
        "critical-difference.pdf",
        "overview.pdf",
        "ranks.pdf",
        "rules.pdf",
        "sensitivity.pdf",
        "trials.pdf",
        "profiles.pdf",
        "final.pdf",
    }


def test_seconds_are_offered_when_every_run_was_trained_alone(sweep, tmp_path):
    page = build(sweep(**{**SMALL, "problems": ("digits",)}, stack_size=1), tmp_path)
    assert (page.parent / "figures" / "convergence-seconds.svg").is_file()


def test_without_runs_it_is_one_line(sweep, tmp_path):
    results = sweep(optimizers=["adam"], rates=[0.1], seeds=1)
    with pytest.raises(UserError, match="no runs"):
        build(replace(results, runs=results.runs.iloc[:0]), tmp_path)


UNUSUAL = {
    "one run": {"optimizers": ["adam"], "rates": [0.1], "seeds": 1, "problems": ("digits",)},
    "one rate": {"optimizers": ["adam", "sgd"], "rates": [0.1], "seeds": 2, "problems": ("digits",)},
    "no validation or test": {**SMALL, "validation": False, "test": False, "problems": ("digits",)},
    "only diverged": {
        "optimizers": {"a": (40.0, 0.2)},
        "rates": [1.0, 3.0],
        "seeds": 2,
        "problems": ("digits",),
    },
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_results_give_a_page(sweep, tmp_path, case):
    outline(build(sweep(**UNUSUAL[case]), tmp_path))


def test_damaged_configurations_missing_rates_and_points_give_a_page(sweep, tmp_path):
    results = sweep(**{**SMALL, "problems": ("digits",)})
    runs = results.runs.assign(config="{broken", lr=np.nan)
    outline(build(replace(results, runs=runs, trajectories=results.trajectories.iloc[:0]), tmp_path))


def test_missing_columns_are_told_or_refused_in_one_line(sweep, tmp_path):
    results = sweep(**{**SMALL, "problems": ("digits",)})
    page = build(replace(results, runs=results.runs.drop(columns=["final_test_cost", "lr"])), tmp_path)
    assert "The table of runs has no column lr and final_test_cost" in page.read_text("utf-8")
    with pytest.raises(UserError, match="runs has no column status"):
        build(replace(results, runs=results.runs.drop(columns="status")), tmp_path)


def test_an_unfinished_sweep_damaged_parts_and_targets_that_nobody_reaches_are_told(sweep, tmp_path):
    results = sweep(**{**SMALL, "problems": ("digits",)})
    flat, damaged = results.trajectories.assign(train_cost=1.0), ("runs/s.parquet: cut off",)
    told = build(Results(results.runs, flat, {"finished": None}, (), damaged), tmp_path).read_text("utf-8")
    assert "had not ended" in told
    assert "runs/s.parquet: cut off" in told
    assert "No run reached any target" in told


def test_a_style_that_does_not_exist_is_refused_before_anything_is_computed(sweep, tmp_path):
    results = replace(sweep(["adam"], [0.1], 1), runs=None)
    with pytest.raises(UserError, match="style=poster"):
        build(results, tmp_path, style="poster")


def test_every_table_of_the_page_is_there_for_latex(built):
    tables = re.findall(r"<table", built.read_text("utf-8"))
    assert len(list((built.parent / "tables").glob("*.tex"))) == len(tables)


def test_methods_and_references_are_written(built):
    cited = re.findall(r"\\cite\{([^}]*)\}", (built.parent / "methods.tex").read_text("utf-8"))
    bibliography = (built.parent / "references.bib").read_text("utf-8")
    assert cited and all(f"{{{key}," in bibliography for keys in cited for key in keys.split(","))


def test_summary_is_readable_by_a_spreadsheet(built):
    with Path(built.parent.parent / "summary.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0][:4] == ["problem", "rank", "optimizer", "setting"]
    assert len({len(row) for row in rows}) == 1
