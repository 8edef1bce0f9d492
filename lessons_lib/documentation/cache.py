"""Tables that are made once and then read from the cache folder, which may be deleted at any time."""

import hashlib
import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from lessons_lib.cached import cache_root

if TYPE_CHECKING:
    import pandas as pd


def cache_folder() -> Path:
    """Return the folder of the tables; it need not exist yet."""
    return cache_root() / "documentation"


def table_file(name: str, state: str) -> Path:
    """Return the file of a table; it changes with ``state`` (versions) and with the code of this package.

    Parameters
    ----------
    name : str
        Name of the table, without a full stop.
    state : str
        All that the table depends on besides the code.
    """
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    mark = hashlib.sha256(code + state.encode()).hexdigest()[:16]
    return cache_folder() / f"{name}.{mark}.csv"


def load(path: Path) -> "pd.DataFrame":
    """Return a stored table; all cells are text."""
    import pandas as pd

    return pd.read_csv(path, keep_default_na=False, dtype=str, lineterminator="\n")


def store(table: "pd.DataFrame", path: Path) -> None:
    """Write a table to the side and move it into place; its older states go. Warn if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=".table.", suffix=".part", dir=path.parent)
        try:
            with open(handle, "w", encoding="utf-8", newline="") as file:
                table.to_csv(file, index=False, lineterminator="\n")
            os.replace(temporary, path)
        finally:
            Path(temporary).unlink(missing_ok=True)
        for old in path.parent.glob(f"{path.name.split('.')[0]}.*.csv"):
            if old != path:
                old.unlink(missing_ok=True)
    except OSError as error:
        warnings.warn(f"{path} cannot be written ({error}); the next run will make the table again.", stacklevel=3)
