"""The address of the repository, which pyproject.toml states once, and all that is made of it.

To change what Colab installs, change ``COLAB_CELL``; to change the address, ``[project.urls]`` in pyproject.toml.
"""

import re
import tomllib
from pathlib import Path

from authoring.errors import BuildError

COLAB_CELL = """\
import sys

if "google.colab" in sys.modules:
    %pip install --quiet "lessons-lib @ git+{repository}"\
"""


def read_repository(root: Path) -> str:
    """Return the address of the repository, ``https://github.com/OWNER/NAME``.

    Parameters
    ----------
    root : Path
        The checkout.

    Raises
    ------
    BuildError
        pyproject.toml is missing or damaged, or states no such address.
    """
    path = root / "pyproject.toml"
    try:
        address = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["urls"]["Repository"]
    except (OSError, KeyError, ValueError) as error:
        raise BuildError(f"{path}: no [project.urls] Repository could be read ({error!r}). State it there.") from error
    if not re.fullmatch(r"https://github\.com/[\w.-]+/[\w.-]+", address):
        raise BuildError(f"{path}: Repository is {address!r}; expected https://github.com/OWNER/NAME.")
    return address


def launch_links(repository: str, path: str) -> dict[str, str]:
    """Return the addresses that open a file of the repository in Binder and in Colab.

    Parameters
    ----------
    repository : str
        ``https://github.com/OWNER/NAME``.
    path : str
        Path of a notebook below the root, with forward slashes.

    Examples
    --------
    >>> launch_links("https://github.com/owner/name", "notebooks/01.ipynb")["Colab"]
    'https://colab.research.google.com/github/owner/name/blob/main/notebooks/01.ipynb'
    """
    owner_and_name = repository.removeprefix("https://github.com/")
    return {
        "Binder": f"https://mybinder.org/v2/gh/{owner_and_name}/HEAD?urlpath=lab/tree/{path}",
        "Colab": f"https://colab.research.google.com/github/{owner_and_name}/blob/main/{path}",
    }
