"""Lesson 1 in a real JupyterLab in a real browser: it runs to its end, and predictions work by mouse and by keyboard.

Needs Debian's chromium, or any Chrome that CHROME names; without one the tests are skipped and say so.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from lessons_lib.commands.lab import arguments

ROOT = Path(__file__).resolve().parents[1]
BROWSER = os.environ.get("CHROME") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync",
         "--disable-component-update", "--disable-quic"]  # fmt: skip
MINUTE = 60_000  # Playwright counts in milliseconds
PANEL = "[...window.jupyterapp?.shell?.widgets('main') ?? []].find(widget => widget.content?.widgets)"  # the notebook

pytestmark = pytest.mark.skipif(not BROWSER, reason="no browser: install chromium, or name one in CHROME")


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Serve a copy of the notebooks with the options of `lessons lab`; yield the address and the learner's folder."""
    home = tmp_path_factory.mktemp("learner")
    notebooks = home / "notebooks"
    shutil.copytree(ROOT / "notebooks", notebooks)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LESSONS_")}
    environment |= {
        "LESSONS_HOME": str(home / "record"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "spaces"),
    }
    options = [
        *arguments(home, browser=False, port=port),
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with open(home / "lab.log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait_for(f"http://127.0.0.1:{port}/api", home / "lab.log")
        yield f"http://127.0.0.1:{port}", home
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(address: str, log: Path, seconds: int = 60) -> None:
    """Wait until the address answers; fail with the server's log if it does not."""
    for _ in range(seconds * 4):
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.25)
    pytest.fail(f"JupyterLab did not answer at {address}:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="module")
def page(lab):
    """Open lesson 1 in JupyterLab; collect what the browser's console reports."""
    from playwright.sync_api import sync_playwright

    address, _ = lab
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.reported = []
        page.on("console", lambda message: page.reported.append((message.type, message.text)))
        page.on("pageerror", lambda error: page.reported.append(("error", str(error))))
        page.goto(f"{address}/lab/tree/notebooks/01_vectors.ipynb")
        page.get_by_role("heading", name="Turn words into vectors").first.wait_for(timeout=MINUTE)
        page.wait_for_function(f"{PANEL}?.sessionContext.session?.kernel?.status === 'idle'", timeout=2 * MINUTE)
        yield page
        browser.close()


def record(home: Path, topic: str = "predictions") -> dict:
    path = home / "record" / f"{topic}.json"
    return json.loads(path.read_text()) if path.exists() else {}


def choose_menu(page, menu: str, entry: str) -> None:
    page.get_by_role("menuitem", name=menu, exact=True).first.click()
    page.get_by_role("menuitem", name=entry, exact=True).first.click()


@pytest.fixture(scope="module")
def finished(page):
    """Run all cells of the lesson and wait until the last one is done."""
    choose_menu(page, "Run", "Run All Cells")
    page.wait_for_function(
        f"""() => {{
            const code = {PANEL}.content.widgets.filter(cell => cell.model.type === 'code');
            const last = code[code.length - 1].model;
            return last.executionCount === code.length && last.executionState === 'idle'
        }}""",
        timeout=6 * MINUTE,
    )
    return page


def outputs(page) -> list[dict]:
    """Return the outputs of all cells as JupyterLab holds them, also of cells that are scrolled out of sight."""
    return page.evaluate(
        f"""() => {PANEL}.content.widgets.filter(cell => cell.model.type === 'code').map(cell => cell.model.outputs)
            .flatMap(list => Array.from({{length: list.length}}, (_, i) => list.get(i).toJSON()))"""
    )


def test_the_lesson_runs_to_its_end_and_every_claim_holds(finished):
    found = outputs(finished)
    assert [o for o in found if o["output_type"] == "error"] == []
    claims = [o["data"]["application/vnd.lessons.claim+json"] for o in found
              if "application/vnd.lessons.claim+json" in o.get("data", {})]  # fmt: skip
    assert len(claims) >= 5
    assert all(claim["holds"] for claim in claims)


def test_prediction_by_mouse(finished, lab):
    button = finished.get_by_role("button", name="3,600 megabytes")
    button.scroll_into_view_if_needed()
    button.click()
    finished.get_by_role("button", name="✓ 3,600 megabytes").wait_for(timeout=MINUTE / 2)
    assert record(lab[1])["01-one-hot"]["answer"] == 2


def test_prediction_by_keyboard(finished, lab):
    button = finished.get_by_role("button", name="36 megabytes", exact=True)
    button.focus()
    finished.keyboard.press("Shift+Tab")
    finished.keyboard.press("Enter")
    finished.get_by_role("button", name="✓ 3.6 megabytes").wait_for(timeout=MINUTE / 2)
    assert record(lab[1])["01-one-hot"]["answer"] == 0


def test_figures_carry_alt_text(finished):
    pictures = [o for o in outputs(finished) if "image/png" in o.get("data", {})]
    assert len(pictures) >= 5
    finished.locator(".jp-OutputArea-output img").first.scroll_into_view_if_needed()
    shown = finished.locator(".jp-OutputArea-output img")
    assert all(len(shown.nth(i).get_attribute("alt") or "") >= 30 for i in range(shown.count()))


def test_the_explorer_finds_a_word(finished):
    field = finished.get_by_label("Word", exact=True)
    field.scroll_into_view_if_needed()
    field.fill("piano")
    field.press("Enter")
    finished.get_by_text("Nearest to piano:").first.wait_for(timeout=MINUTE / 2)
    field.fill("xyzzy")
    field.press("Enter")
    finished.get_by_text("'xyzzy' has no vector").first.wait_for(timeout=MINUTE / 2)


def test_nothing_of_ours_is_reported_in_the_console(finished):
    ours = [text for kind, text in finished.reported if kind == "error" and ("lessons" in text or "01_vectors" in text)]
    assert ours == []


def test_nothing_is_fetched_from_elsewhere(finished, lab):
    """Open the lesson in a second window and list every address that the browser asks for: all are this machine's."""
    asked, window = [], finished.context.browser.new_page()
    window.on("request", lambda request: asked.append(request.url))
    window.goto(f"{lab[0]}/lab/tree/notebooks/01_vectors.ipynb")
    window.get_by_role("heading", name="Turn words into vectors").first.wait_for(timeout=MINUTE)
    window.close()
    elsewhere = [url for url in asked if not url.startswith((lab[0], "data:", "blob:", lab[0].replace("http", "ws")))]
    assert len(asked) > 10
    assert elsewhere == []
