"""Which models have figures, and which figures."""

from dataclasses import replace

import pytest

from optlab.analysis.study import study
from optlab.report.figures import figures


def learned(of):
    judged = study(of)
    section = [record for record in figures().values() if record.section == "learned"]
    return [drawing.name for record in section for drawing in record.drawings(judged)]


def test_data_with_two_features_have_an_animation_and_paths(circles):
    assert learned(circles) == ["learning", "path"]


def test_images_have_weights_confusion_mistakes_and_noise(digits):
    assert learned(digits) == ["weights", "confusion", "mistakes", "noise"]


def test_models_that_cannot_be_rebuilt_have_none(circles):
    assert learned(replace(circles, folders=())) == []


@pytest.mark.parametrize("name", ["weights", "mistakes", "confusion", "noise"])
def test_they_are_drawn_from_final_parameters(digits, draw, name):
    assert draw(name, digits).axes


def test_final_parameters_alone_make_no_path(digits, draw):
    assert "more than one recorded point" in draw("path", digits).texts[0].get_text()


@pytest.mark.parametrize("name", ["regions", "learning"])
def test_data_without_two_features_say_so(digits, draw, name):
    assert "not two" in draw(name, digits).texts[0].get_text()


@pytest.mark.parametrize("name", ["weights", "mistakes"])
def test_data_that_are_no_images_say_so(circles, draw, name):
    assert "not images" in draw(name, circles).texts[0].get_text()


@pytest.mark.parametrize("name", ["learning", "path"])
def test_every_optimizer_is_named(circles, draw, name):
    axes = draw(name, circles).axes
    texts = {text.get_text() for ax in axes for text in ax.texts} | {ax.get_title(loc="left") for ax in axes}
    assert {"sgd", "adam"} <= texts
