"""From the installed sources to one table of documentation: a row for each public name and for each other docstring."""

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from lessons_lib.documentation.docstrings import read_module
from lessons_lib.documentation.names import Key, Names
from lessons_lib.documentation.records import Module
from lessons_lib.documentation.sources import LIBRARIES, Library, source_files

COLUMNS = ["name", "kind", "library", "module", "summary", "text"]
WORKERS = 2
_SIGNATURE = re.compile(r"^[\w.]+ ?\(.*\)( *(->|=>|→).*)?( *\n?--)?$", re.DOTALL)
_MARKUP = re.compile(r":[\w:+-]+:`~?([^`<]*?)(?: *<[^`>]*>)?`")


def first_paragraph(text: str) -> str:
    r"""Return the first paragraph that is not a signature, in one line, without reStructuredText marks.

    Examples
    --------
    >>> first_paragraph("sort(x) -> Tensor\n\nSort the values\nof :func:`x`.\n\nMore.")
    'Sort the values of x.'
    """
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", text.strip())]
    prose = [part for part in paragraphs if part and not _SIGNATURE.match(part) and not part.startswith(".. ")]
    return _MARKUP.sub(r"\1", prose[0]).replace("`", "") if prose else ""


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the search for cycles: a syntax tree has none, and searching its nodes took a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_files(files: Iterable[tuple]) -> list[Module]:
    with _collector_paused():
        return [module for name, path in files if (module := read_module(name, path))]


def read_libraries(libraries: list[Library]) -> dict[str, dict[str, Module]]:
    """Return library -> module name -> what its source file says; two processes share the work."""
    from joblib import Parallel, delayed

    jobs = []
    for library in libraries:
        files = list(source_files(library))
        jobs += [(library.name, files[start : start + 100]) for start in range(0, len(files), 100)]
    parts = Parallel(n_jobs=WORKERS)(delayed(_read_files)(files) for _, files in jobs)
    found: dict[str, dict[str, Module]] = {library.name: {} for library in libraries}
    for (name, _), modules in zip(jobs, parts, strict=True):
        found[name] |= {module.name: module for module in modules}
    return found


def rows(library: str, modules: dict[str, Module]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of one library: public names first, then docstrings of what has none (``name`` is empty)."""
    names, told = Names(modules), set()
    for key, name in sorted(names.public_names().items(), key=lambda item: item[1]):
        told.add(key)
        yield from _row(names, library, key, name)
        for member in names.members(key, private_only=True):
            told.add(member)
            yield from _row(names, library, member, f"{name}.{member[1].rsplit('.', 1)[-1]}")
            yield from _nested(names, library, member, name)
    for module in modules.values():
        if module.text:
            yield "", "module", library, module.name, first_paragraph(module.text), module.text
        for inner in module.definitions:
            if (module.name, inner) not in told:
                yield from _row(names, library, (module.name, inner), "")


def _nested(names: Names, library: str, member: Key, owner: str) -> Iterator[tuple[str, ...]]:
    """Yield the methods of a namespace inside a class: ``pandas.Series.str.split``."""
    inside = member[1].rsplit(".", 1)[-1]
    if names.modules[member[0]].bases.get(member[1]):
        for key in names.members(member, private_only=False):
            yield from _row(names, library, key, f"{owner}.{inside}.{key[1].rsplit('.', 1)[-1]}")


def _row(names: Names, library: str, key: Key, name: str) -> Iterator[tuple[str, ...]]:
    """Yield the row of a definition if it is documented."""
    text = names.text(key)
    if text:
        kind = names.modules[key[0]].definitions[key[1]].kind
        yield name, kind, library, key[0], first_paragraph(text), text


def mine(library_names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the documentation table of the named libraries as rows with the fields ``COLUMNS``; a name stands once."""
    found, known = [], set()
    for library, modules in read_libraries([LIBRARIES[name] for name in library_names]).items():
        for row in rows(library, modules):
            if row[0] not in known or not row[0]:
                known.add(row[0])
                found.append(row)
    return found
