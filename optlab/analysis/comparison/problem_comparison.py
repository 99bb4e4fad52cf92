"""Problems on the same data side by side: which network or penalty the validation cost chooses.

Optimizers are compared inside a problem, for only there they minimise the same cost. What problems on the
same data have in common is what their models are for: the cost on validation and test data, which holds no
penalty. Problems are compared by it if they share data, loss and splits; each at its best optimizer.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from optlab.analysis.choice.tuning import ranking_value
from optlab.analysis.comparison.judgement import judge
from optlab.analysis.comparison.layout import layout
from optlab.analysis.comparison.standings import standings
from optlab.analysis.problem.outcomes import outcomes
from optlab.analysis.problem.problems import NOT_THE_PROBLEM, SECTIONS, SPLIT, configuration, flat
from optlab.analysis.problem.seeds import GROUP
from optlab.analysis.statistics import attained_level, bands
from optlab.analysis.trained.training_loss import training_loss
from optlab.core.errors import UserError
from optlab.runs.recorded_data import recorded_model
from optlab.store.read import Results
from optlab.training.metrics import FINAL

MIN_PROBLEMS = 3  # on the same data, that are worth a comparison
CHOOSER = "final_validation_cost"
VALUES = (*FINAL, "train_loss", "gap")
COLUMNS = [
    "data", "rank", "problem", "optimizer", "setting", "seeds", "level", "verdict", "hidden", "others",
    "parameters",
    *(f"{name}{end}" for name in VALUES for end in ("", "_low", "_high")),
]  # fmt: skip

Options = dict[str, Any]


def problem_comparison(results: Results, chosen: pd.DataFrame, summary: pd.DataFrame) -> pd.DataFrame:
    """One row per problem, for data that at least three problems with validation or test data share.

    Every problem is represented by the first optimizer on it, at its best setting.

    Args:
        results: with the recorded parameters, if there are any.
        chosen: see `tuning.at_best`.
        summary: see `summary.summary`.

    Returns:
        ``data rank problem optimizer setting seeds level verdict hidden others parameters``, then the
        medians over the evaluation seeds, with ``_low`` and ``_high``, the interval that attains `level`, of
        all final costs and accuracies, of ``train_loss`` (see `training_loss`) and of ``gap``, the test cost
        minus that loss. `rank` is by the mean logarithm of the validation cost, and NaN without validation
        data or with fewer than three common seeds; `verdict` compares it with the first, as methods are
        compared on one problem (see `standings`). `hidden` is the sizes of the hidden layers, `others` what
        else tells the problem from those on the same data, `parameters` the number of parameters (NaN where
        the data are not on this machine).
    """
    chosen = chosen.merge(summary.drop_duplicates("problem")[GROUP], on=GROUP)
    firsts = chosen.drop_duplicates("problem").set_index("problem")
    options = {str(problem): _options(run) for problem, run in firsts.iterrows()}
    comparable: dict[str, list[str]] = {}
    for problem, own in options.items():
        comparable.setdefault(_comparable(own), []).append(problem)
    parts = []
    for problems in comparable.values():
        part = chosen[chosen["problem"].isin(problems)]
        if len(problems) >= MIN_PROBLEMS and part[[CHOOSER, "final_test_cost"]].notna().to_numpy().any():
            parts.append(_table(results, part, {problem: options[problem] for problem in problems}))
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(_numbered(parts), ignore_index=True)[COLUMNS]


def _options(run: pd.Series) -> Options:
    """All options of the problem of `run`, which is of one of its splits if they are its repetitions."""
    config = configuration(run["config"])
    options = {k: v for name in SECTIONS if name in config for k, v in flat(config[name], name).items()}
    options |= {"dataset.name": run["data"], "model.name": run["model"]}
    if run["data_version"]:
        options["dataset.sha256"] = run["data_version"]
    left = NOT_THE_PROBLEM | (set() if run["repetition"].startswith("/") else {SPLIT})
    return {name: value for name, value in options.items() if name not in left}


def _comparable(options: Options) -> str:
    """What problems must have in common: their data, and the loss that is measured on them."""
    data = {name: value for name, value in options.items() if name.startswith("dataset.")}
    measured = options.get("model.loss") or options["model.name"]  # the perceptron has a loss of its own
    return repr([sorted(data.items(), key=str), measured])


def _differing(options: Sequence[Options]) -> list[str]:
    """Names of the options that do not have the same value everywhere."""
    names = sorted({name for own in options for name in own})
    return [name for name in names if len({repr(own.get(name)) for own in options}) > 1]


def _described(options: Options, names: Sequence[str]) -> str:
    """``dropout=0.5, l2=0, patience=null``."""
    values = {name.split(".")[-1]: options.get(name) for name in names}
    texts = {
        name: "null" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
        for name, value in values.items()
    }
    return ", ".join(f"{name}={text}" for name, text in texts.items())


def _table(results: Results, part: pd.DataFrame, options: dict[str, Options]) -> pd.DataFrame:
    """The rows of problems that are compared."""
    graded = part.assign(**{name: outcomes(part, name) for name in FINAL})
    graded["train_loss"] = training_loss(results, part)
    graded["gap"] = graded["final_test_cost"] - graded["train_loss"]
    groups = graded.groupby(GROUP)
    table = groups[["setting", "data"]].first()
    table["seeds"] = groups["repetition"].nunique()
    table["level"] = table["seeds"].map(attained_level)
    for name in VALUES:
        table[name] = groups[name].median()
        table = table.join(bands(groups[name])[["low", "high"]].add_prefix(f"{name}_"))
    table["parameters"] = groups[["run_id", "config"]].first().apply(_parameters, axis="columns")
    table = table.reset_index()
    others = [name for name in _differing(list(options.values())) if name != "model.hidden"]
    table["hidden"] = [tuple(options[name].get("model.hidden") or ()) for name in table["problem"]]
    table["others"] = [_described(options[name], others) for name in table["problem"]]
    table["rank"], table["verdict"] = np.nan, ""
    if table[CHOOSER].notna().any():
        standing = standings({"": judge(layout(part, CHOOSER, "problem"))}).set_index("optimizer")
        for name in ("rank", "verdict"):
            table[name] = table["problem"].map(standing[name])
        table["ranking_value"] = ranking_value(table[CHOOSER], CHOOSER)
        table = table.sort_values(["rank", "ranking_value"], kind="stable").drop(columns="ranking_value")
    return table


def _parameters(run: pd.Series) -> float:
    try:
        return recorded_model(configuration(run["config"]), run["run_id"])[1].n_parameters
    except UserError:
        return np.nan


def _numbered(parts: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """Groups on data of the same name get numbers."""
    names = [part["data"].iloc[0] for part in parts]
    return [
        part.assign(data=f"{name} ({names[: place + 1].count(name)})") if names.count(name) > 1 else part
        for place, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
