"""A page in headless Chromium, and what a script in it has found out."""

import html
import json
import re
import shutil
import subprocess
from urllib.parse import unquote

import pytest

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--virtual-time-budget=20000",
    "--dump-dom",
]  # fmt: skip

# The page stands in a frame, which can be narrower than a window. Errors are noted from the first line on.
NOTING = """<script>window.errors = [];
window.addEventListener("error", (event) => window.errors.push(event.message));
document.addEventListener("securitypolicyviolation", (event) => window.errors.push(event.violatedDirective));
</script>"""


def visit(page, folder, width, script, unfolded=True):
    """What `script`, the body of a function of the page's `window`, returns; skips without a browser.

    Args:
        page: path of the page.
        folder: for the browser's own files.
        width: of the frame, in pixels.
        script: JavaScript; what it returns becomes JSON.
        unfolded: whether the sections of the page are.
    """
    if BROWSER is None:
        pytest.skip("needs Chromium")
    text = page.read_text("utf-8").replace("<style>", NOTING + "<style>", 1)
    outer = folder / "outer.html"
    outer.write_text(
        f'<!doctype html><meta charset="utf-8"><body><iframe id="frame" style="width:{width}px;height:900px;'
        f'border:0" srcdoc="{html.escape(text)}"></iframe><script id="asked" type="text/plain">{script}'
        """</script><script>
        const frame = document.getElementById("frame");
        frame.addEventListener("load", () => {
          const asked = document.getElementById("asked").textContent;
          const { errors } = frame.contentWindow;
          let found;
          for (const part of frame.contentDocument.querySelectorAll("details.part")) part.open = UNFOLDED;
          try {
            found = new Function("window", asked)(frame.contentWindow);
          } catch (error) {
            errors.push(`${error}`);
          }
          const told = JSON.stringify({ found, errors });
          frame.remove();
          document.body.textContent = "told:" + encodeURIComponent(told) + ":told";
        });
        </script></body>""".replace("UNFOLDED", str(unfolded).lower()),
        "utf-8",
    )
    done = subprocess.run(
        [BROWSER, *QUIET, f"--user-data-dir={folder / 'browser'}", "--window-size=1600,1000", outer.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
    )
    told = re.search(r"told:(\S+?):told", done.stdout)
    assert told, done.stderr[-2000:]
    answer = json.loads(unquote(told[1]))
    assert answer["errors"] == []
    assert "CONSOLE" not in done.stderr
    return answer["found"]
