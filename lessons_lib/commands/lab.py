"""``lessons lab``: JupyterLab, opened on lesson 1, with nothing fetched from the network."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from lessons_lib.commands.checkout import checkout, stop

FIRST_LESSON = "notebooks/01_vectors.ipynb"
SETTINGS = Path(__file__).with_name("lab_settings")  # JupyterLab's overrides.json: no question about news


def lab(
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser, or only serve.")] = True,
    port: Annotated[int, typer.Option(help="Port of the server; the next free one if it is taken.")] = 8888,
) -> None:
    """Open lesson 1 in JupyterLab; Ctrl-C stops it."""
    root = checkout("lab", "the notebooks")
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        stop("JupyterLab is not installed here. Install it: python course.py lab")
    os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))  # one of our own: Jupyter would print its own twice
    server = LabApp.initialize_server(arguments(root, browser, port))
    # The server binds its port in the first turn of its loop; what is added now runs right after that.
    server.io_loop.add_callback(lambda: announce(server))
    server.start()


def announce(server: "jupyter_server.serverapp.ServerApp") -> None:  # noqa: F821 (imported when the command runs)
    """Print where the lesson is served."""
    address = f"http://localhost:{server.port}{server.base_url}lab/tree/{FIRST_LESSON}"
    token = server.identity_provider.token
    typer.echo(f"Lesson 1 is open at {address}{f'?token={token}' if token else ''}\nCtrl-C stops it.")


def arguments(root: Path, browser: bool, port: int) -> list[str]:
    """Return the arguments of JupyterLab: quiet, on this machine only, no news, no look for updates or extensions."""
    options = {
        "ServerApp.root_dir": root,
        "ServerApp.port": port,
        "ServerApp.open_browser": browser,
        "ServerApp.answer_yes": True,
        "Application.log_level": "ERROR",
        "KernelManager.transport_encryption": "auto",
        "LabApp.default_url": f"/lab/tree/{FIRST_LESSON}",
        "LabApp.app_settings_dir": SETTINGS,
        "LabApp.news_url": None,
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "LabApp.extension_manager": "readonly",
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options["ServerApp.allow_root"] = True  # containers: there is no other user to be
    return [f"--{name}={value}" for name, value in options.items()]
