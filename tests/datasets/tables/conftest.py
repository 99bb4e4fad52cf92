import pytest


@pytest.fixture
def write(tmp_path):
    """A function: text or bytes -> path of a file that holds it."""

    def write(content: str | bytes, name: str = "t.csv") -> str:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return str(tmp_path / name)

    return write
