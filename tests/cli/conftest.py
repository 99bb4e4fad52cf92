import pytest


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty folder, far from the checkout, that a test runs in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    return tmp_path


@pytest.fixture
def no_report(monkeypatch):
    page = "optlab.report.page.page.write"
    monkeypatch.setattr(page, lambda study, out, style: out / "report" / "index.html")
