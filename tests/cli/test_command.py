"""How commands end, whatever they do."""

import os
import subprocess
import sys

import pytest

from optlab.cli.command import Parser, command
from optlab.core.errors import UserError


def ending(error):
    @command
    def main(arguments):
        raise error

    return main([])


@pytest.mark.parametrize(
    "error, code, told",
    [
        (UserError("KEY=1: is wrong"), 2, "optlab: error: KEY=1: is wrong\n"),
        (KeyboardInterrupt(), 130, "optlab: interrupted\n"),
    ],
)
def test_mistakes_and_interruptions_are_one_line_and_a_code(capsys, error, code, told):
    assert ending(error) == code and capsys.readouterr().err == told


def test_a_fault_of_the_program_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        ending(ZeroDivisionError())


def test_the_parser_complains_as_the_program_does():
    with pytest.raises(UserError, match="unrecognized arguments: --nope; see optlab-x --help"):
        Parser(prog="optlab-x").parse_args(["--nope"])


@pytest.mark.parametrize("command", ["optlab.cli.app --help", "optlab.cli.data list"])
def test_a_reader_that_goes_away_is_no_failure(command):
    module, argument = command.split()
    code = f"import sys; from {module} import main; sys.argv[1:] = [{argument!r}]; sys.exit(main())"
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def settled(code, **environment):
    """What a program prints whose first act is to settle."""
    line = f"from optlab.cli.command import settle; settle(); {code}"
    done = subprocess.run(
        [sys.executable, "-c", line], env=os.environ | environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@pytest.mark.parametrize("backend", ["module://matplotlib_inline.backend_inline", "tkagg", "nothing"])
def test_figures_need_no_screen_whatever_backend_the_shell_names(backend):
    code = "import matplotlib; print(matplotlib.get_backend().lower())"
    assert settled(code, MPLBACKEND=backend) == "agg"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_character_that_the_terminal_lacks_is_no_failure(encoding):
    assert settled(r"print('\u2264 \udcff')", PYTHONIOENCODING=encoding) == r"\u2264 \udcff"
