"""The bar of a notebook is drawn while a sweep trains, and gone at its end."""

import sys
from types import SimpleNamespace

import optlab
from optlab.launch import notebook
from optlab.sweeps.listener import Silent


class Screen:
    """What IPython shows of one cell."""

    def __init__(self):
        self.shown = []

    def display(self, content, display_id):
        self.update(content)
        return self

    def update(self, content):
        self.shown.append(content._repr_html_())


def in_notebook(monkeypatch, screen):
    shell = SimpleNamespace(kernel=object())
    python = SimpleNamespace(get_ipython=lambda: shell, display=SimpleNamespace(display=screen.display))
    monkeypatch.setitem(sys.modules, "IPython", python)


def test_a_sweep_in_a_notebook_has_a_bar_that_ends_empty(monkeypatch, tmp_path):
    screen = Screen()
    in_notebook(monkeypatch, screen)
    monkeypatch.setattr(notebook, "REDRAWN", -1.0)
    optlab.sweep(["optimizer=sgd,adam", "seed=0,1", "training.epochs=2"], tmp_path)
    bars = [html for html in screen.shown if "<progress" in html]
    assert "<progress max='4' value='0.00'></progress> 0/4 runs" in bars[0]
    assert "<progress" not in screen.shown[-1]


def test_messages_stay_and_are_escaped(monkeypatch):
    bar = notebook.Bar(Screen().display)
    bar.on_begin(4, 4, 0)
    bar.on_message("<b>left out</b>")
    assert bar._repr_html_() == "&lt;b&gt;left out&lt;/b&gt;"


def test_elsewhere_nobody_listens(monkeypatch):
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    assert isinstance(notebook.listener(), Silent)
