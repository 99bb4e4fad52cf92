from typing import get_args

import pytest

from optlab.analysis.problem.outcomes import METRICS
from optlab.core.errors import UserError
from optlab.core.options import Choice, annotations
from optlab.report.drawing.style import DEFAULT, STYLES
from optlab.runs.schema import report, report_options


def test_missing_options_are_filled_in_and_integers_become_floats(config):
    made = config(optimizer__lr=1)
    expected = {"name": "adam", "lr": 1.0, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8}
    assert expected.items() <= made["optimizer"].items()
    assert isinstance(made["optimizer"]["lr"], float)
    assert made["seed"] == 0 and made["dtype"] == "float64"
    assert made["model"]["l2"] == 0.01


@pytest.mark.parametrize(
    "changes, told",
    [
        ({"optimizer__lr": -1}, "optimizer.lr=-1"),
        ({"optimizer__lr": "fast"}, "optimizer.lr=fast"),
        (
            {"optimizer__lr": "auto"},
            "lr=auto: adam has no rate from theory; .* choose from .*gradient_descent",
        ),
        ({"optimizer__beta1": 1}, r"optimizer.beta1=1: .*\[0, 1\)"),
        ({"optimizer__lrr": 1}, "optimizer.lrr=1: adam has no option 'lrr'; did you mean 'lr'"),
        ({"optimizer__name": "adm"}, "did you mean 'adam'"),
        ({"optimizer": None}, "optimizer=None: must be a section"),
        ({"model__l2": -1}, "model.l2=-1"),
        ({"model__hiden": [3]}, "model.hiden"),
        ({"training__batch_size": 0}, "training.batch_size=0"),
        ({"training__epochs": None}, "no budget"),
        ({"dtype": "float16"}, "^dtype=float16"),
        ({"seed": -1}, "^seed=-1"),
        ({"sede": 1}, "did you mean 'seed'"),
        ({"objective_metric": "speed"}, "^objective_metric=speed"),
        ({"optimizer__decay_biases": 2}, r"^optimizer\.decay_biases=2: must be true or false"),
        (
            {"optimizer__layer_rates": [1, 0]},
            r"^optimizer\.layer_rates=\[1, 0\]: must be a list, each a number",
        ),
        (
            {"optimizer": {"name": "newton", "decay_biases": False}},
            r"^optimizer\.decay_biases=False: newton has no option 'decay_biases'",
        ),
        ({"schedule": {"name": "one_cycle", "also": 3}}, r"^schedule\.also=3: must be {name: value}"),
        (
            {"schedule": {"name": "constant", "also": {"beta1": {"name": "cosin"}}}},
            r"^schedule=cosin: .*did you mean 'cosine'",
        ),
        (
            {"schedule": {"name": "constant", "also": {"beta1": {"name": "cosine", "final": 2}}}},
            r"^schedule\.also\.beta1\.final=2: must be a number in",
        ),
        (
            {"schedule": {"name": "constant", "also": {"momentum": {"name": "cosine"}}}},
            r"^schedule\.also\.momentum=cosine: adam has no number 'momentum' beside lr; .*choose from beta1",
        ),
        ({"report": 5}, "^report=5: must be a section"),
        ({"report": {"metric": "speed"}}, "^report.metric=speed: must be one of .*final_gap or null"),
        ({"report": {"style": "poster"}}, "^report.style=poster: must be one of notebook, paper, talk"),
        ({"report": {"sytle": "paper"}}, "^report.sytle=paper: .*did you mean 'style'"),
        ({"report": {"tuning_seeds": "all"}}, "^report.tuning_seeds=all: must be a list"),
        ({"report": {"tuning_seeds": [0, 1], "evaluation_seeds": [1]}}, "a seed cannot serve both"),
        ({"report": {"optimum": {"a9a": "low"}}}, "^report.optimum=.*each a number"),
    ],
)
def test_a_mistake_is_named_with_key_and_value(config, changes, told):
    with pytest.raises(UserError, match=told):
        config(**changes)


def test_the_report_is_no_part_of_a_run(config):
    assert config(report={"style": "paper"}) == config()


def test_the_report_has_the_metrics_and_styles_that_there_are():
    hints = annotations(report)
    assert get_args(get_args(hints["metric"])[0])[1] == Choice(METRICS)
    assert get_args(hints["style"]) == tuple(STYLES)
    assert report_options({})["style"] == DEFAULT


def test_a_minimum_is_a_number_or_one_for_each_problem():
    assert report_options({"optimum": 1})["optimum"] == 1.0
    assert report_options({"optimum": {"a9a": 1, "w8a": 0.5}})["optimum"] == {"a9a": 1.0, "w8a": 0.5}


def test_schedules_of_other_numbers_keep_what_is_not_default(config):
    also = {"beta1": {"name": "one_cycle", "start": 1, "rise": 0.3}}
    made = config(schedule={"name": "linear", "also": also})
    assert made["schedule"]["also"] == {"beta1": {"name": "one_cycle", "start": 1.0}}
    assert config(schedule={"name": "linear", "also": None}) == config(schedule={"name": "linear"})
