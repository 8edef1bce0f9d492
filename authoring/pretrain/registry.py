"""Last step: write data/registry.json, the size and the SHA-256 of every file that ships in data/.

Run it after any change in data/:  python -m authoring.pretrain registry
"""

import hashlib
import json
from pathlib import Path

from authoring.pretrain.files import DATA, write_atomically

NOT_LISTED = {"registry.json", "README.md"}


def entries(data: Path = DATA) -> dict[str, dict]:
    """Return path inside ``data`` -> size in bytes and SHA-256, sorted by path."""
    paths = sorted(path for path in data.rglob("*") if path.is_file() and not path.name.startswith("."))
    found = {}
    for path in paths:
        name = path.relative_to(data).as_posix()
        # recall and glossary are made by authoring/build.py from text that git already compares
        if name not in NOT_LISTED and not name.startswith("recall/") and name != "glossary.json":
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = {"bytes": path.stat().st_size, "sha256": digest}
    return found


def build(data: Path = DATA) -> None:
    """Write the registry."""
    with write_atomically(data / "registry.json") as temporary:
        temporary.write_text(json.dumps(entries(data), indent=1) + "\n", encoding="utf-8")
