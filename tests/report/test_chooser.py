"""The page in a browser: nothing overflows, no error is told, and the chooser works."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from optlab.analysis.comparison.profiles import algoperf_score
from optlab.report import words
from optlab.report.drawing import helper, store
from optlab.report.page.page import build
from tests.report.browser import visit

OVERFLOWING = """
const page = window.document.documentElement;
const beyond = (part) => part.getBoundingClientRect().right > page.clientWidth + 1;
return [page.scrollWidth - page.clientWidth, [...page.querySelectorAll("body *")].filter(beyond)
  .filter((part) => !part.closest(".scroll, pre, nav ol")).map((part) => part.outerHTML.slice(0, 80))];
"""

ANCHORS = """
const page = window.document;
page.documentElement.style.scrollBehavior = "auto";
const bar = page.querySelector("nav");
const share = bar.getBoundingClientRect().height / window.innerHeight;
const hidden = [];
for (const link of page.querySelectorAll("nav a")) {
  const section = page.getElementById(link.getAttribute("href").slice(1));
  section.scrollIntoView();
  if (section.querySelector("h2").getBoundingClientRect().top < bar.getBoundingClientRect().bottom)
    hidden.push(section.id);
}
return { share, hidden };
"""

WIDE = """
const page = window.document;
return [...page.querySelectorAll("#results .scroll")].map((part) =>
  [part.scrollWidth - part.clientWidth, part.getBoundingClientRect().width]);
"""

HIDING = """
const page = window.document;
const seen = (part) => part.getClientRects().length > 0;
const figure = page.querySelector("[id*='performance-profile'] [data-of=adam] path[style*='fill: none']");
const told = () => ({
  figures: [...page.querySelectorAll("figure")].filter(seen).map((one) =>
    [...one.querySelectorAll("[id*=axes] [data-of=sgd]")].some(seen)),
  rows: [...page.querySelectorAll("tr[data-of~=sgd]")].filter(seen).length,
  scores: Object.fromEntries([...page.querySelectorAll("[data-score]")].filter(seen)
    .map((cell) => [cell.dataset.score, cell.textContent])),
  profile: figure.getAttribute("d"),
});
const box = page.querySelector("#chooser input[value=sgd]");
const before = told();
box.click();
const hidden = told();
page.querySelector("#chooser button").click();
return { before, hidden, after: told() };
"""

COMPARING = """
const page = window.document;
const seen = (selector) =>
  [...page.querySelectorAll(selector)].filter((part) => part.getClientRects().length > 0).length;
const told = [];
for (const name of ["", "sgd", "adam"]) {
  if (name) page.querySelector(`#chooser input[value=${name}]`).click();
  told.push({
    fields: seen("#figure-overview [data-of=sgd]"),
    names: seen("#figure-critical-difference [data-of=sgd]"),
    pairs: seen("#figure-verdicts [data-of*=' ']"),
    bars: seen("#figure-critical-difference [data-of*=' ']"),
    said: page.querySelector("#chooser output").textContent,
  });
}
return told;
"""

FOLDING = """
const parts = [...window.document.querySelectorAll("details.part")];
const open = () => parts.filter((part) => part.open).map((part) => part.closest("section").id);
const found = [open()];
window.document.querySelector("nav a[href='#tuning']").click();
found.push(open());
window.dispatchEvent(new window.Event("beforeprint"));
found.push(open().length === parts.length);
window.dispatchEvent(new window.Event("afterprint"));
found.push(open());
return found;
"""

SORTING = """
const table = window.document.querySelector("#results table");
const names = () => [...table.tBodies[0].rows].map((row) => row.cells[1].textContent.trim());
const found = [names()];
for (const click of [1, 2]) { table.tHead.querySelectorAll("button")[1].click(); found.push(names()); }
return found;
"""


@pytest.fixture(scope="module")
def page(sweep, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "FORMATS", {"svg": store.FORMATS["svg"]})
        patch.setattr(helper, "call", lambda: None)  # it would not know FORMATS
        results = sweep({"sgd": (0.3, 0.05), "adam": (1.0, 0.1), "mine<&": (0.5, 0.1)}, [0.1, 1.0], 3)
        return build(results, tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def told(page, tmp_path_factory):
    return visit(page, tmp_path_factory.mktemp("visit"), 1000, HIDING)


@pytest.mark.parametrize("width", [375, 1440])
def test_nothing_is_wider_than_the_screen(page, tmp_path, width):
    assert visit(page, tmp_path, width, OVERFLOWING) == [0, []]


@pytest.mark.parametrize("width", [375, 1440])
def test_the_bar_is_low_and_hides_no_heading(page, tmp_path, width):
    found = visit(page, tmp_path, width, ANCHORS)
    assert found["share"] < 0.08 and found["hidden"] == []


def test_a_wide_table_uses_the_space_at_its_sides(page, tmp_path):
    for beyond, width in visit(page, tmp_path, 1440, WIDE):
        assert beyond <= 0 or width > 1300  # the text is 960 pixels wide


def test_a_hidden_optimizer_leaves_all_figures_and_tables_and_comes_back(told):
    assert sum(told["before"]["figures"]) >= 5 and told["before"]["rows"]  # ranks are always those of all
    assert not any(told["hidden"]["figures"]) and not told["hidden"]["rows"]
    assert told["after"] == told["before"]


def test_the_overview_and_the_mean_ranks_follow(page, tmp_path):
    all_shown, two_shown, one_shown = visit(page, tmp_path, 1000, COMPARING)
    assert all_shown["fields"] == 1 + 2 * 2  # the name; on each of two problems, a colour and a number
    assert all_shown["names"] and not all_shown["said"]
    assert not two_shown["fields"] and not two_shown["names"]
    assert "ranks" in two_shown["said"] and "those of all optimizers" in two_shown["said"]
    assert [told["bars"] for told in (all_shown, two_shown, one_shown)] == [
        1,
        1,
        0,
    ]  # a bar joins two or more


def test_the_matrix_of_verdicts_follows(page, tmp_path):
    pairs = [told["pairs"] for told in visit(page, tmp_path, 1000, COMPARING)]
    assert pairs[0] and pairs[1:] == [pairs[0] / 3, 0]  # of three pairs one is left, then none


def test_profile_and_score_are_those_of_the_optimizers_shown(page, told):
    embedded = json.loads(re.search(r'id="times">(.*?)</script>', page.read_text("utf-8"))[1])
    times = pd.DataFrame(embedded["times"], columns=embedded["optimizers"]).astype(float).fillna(np.inf)
    score = algoperf_score(times.drop(columns="sgd"))
    assert told["hidden"]["scores"] == {name: words.number(value, 3) for name, value in score.items()}
    assert told["hidden"]["profile"] != told["before"]["profile"]


def test_sections_are_folded_until_they_are_linked_to_or_printed(page, tmp_path):
    assert visit(page, tmp_path, 1000, FOLDING, unfolded=False) == [[], ["tuning"], True, ["tuning"]]


def test_a_click_on_a_heading_sorts(page, tmp_path):
    found = visit(page, tmp_path, 1000, SORTING)
    assert found[1] == sorted(found[0], key=str.lower)
    assert found[2] == found[1][::-1]
