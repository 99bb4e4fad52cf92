import logging

import pytest


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty folder, far from the checkout, that a test runs in.

    The logging that Hydra sets up ends with the test.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    loggers = [logging.root, logging.getLogger("hydra")]
    before = [(logger, logger.level, logger.handlers[:]) for logger in loggers]
    yield tmp_path
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


@pytest.fixture
def no_report(monkeypatch):
    page = "optlab.report.page.page.write"
    monkeypatch.setattr(page, lambda study, out, style: out / "report" / "index.html")
