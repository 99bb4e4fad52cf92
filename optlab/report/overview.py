"""Results in a notebook: a short table, and all rows in one."""

from html import escape

import pandas as pd

from optlab.analysis.problem.problems import configuration, flat
from optlab.analysis.study import Study, study
from optlab.core.errors import UserError
from optlab.report import words
from optlab.store.read import Results

SHOWN = ["final_train_cost", "final_validation_cost", "final_test_cost", "final_test_accuracy"]


def tidy(results: Results) -> pd.DataFrame:
    """Runs and trajectories in one table: a row per run and recorded point, with the options that differ.

    Returns:
        The columns of the trajectories, ``dataset model optimizer lr seed batch_size status``, and of every
        other option that is not the same in all runs a column of its name, such as ``model.l2``.
    """
    runs = results.runs
    options = pd.DataFrame([_options(text) for text in runs["config"]], index=runs.index)
    texts = options.astype(str)
    varying = options.loc[:, texts.nunique() > 1]
    head = ["run_id", "dataset", "model", "optimizer", "lr", "seed", "batch_size", "status"]
    known = {"dataset.name", "model.name", "optimizer.name", "optimizer.lr", "seed", "training.batch_size"}
    columns = runs[head].join(varying[[name for name in varying if name not in known]])
    return results.trajectories.merge(columns, on="run_id", how="left")


def html(results: Results) -> str:
    """What a notebook shows of results: what they hold, and the table of every optimizer at its best setting.

    Where nothing can be compared, the reason stands there.
    """
    runs = results.runs
    counts = ", ".join(f"{number:,} {status}" for status, number in runs["status"].value_counts().items())
    text = f"<p><b>{words.plural(len(runs), 'run')}</b> ({escape(counts)})</p>"
    try:
        judged = study(results)
        return text + "".join(_table(judged, problem) for problem in judged.problems)
    except UserError as error:
        return f"{text}<p>{escape(str(error))}</p>"


def _table(judged: Study, problem: str) -> str:
    rows = judged.summary[judged.summary["problem"] == problem]
    columns = ["rank", "optimizer", "setting", *dict.fromkeys([judged.metric, *SHOWN])]
    shown = rows[[name for name in columns if rows[name].notna().any()]]
    shown = shown.rename(columns={name: words.label(name) for name in [judged.metric, *SHOWN]})
    numbers = {name: words.number for name in shown if shown[name].dtype.kind == "f" and name != "rank"}
    body = shown.to_html(index=False, border=0, formatters=numbers, float_format="{:.0f}".format, na_rep="–")
    return f"<p>{escape(problem)}</p>{body}"


def _options(text: object) -> dict[str, object]:
    """The options of a run, nested names joined by dots; lists as texts."""
    config = configuration(text)
    options = {key: value for name, part in config.items() for key, value in flat(part, name).items()}
    return {key: str(value) if isinstance(value, list) else value for key, value in options.items()}
