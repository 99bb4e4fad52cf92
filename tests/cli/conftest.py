import pytest


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """An empty folder, far from the checkout, that a test runs in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HYDRA_FULL_ERROR", raising=False)
    return tmp_path


@pytest.fixture
def no_report(monkeypatch):
    monkeypatch.setattr(
        "optlab.report.page.build", lambda results, out, **options: out / "report" / "index.html"
    )
