"""Coefficients, odds ratios and Wald's intervals against statsmodels 0.15 (`Logit` and `MNLogit`).

Data: Spector and Mazzeo, Probit Analysis and Economic Education, Journal of Economic Education 11, 1980, in
Greene, Econometric Analysis; Smith et al., Using the ADAP Learning Algorithm, 1988 (Pima).
"""

import re
from pathlib import Path

import numpy as np
import pytest

import optlab
from optlab.cli.data import about_of, whereabouts
from optlab.core.errors import UserError

SPECTOR = Path(__file__).parents[2] / "references" / "spector.csv"
WHOLE = ["dataset.validation_fraction=0", "dataset.test_fraction=0"]
NEWTON = ["optimizer=newton", "training.max_steps=20", "training.epochs=null"]
PRECISE = {"rtol": 1e-8, "atol": 0}

LOGIT = {
    "spector": {
        "coefficient": [2.826112594889321, 0.0951576613179093, 2.378687655093354, -13.02134685811569],
        "standard_error": [1.26294107562909, 0.14155420567369448, 1.0645642544971323, 4.931324213602752],
        "p": [0.025239108802563987, 0.5014342380819217, 0.025455204361278325, 0.008277461435488175],
        "low": [0.35079357206002815, -0.18228348366270725, 0.2921800570502424, -22.686564712867387],
        "high": [5.301431617718614, 0.3725988062985259, 4.465195253136466, -3.356129003363991],
    },
    "pima": {
        "coefficient": [0.12318229835243943, 0.03516371460685666, -0.013295546904306161,
                        0.0006189643648757407, -0.0011916989841622325, 0.08970097003094664,
                        0.9451797406211296, 0.014869004744469467,
                        -8.404696366914143],
        "standard_error": [0.03207755509149099, 0.0037087080212794433, 0.00523361084152307,
                           0.0068993764340462525, 0.0009012256317523072, 0.015087628013896511,
                           0.2991475015807969, 0.009334794393877686, 0.7166360722578975],
        "p": [0.000122964230601691, 2.509132191012765e-21, 0.01107207964616728, 0.9285152151977185,
              0.18606519569510538, 2.75895702431444e-09, 0.0015799802724033246, 0.11119198250043943,
              9.161474874092126e-32],
        "low": [0.06031144566101766, 0.027894780455974145, -0.023553235662789742, -0.012903564961639302,
                -0.002958068764341112, 0.06012976251157189, 0.35886141145762884, -0.003426856070617202,
                -9.809277258561867],
        "high": [0.18605315104386122, 0.04243264875773918, -0.0030378581458225806, 0.014141493691390783,
                 0.0005746707960166469, 0.11927217755032138, 1.5314980697846305, 0.03316486555955614,
                 -7.00011547526642],
    },
}  # fmt: skip

THREE = """\
16.1,-2.6,1;11.3,-0.6,0;8.6,-0.2,0;3.9,-0.2,0;7.4,3.3,2;10.7,-0.4,1;9.2,-0.7,0;6.8,-0.4,0;11.4,-0.2,1;\
12.9,-0.2,1;10.1,1.5,2;11.6,-0.5,0;9.5,0.5,0;15.8,-0.3,1;9.3,1,2;7.3,-0.3,0;12.6,0.6,2;10.3,0.7,1;1.5,1,0;\
7.1,-1.7,0;10.8,0.7,2;8.7,-1.1,0;10.1,-0.1,0;14.2,0.7,1;10.6,1.1,2;9.4,-0.9,2;11.8,0.6,1;9.4,-0.8,2;\
10.7,-2.5,0;12.1,0.5,0;5.1,0.1,0;7.1,0.8,2;3.9,-0.9,2;12.1,1.2,2;3.5,-0.5,1;11,-0.6,1;14.8,-1.2,1;11.1,-1,1;\
14.2,-0,1;8.9,-1.7,2"""
MNLOGIT = [[0.5614981049455677, 0.11553175529743101, -5.912368658952136],
           [0.1252233527052708, 0.9502944587219451, -1.328347788978134]]  # fmt: skip
MNLOGIT_ERRORS = [[0.20918153862039474, 0.47610632961340144, 2.2806753008371063],
                  [0.1393030817799611, 0.48090297866681464, 1.3060578966376482]]  # fmt: skip


@pytest.fixture(scope="module")
def spector(tmp_path_factory):
    """Runs that end at the minimum, above it, and at that with a penalty."""
    data = ["dataset=csv", f"dataset.path={SPECTOR}", "dataset.target=GRADE", *WHOLE]
    runs = [*data, *NEWTON, "optimizer=newton,sgd", "model.l2=0,0.1"]
    return optlab.sweep(runs, tmp_path_factory.mktemp("spector") / "out")


def run_of(results, optimizer, l2="0.0"):
    own = results.runs["config"].str.contains(f'"l2": {l2}') & (results.runs["optimizer"] == optimizer)
    return results.runs.loc[own, "run_id"].item()


def test_they_are_those_of_statsmodels_on_spector(spector):
    table = spector.coefficients(run_of(spector, "newton"))
    assert table["feature"].tolist() == ["GPA", "TUCE", "PSI", "intercept"] and table.attrs["reason"] == ""
    for column, expected in LOGIT["spector"].items():
        np.testing.assert_allclose(table[column], expected, **PRECISE)
    np.testing.assert_allclose(table["odds_ratio"], np.exp(LOGIT["spector"]["coefficient"]), **PRECISE)
    np.testing.assert_allclose(table["odds_high"], np.exp(LOGIT["spector"]["high"]), **PRECISE)


@pytest.mark.skipif(whereabouts(about_of("pima")) == "not here", reason="needs pima: optlab-data fetch pima")
@pytest.mark.parametrize("standardize", ["true", "false"])
def test_they_are_those_of_statsmodels_on_pima_whatever_the_scale_of_training(standardize, tmp_path):
    overrides = ["dataset=pima", f"dataset.standardize={standardize}", *WHOLE, *NEWTON]
    results = optlab.sweep(overrides, tmp_path / "out")
    table = results.coefficients()
    for column, expected in LOGIT["pima"].items():
        np.testing.assert_allclose(table[column], expected, **PRECISE)


def test_those_of_softmax_are_contrasts_with_the_first_class(tmp_path):
    path = tmp_path / "three.csv"
    path.write_text("a,b,y\n" + THREE.replace(";", "\n") + "\n")
    data = ["dataset=csv", f"dataset.path={path}", "dataset.target=y", *WHOLE]
    table = optlab.sweep([*data, "model=softmax", *NEWTON], tmp_path / "out").coefficients()
    assert table["class"].tolist() == ["1"] * 3 + ["2"] * 3
    np.testing.assert_allclose(table["coefficient"], np.ravel(MNLOGIT), **PRECISE)
    np.testing.assert_allclose(table["standard_error"], np.ravel(MNLOGIT_ERRORS), **PRECISE)


def test_a_wider_level_gives_wider_intervals(spector):
    run = run_of(spector, "newton")
    usual, wide = (spector.coefficients(run, level) for level in (0.95, 0.99))
    np.testing.assert_allclose(
        (wide["high"] - wide["low"]) / (usual["high"] - usual["low"]), 2.5758293035489004 / 1.959963984540054
    )
    with pytest.raises(UserError, match="level=95: must lie between 0 and 1"):
        spector.coefficients(run, 95)


@pytest.mark.parametrize(
    ("optimizer", "l2", "reason"),
    [("sgd", "0.0", "the run ends .* above the minimum"), ("newton", "0.1", "a penalty draws")],
)
def test_where_intervals_would_not_hold_the_reason_stands_in_their_place(spector, optimizer, l2, reason):
    table = spector.coefficients(run_of(spector, optimizer, l2))
    assert table["coefficient"].notna().all() and table["low"].isna().all()
    assert re.match(reason, table.attrs["reason"])


def test_a_network_has_none(circles):
    with pytest.raises(UserError, match="model=mlp has no coefficient for each feature"):
        circles.coefficients(circles.runs["run_id"].iloc[0])


def test_a_feature_that_others_imply_has_no_interval_and_the_others_have_theirs(spector, tmp_path):
    """R leaves such a coefficient out: the others are those of the fit without it."""
    head, *lines = SPECTOR.read_text().split()
    path = tmp_path / "doubled.csv"
    doubled = [
        f"{line.split(',')[0]},{2 * float(line.split(',')[0]) + 1},{line.split(',', 1)[1]}" for line in lines
    ]
    path.write_text("\n".join([head.replace("GPA", "GPA,DOUBLE"), *doubled]) + "\n")
    data = ["dataset=csv", f"dataset.path={path}", "dataset.target=GRADE", *WHOLE]
    table = optlab.sweep([*data, *NEWTON], tmp_path / "out").coefficients()
    table = table.set_index("feature")
    assert table.loc[["GPA", "DOUBLE", "intercept"], "low"].isna().all()
    assert "the data leave 'GPA' open" in table.attrs["reason"]
    whole = spector.coefficients(run_of(spector, "newton")).set_index("feature")
    for column in ("coefficient", "standard_error", "p"):
        np.testing.assert_allclose(
            table.loc[["TUCE", "PSI"], column], whole.loc[["TUCE", "PSI"], column], rtol=1e-8
        )
