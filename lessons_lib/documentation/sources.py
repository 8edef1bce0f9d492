"""Where the documentation lies: the installed libraries, their versions and their source files.

Change here which libraries are mined and which folders are passed over. Nothing is imported or run.
"""

import platform
import sys
import sysconfig
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple


class Library(NamedTuple):
    """A library: its name for readers, the package to parse, the distribution that has the version."""

    name: str
    package: str
    distribution: str


PYTHON = Library("python", "", "")  # the standard library; its package is every module of it
LIBRARIES = {
    library.name: library
    for library in (
        PYTHON,
        Library("numpy", "numpy", "numpy"),
        Library("scipy", "scipy", "scipy"),
        Library("pandas", "pandas", "pandas"),
        Library("matplotlib", "matplotlib", "matplotlib"),
        Library("scikit-learn", "sklearn", "scikit-learn"),
        Library("torch", "torch", "torch"),
        Library("networkx", "networkx", "networkx"),
        Library("gensim", "gensim", "gensim"),
    )
}
_PASSED_OVER = {  # tests, foreign code, and the insides of torch, which are half of its size
    *("tests", "test", "testing", "benchmarks", "bench", "conftest", "setup", "externals", "_external", "_vendor"),
    "distutils",
    *("array_api_compat", "array_api_extra", "setup_common", "_inductor", "_dynamo", "_refs", "_prims", "_decomp"),
    *("_export", "_higher_order_ops", "_functorch", "_numpy", "onnx", "ao", "quantization"),
}
_PYTHON_PASSED_OVER = {  # of the standard library: tests, games, tools, platform twins and withdrawn modules
    *("idlelib", "lib2to3", "turtledemo", "ensurepip", "pydoc_data", "encodings", "site-packages"),
    *("imp", "genericpath", "ntpath", "nturl2path", "antigravity", "this", "__phello__", "tkinter", "turtle"),
}


def _package_folder(package: str) -> Path | None:
    """Return the folder of an installed package on the search path, or None."""
    folders = (Path(entry or ".") / package for entry in sys.path)
    return next((folder for folder in folders if (folder / "__init__.py").is_file()), None)


def installed_version(library: Library) -> str | None:
    """Return the version of an installed library, None if it is not installed.

    Examples
    --------
    >>> installed_version(PYTHON) == platform.python_version()
    True
    """
    if library is PYTHON:
        return platform.python_version()
    try:
        return version(library.distribution)
    except PackageNotFoundError:
        return None


def source_files(library: Library) -> Iterator[tuple[str, Path]]:
    """Yield (module name, file) for the Python sources of a library, in alphabetical order of the files.

    Raises
    ------
    ModuleNotFoundError
        The library is not installed.
    """
    if library is PYTHON:
        root, passed_over = Path(sysconfig.get_path("stdlib")), _PASSED_OVER | _PYTHON_PASSED_OVER
        top = root
    else:
        top, passed_over = _package_folder(library.package), _PASSED_OVER
        if top is None:
            raise ModuleNotFoundError(
                f"The documentation of {library.name} is wanted, but no package {library.package!r} is installed. "
                f"Install the course again: python course.py"
            )
        root = top.parent
    for path in _walk(top, passed_over):
        parts = path.relative_to(root).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield ("os.path" if module == "posixpath" else module), path


def _walk(folder: Path, passed_over: set[str]) -> Iterator[Path]:
    """Yield the .py files below a folder, without entering what is passed over or is no package."""
    for path in sorted(folder.iterdir()):
        if path.stem in passed_over or "-" in path.stem:
            continue
        if path.suffix == ".py":
            yield path
        elif (path / "__init__.py").is_file():
            yield from _walk(path, passed_over)
