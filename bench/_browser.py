"""Opens a page in a real Chromium and lets it measure itself."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SECONDS = 180
# Appended to a copy of the page, whose policy is lifted for it: the measured script and style stay the shipped ones.
_PROBE = """
<pre id="measured"></pre>
<script>
addEventListener("load", () => {
  const opened = performance.now(), hosts = document.querySelectorAll("details.host");
  const visible = () => Array.from(hosts).filter((host) => !host.hidden).length;
  const timed = (act) => {
    const began = performance.now(); act(); document.body.offsetHeight; return performance.now() - began;
  };
  const search = document.getElementById("search"), state = document.getElementById("state");
  const type = (text) => { search.value = text; search.dispatchEvent(new Event("input")); };
  const choose = (text) => { state.value = text; state.dispatchEvent(new Event("change")); };
  const searching = timed(() => type("sql00042")), found = visible();
  const clearing = timed(() => type(""));
  const filtering = timed(() => choose("failed")), failed = visible();
  timed(() => choose(""));
  document.getElementById("measured").textContent = JSON.stringify(
    { opened, searching, found, clearing, filtering, failed, hosts: hosts.length });
});
</script>
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """Times in milliseconds, and how many hosts the page showed."""

    opened: float
    searching: float
    clearing: float
    filtering: float
    hosts: int
    found: int
    failed: int


def browser() -> str | None:
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def look(chromium: str, page: Path, folder: Path) -> Seen:
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"), count=1)
    probed = folder / "probed.html"
    probed.write_text(text.replace("</body>", _PROBE + "</body>"), encoding="utf-8")
    command = [chromium, *_FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", probed.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=True).stdout
    found = re.findall(r'<pre id="measured">(\{.*?\})</pre>', shown)
    if not found:
        raise RuntimeError("the page did not measure itself")
    return Seen(**json.loads(found[0]))
