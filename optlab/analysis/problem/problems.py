"""What a problem is: runs are compared inside one problem, never across.

A *problem* is everything of a run's configuration but the method and the seed: data set, model (with its
penalty, which is part of the cost), schedule, training budget and precision. A *setting* is a choice of
an optimizer's options and of its batches, their size and how they are drawn: a method on the full batch and
one on mini-batches share a problem. A *repetition* is what was drawn at random: the seed, and the split of
the data where every optimizer has seen the same splits; other splits are problems of their own.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from itertools import repeat
from pathlib import PurePath
from typing import Any

import pandas as pd

from optlab.objective.penalty import penalty_of

SECTIONS = ("dataset", "model", "schedule", "training", "dtype")
NOT_THE_PROBLEM = {
    "training.batch_size",
    "training.sampling",
    "training.record_every",
    "training.record_parameters",
    "training.record_activations",
}  # batches belong to the setting; what is recorded changes no result
SPLIT = "dataset.split_seed"
BASE = {"model.hidden", "model.name"}  # what stands in every label

Key = tuple[tuple[str, str], ...]  # names and values of options, sorted


def with_problems(runs: pd.DataFrame) -> pd.DataFrame:
    """`runs` with the columns `problem`, `setting`, `batch`, `data` (readable texts) and `repetition`.

    Runs that appear twice (joined folders) count once.
    """
    runs = runs.drop_duplicates("run_id").reset_index(drop=True)
    configs = [configuration(text) for text in runs["config"]]
    circumstances = circumstances_of(configs, runs)
    split = pd.Series([str(options.get(SPLIT, "")) for options in circumstances], dtype=object)
    repeated = _shared_by_all(circumstances, runs["optimizer"], split)
    problem = _problem_labels(_keys(circumstances, repeated))
    group = problem + "\0" + runs["optimizer"].astype(str)
    batches = [_batches(c, size) for c, size in zip(configs, runs["batch_size"], strict=True)]
    options = [_options(c, lr) for c, lr in zip(configs, runs["lr"], strict=True)]
    return runs.assign(
        problem=problem,
        data=[_data(options) for options in circumstances],
        setting=_setting_labels([o | b for o, b in zip(options, batches, strict=True)], group),
        batch=[_batch(own) for own in batches],
        repetition=split.where(repeated, "") + "/" + runs["seed"].astype(str),
    )


@lru_cache(maxsize=2**14)
def configuration(text: Any) -> dict[str, Any]:
    """The configuration in a `config` cell, not to be changed; empty if the cell is no JSON object."""
    try:
        value = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def penalty_text(config: dict[str, Any]) -> str:
    """The penalty of a recorded configuration in words."""
    section = config.get("model")
    return penalty_of(section if isinstance(section, dict) else {}).describe()


def flat(section: Any, prefix: str) -> dict[str, Any]:
    """Nested options as one level: ``{"model.hidden": [16, 16], ...}``."""
    if not isinstance(section, dict):
        return {prefix: section}
    return {
        key: value for name, part in section.items() for key, value in flat(part, f"{prefix}.{name}").items()
    }


def circumstances_of(configs: list[dict[str, Any]], runs: pd.DataFrame) -> list[dict[str, Any]]:
    """All options of every run that are not its optimizer's; equal ones are one object.

    The columns of `runs` serve where the configuration is missing. `data_version` tells data apart that have
    the same name (see `folders.with_folders`).
    """
    by_text: dict[str, dict[str, Any]] = {}
    rows = []
    columns = (runs[name] for name in ("dataset", "model", "data_version"))
    for config, data, model, version in zip(configs, *columns, strict=True):
        sections = {name: config[name] for name in SECTIONS if name in config}
        text = json.dumps([data, version, model, sections], sort_keys=True, default=str)
        if text not in by_text:
            options = {"dataset.name": data, "model.name": model}
            if version:
                options["dataset.sha256"] = version
            by_text[text] = options | {
                k: v for name, part in sections.items() for k, v in flat(part, name).items()
            }
        rows.append(by_text[text])
    return rows


def _keys(circumstances: list[dict[str, Any]], without_split: Iterable[bool]) -> list[Key]:
    """What identifies the problem of every run, the split left out where it is a repetition."""
    distinct: dict[tuple[int, bool], Key] = {}
    keys = []
    for options, repeated in zip(circumstances, without_split, strict=False):
        if (id(options), repeated) not in distinct:
            excluded = NOT_THE_PROBLEM | ({SPLIT} if repeated else set())
            texts = {
                name: _text(value)
                for name, value in options.items()
                if name not in excluded and value is not None
            }
            distinct[id(options), repeated] = tuple(sorted(texts.items()))
        keys.append(distinct[id(options), repeated])
    return keys


def _shared_by_all(circumstances: list[dict[str, Any]], optimizers: pd.Series, split: pd.Series) -> pd.Series:
    """(R,) whether all optimizers of otherwise equal problems have seen the same splits."""
    keys = _keys(circumstances, repeat(True))
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    group = pd.Series([numbers[key] for key in keys], dtype=int)
    seen = pd.DataFrame({"group": group, "optimizer": optimizers, "split": split})
    seen = seen.drop_duplicates().sort_values("split")
    sets = seen.groupby(["group", "optimizer"])["split"].agg(",".join)
    return group.map(sets.groupby("group").nunique() == 1).astype(bool)


def _problem_labels(keys: list[Key]) -> pd.Series:
    """``data · model``, and the options that tell problems apart which would otherwise be called the same."""
    options = {key: dict(key) for key in dict.fromkeys(keys)}
    base = {key: f"{_data(own)} · {_model(own)}" for key, own in options.items()}
    labels = {}
    for key, own in options.items():
        alike = [options[other] for other in options if base[other] == base[key]]
        differing = [
            name for name in sorted({n for o in alike for n in o}) if len({o.get(name) for o in alike}) > 1
        ]
        extras = [
            f"{name.removesuffix('.name').split('.')[-1]}={own.get(name, 'null')}"
            for name in differing
            if name not in BASE
        ]
        labels[key] = " · ".join([base[key], *extras])
    return pd.Series([labels[key] for key in keys], dtype=object)


def _data(options: dict[str, Any]) -> str:
    """The name of the data set; of a user's own file, the name of the file."""
    path = options.get("dataset.path")
    return PurePath(path).name if isinstance(path, str) and path else str(options["dataset.name"])


def _model(options: dict[str, Any]) -> str:
    hidden = str(options.get("model.hidden", "")).strip("[]").replace(", ", "-")
    return f"{options['model.name']} {hidden}".strip()


def _options(config: dict[str, Any], lr: Any) -> dict[str, str]:
    """An optimizer's options as texts; at least its learning rate."""
    section = config.get("optimizer")
    flattened = flat(section, "") if isinstance(section, dict) else {}
    options = {name.removeprefix("."): _text(value) for name, value in flattened.items() if name != ".name"}
    return options or ({} if pd.isna(lr) else {"lr": _text(lr)})


def _batches(config: dict[str, Any], size: Any) -> dict[str, str]:
    """Size of the batches and, unless it is the usual one, sampling; `size` serves where there is none."""
    section = config.get("training")
    training = section if isinstance(section, dict) else {}
    size = training.get("batch_size", None if pd.isna(size) else int(size))
    sampling = training.get("sampling", "reshuffled")
    is_usual = size is None or sampling == "reshuffled"
    return {"batch_size": _text(size)} | ({} if is_usual else {"sampling": str(sampling)})


def _batch(options: dict[str, str]) -> str:
    """``full``, ``64`` or, where samples are drawn anew for every batch, ``64 independent``."""
    return "full" if options["batch_size"] == "null" else " ".join(options.values())


def _setting_labels(options: list[dict[str, str]], group: pd.Series) -> pd.Series:
    """``lr=0.1``, with the other options that vary inside a group (a problem and an optimizer)."""
    varying: dict[str, dict[str, set[str | None]]] = {}
    for label, own in zip(group, options, strict=True):
        for name in own:
            varying.setdefault(label, {}).setdefault(name, set())
    for label, own in zip(group, options, strict=True):
        for name, values in varying.get(label, {}).items():
            values.add(own.get(name))
    labels = []
    for label, own in zip(group, options, strict=True):
        names = [n for n, values in varying.get(label, {}).items() if n == "lr" or len(values) > 1]
        names.sort(key=lambda name: name != "lr")
        labels.append(", ".join(f"{n}={own[n]}" for n in names if n in own) or "as configured")
    return pd.Series(labels, dtype=object)


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, default=str)
