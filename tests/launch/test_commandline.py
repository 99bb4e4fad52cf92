"""Command lines as Hydra can read them."""

from hydra.core.override_parser.overrides_parser import OverridesParser

from optlab.core.shipped import folder
from optlab.launch.commandline import hydra_arguments


def test_null_is_a_value_of_an_option_in_a_sweep():
    words = hydra_arguments(["-m", "optimizer=sgd,adam", "training.epochs=null"], str(folder("conf")))
    [word] = [word for word in words if word.startswith("training.epochs")]
    [value] = OverridesParser.create().parse_override(word).sweep_string_iterator()
    assert OverridesParser.create().parse_override(f"training.epochs={value}").value() is None
