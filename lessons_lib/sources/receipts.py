"""A receipt for every download: what it was, from where, and its SHA-256, against which later downloads are held."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from lessons_lib.sources.folders import downloads


def receipt_file(name: str) -> Path:
    """Return the file of the receipt of a source."""
    return downloads() / "receipts" / f"{name}.json"


def read(name: str) -> dict:
    """Return the receipt of a source, an empty dict if there is none (or none that can be read)."""
    try:
        receipt = json.loads(receipt_file(name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return receipt if isinstance(receipt, dict) else {}


def write(name: str, **facts: object) -> None:
    """Store a receipt: written to the side, then moved into place."""
    path = receipt_file(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}.new")
    receipt = {"name": name, "fetched": datetime.now(UTC).isoformat(timespec="seconds"), **facts}
    beside.write_text(json.dumps(receipt, indent=1), encoding="utf-8")
    os.replace(beside, path)
