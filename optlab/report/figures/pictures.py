"""Pictures of what was learned, as far as parameters were recorded and the data are on this machine."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from optlab.analysis.choice.representative import representative
from optlab.analysis.problem.problems import configuration
from optlab.analysis.trained.predictions import answers
from optlab.analysis.trained.rebuilt import Rebuilt, rebuilt, recorded
from optlab.core.errors import UserError
from optlab.datasets.dataset import REGISTRY
from optlab.report import words
from optlab.report.drawing.illustration import FOLDERS, Illustration
from optlab.report.drawing.tiles import by_optimizer
from optlab.report.figures import confusion, heatmap, images, learning, noise, overview, path, ranks, regions
from optlab.report.figures.activity import activities

MOST = 4  # problems with pictures; each has several
COST = "final_train_cost"
UNRECORDED = "For pictures of what was learned, train with training.record_parameters=all."


def from_tables(results: Any, runs: pd.DataFrame, metric: str = COST) -> list[Illustration]:
    """Pictures from the tables alone: hidden layers, two hyperparameters, ranks, the grid of problems."""
    found = activities(runs, results.trajectories, metric)
    what = words.metric(metric)
    if not heatmap.surfaces(runs, metric).empty:
        found.append(
            Illustration(
                "heatmap",
                "sensitivity",
                "Two hyperparameters",
                f"Median {what} over two hyperparameters that were swept together; where more were, each "
                "cell is at the best of the others. The brighter, the better. The ring is the setting that "
                "the optimizer is judged by; a cross marks settings at which a run diverged.",
                partial(heatmap.heatmap, runs, metric),
                _code("heatmap", "heatmap", "results.runs", metric),
            )
        )
    if runs["optimizer"].nunique() > 1:
        found.append(
            Illustration(
                "ranks",
                "comparisons",
                "Ranks",
                f"How often an optimizer came first, second and so on by {what}, among all pairs of a "
                "problem and a seed on which all its optimizers were judged, each at its chosen setting. "
                "Equal values share the better rank. The number at the right is the mean rank.",
                partial(ranks.ranks, runs, metric),
                _code("ranks", "ranks", "results.runs", metric),
            )
        )
    if runs["problem"].nunique() > 1 and runs["optimizer"].nunique() > 1:
        found.append(
            Illustration(
                "overview",
                "results",
                "Problems and optimizers",
                f"Median {what} of every optimizer on every problem, each at its chosen setting. The deeper "
                "the colour, the better the rank in the row; white is the last, and a field without a number "
                "was not run.",
                partial(overview.overview, runs, metric),
                _code("overview", "overview", "results.runs", metric),
            )
        )
    return found


def of_models(results: Any, runs: pd.DataFrame, metric: str = COST) -> list[Illustration]:
    """Pictures of the models themselves, problem by problem."""
    found: list[Illustration] = []
    chosen = representative(runs, metric)
    problems = [problem for problem, part in chosen.groupby("problem") if _all_recorded(part)]
    for number, problem in enumerate(problems[:MOST], start=1):
        try:
            part = chosen[chosen["problem"] == problem]
            models = by_optimizer(rebuilt(results, run) for _, run in part.iterrows())
        except UserError:
            continue  # `hints` says why
        end = f"-{number}" if len(problems) > 1 else ""
        found += _pictures(models, end, metric)
    return found


def hints(results: Any, runs: pd.DataFrame, metric: str = COST) -> list[str]:
    """What keeps pictures of the models from being drawn, in a line each."""
    found = []
    for problem, part in representative(runs, metric).groupby("problem"):
        if _all_recorded(part):
            try:
                rebuilt(results, part.iloc[0])
            except UserError as error:
                found.append(f"{problem}: no pictures of what was learned. {error}.")
        elif _pictured(part.iloc[0]):
            found.append(f"{problem}: {UNRECORDED}")
    return found[:MOST]


def _all_recorded(part: pd.DataFrame) -> bool:
    return all(recorded(run) for _, run in part.iterrows())


def _pictured(run: pd.Series) -> bool:
    """Whether the data of a run can be drawn: two features, or images."""
    section = configuration(run["config"]).get("dataset")
    if not isinstance(section, dict) or section.get("name") not in REGISTRY.names():
        return False
    about = REGISTRY.entry(section["name"]).about
    features = section.get(about.features) if isinstance(about.features, str) else about.features
    return features == 2 or about.shape is not None


def _pictures(runs: list[Rebuilt], end: str, metric: str) -> Iterator[Illustration]:
    """The pictures of one problem; `end` makes their names differ from those of other problems."""
    problem, data = runs[0].problem, runs[0].dataset
    which = (
        f"On {problem}; every optimizer at its chosen setting, in the run with the median "
        f"{words.metric(metric)} of the evaluation seeds ({_seeds(runs)})."
    )
    along = [run for run in runs if len(run.points) > 1]

    def picture(
        name: str, title: str, caption: str, draw: Any, module: str, function: str, write: Any = None
    ) -> Illustration:
        code = _code(module, function, f"results, problem={json.dumps(problem)}", metric)
        return Illustration(name + end, "learned", title, f"{caption} {which}", draw, code, write)

    if data.n_features == 2 and along:
        film = learning.content(runs)
        caption = (
            "The decision regions of every optimizer above the course of the training costs, at the end of "
            "training or where the slider stands. The deeper the colour, the surer the model; along the grey "
            f"line it changes its mind. Marks are training points (at most {regions.POINTS} of them). The "
            "share of right answers is that at the end."
        )
        write = partial(learning.player, film, f"learning{end}", caption)
        yield picture("learning", "Decision regions", caption, partial(learning.draw, film),
                      "learning", "learning", write)  # fmt: skip
    elif data.n_features == 2:
        caption = (
            "The decision region of every optimizer. The deeper the colour, the surer the model; along the "
            f"grey line it changes its mind. Marks are training points (at most {regions.POINTS} of them)."
        )
        found = [regions.region(run, run.final) for run in runs]
        yield picture("regions", "Decision regions", caption, partial(regions.draw, found),
                      "regions", "regions")  # fmt: skip
    if ways := path.landscapes(along):
        yield picture("path", "Paths of the parameters", _about_paths(ways, runs),
                      partial(path.draw, ways), "path", "path")  # fmt: skip
    if data.shape and len(data.classes) <= confusion.MOST_CLASSES:
        yield from _of_images(runs, picture)


def _of_images(runs: list[Rebuilt], picture: Any) -> Iterator[Illustration]:
    said = [answers(run) for run in runs]
    part = said[0].part
    yield picture(
        "weights", "Weights",
        "The weights between the pixels and the first layer, as images: of every class, or of the "
        f"{images.UNITS} units with the largest weights where there is a hidden layer. White is 0; orange "
        "and violet have opposite signs. Every optimizer has a scale of its own.",
        partial(images.draw_weights, [images.weights_of(run) for run in runs]), "images", "weights",
    )  # fmt: skip
    yield picture(
        "confusion", "Confusion",
        f"How many {part} images of the class of a row were taken for the class of a column. Right answers "
        "are grey; the deeper the blue, the more often the mistake was made.",
        partial(confusion.draw, [confusion.of_answers(*pair) for pair in zip(runs, said, strict=True)]),
        "confusion", "confusions",
    )  # fmt: skip
    yield picture(
        "mistakes", "Worst mistakes",
        f"The {part} images to whose true class a model gave the least probability: the true class, the "
        "answer, and the probability of the answer.",
        partial(images.draw_mistakes, [images.mistakes_of(*pair) for pair in zip(runs, said, strict=True)]),
        "images", "mistakes",
    )  # fmt: skip
    yield picture(
        "noise", "Answers to noise",
        f"What the models see in {words.count(noise.IMAGES)} images of pure noise, every pixel uniform "
        "between its extremes in the training data: the share of the noise that is taken for each class, and "
        "the median probability of the answers. A model has no way to say that it sees nothing.",
        partial(noise.draw, [noise.guesses(run) for run in runs]), "noise", "noise_answers",
    )  # fmt: skip


def _about_paths(ways: list[path.Landscape], runs: list[Rebuilt]) -> str:
    text = (
        "The path of the parameters over the contours of the training cost, in the plane of the two leading "
        "principal directions of the recorded parameters; the share of their movement along each "
        "direction stands at its axis. A ring is the beginning, a marker the end. The cost is that of the "
        "points of the plane, which the path itself may pass above or below."
    )
    if len(ways) > 1:
        text += " Every path has a plane of its own, so the panels show different cuts through the cost."
    fewest = min(way.n_samples for way in ways)
    if fewest < min(len(run.dataset.train.y) for run in runs):
        text += f" It is the cost on {words.count(fewest)} training samples, drawn at random."
    return text


def _seeds(runs: list[Rebuilt]) -> str:
    seeds = sorted({run.seed for run in runs})
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return "seeds " + ", ".join(f"{run.optimizer} {run.seed}" for run in runs)


def _code(module: str, function: str, arguments: str, metric: str) -> str:
    by = "" if metric == COST else f', metric="{metric}"'
    return (
        f"import optlab\nfrom optlab.report.figures.{module} import {function}\n\n"
        f"results = optlab.load({FOLDERS})\n"
        f'{function}({arguments}{by}).savefig("{function}.pdf")'
    )
