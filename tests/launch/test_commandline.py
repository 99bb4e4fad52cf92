"""Command lines as Hydra can read them."""

from hydra.core.override_parser.overrides_parser import OverridesParser

from optlab.core.shipped import folder
from optlab.launch.commandline import hydra_arguments


def test_null_is_a_value_of_an_option_in_a_sweep():
    words = hydra_arguments(["-m", "optimizer=sgd,adam", "training.epochs=null"], str(folder("conf")))
    [word] = [word for word in words if word.startswith("training.epochs")]
    [value] = OverridesParser.create().parse_override(word).sweep_string_iterator()
    assert OverridesParser.create().parse_override(f"training.epochs={value}").value() is None


def test_a_path_in_the_home_folder_needs_no_quotes():
    words = ["hydra.run.dir=~/my results", "dataset.path=~me", "~model.l2", "seed=0"]
    first = ["hydra.run.dir='~/my results'", "dataset.path='~me'"]
    assert hydra_arguments(words, str(folder("conf"))) == [*first, *words[2:]]
