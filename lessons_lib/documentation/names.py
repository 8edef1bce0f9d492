"""The public names of a library: ``numpy.unique``, not ``numpy.lib._arraysetops_impl.unique``.

Imports, ``import *``, ``__all__`` and base classes are followed from file to file, as Python would, without running it.
"""

from collections.abc import Iterator
from itertools import takewhile

from lessons_lib.documentation.records import Definition, Module

Key = tuple[str, str]  # module that defines, name inside it
_HANDED_ON = {  # modules that hand on another's names in a loop
    "scipy.signal._support_alternative_backends": "scipy.signal._signal_api",
    "scipy.ndimage._support_alternative_backends": "scipy.ndimage._ndimage_api",
}
_INTERNAL = ("pandas.core", "pandas.compat", "pandas.io", "matplotlib.pylab", "numpy.core", "numpy.f2py", "pydoc")


class Names:
    """Follow names through the modules of one library."""

    def __init__(self, modules: dict[str, Module]):
        self.modules = modules
        for name, source in _HANDED_ON.items():
            if name in modules:
                modules[name].stars.append(source)
        for module in list(modules.values()):
            for target, text in module.added:
                self._add(target, text)

    def _add(self, target: str, text: str) -> None:
        """Enter something written in C under the module that its absolute name begins with."""
        parts = target.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            if (module := self.modules.get(".".join(parts[:cut]))) is None:
                continue
            inner = parts[cut:]
            if len(inner) == 2 and (key := self.resolve(module.name, inner[0])):
                module, inner = self.modules[key[0]], [key[1], inner[1]]
            kind = "method" if len(inner) > 1 else "function"
            known = module.definitions.get(".".join(inner))
            if known is None or not known.text:
                module.definitions[".".join(inner)] = Definition(kind, text)
            module.exported.add(inner[0])
            return

    def resolve(self, module: str, name: str, seen: frozenset[Key] = frozenset()) -> Key | None:
        """Return where ``module.name`` is defined, None if that is another library, a module or unknown."""
        if (module, name) in seen or module not in self.modules:
            return None
        seen, source = seen | {(module, name)}, self.modules[module]
        if name in source.definitions:
            return module, name
        if target := source.imports.get(name):
            return self.resolve(*target.rsplit(".", 1), seen) if "." in target else None
        if (written := source.methods.get(name)) and written.split(".")[0] != name:
            return self.resolve_dotted(module, written)
        found = (self.resolve(star, name, seen) for star in source.stars)
        return next((key for key in found if key), None)

    def resolve_dotted(self, module: str, dotted: str) -> Key | None:
        """Return where a name with dots (``Axes.plot``, ``pandas.plotting.PlotAccessor``) is defined."""
        first, *rest = dotted.split(".")
        if not rest:
            return self.resolve(module, first)
        if key := self.resolve(module, first):
            return self.member(key, rest[0])
        start = self.modules[module].imports.get(first, first)
        inside = ".".join([start, *rest[:-1]])
        return self.resolve(inside, rest[-1])

    def member(self, owner: Key, name: str) -> Key | None:
        """Return where a method of a class is defined: in the class or in the nearest base that has it."""
        return next((key for key in self.members(owner, private_only=False) if key[1].rsplit(".", 1)[-1] == name), None)

    def members(self, owner: Key, private_only: bool, seen: frozenset[Key] = frozenset()) -> Iterator[Key]:
        """Yield the public members of a class, then those of its bases (``private_only``: of bases without a name)."""
        if owner in seen:
            return
        module, prefix = self.modules[owner[0]], f"{owner[1]}."
        for name in module.definitions:
            if name.startswith(prefix) and "." not in (last := name[len(prefix) :]) and not last.startswith("_"):
                yield owner[0], name
        for base in module.bases.get(owner[1], []):
            key = self.resolve_dotted(owner[0], base)
            if key and not (private_only and key in self.public):
                yield from self.members(key, private_only, seen | {owner})

    def exported(self, module: Module, seen: frozenset[str] = frozenset()) -> set[str]:
        """Return the names that a module offers: its ``__all__``, or else what is in it without an underscore."""
        if module.name in seen:
            return set()
        seen |= {module.name}
        names = set(module.exported)
        for written in module.exported_from:
            if other := self._module_called(module, written):
                names |= self.exported(other, seen)
        if module.offers_all:
            names |= {name for name in module.definitions if "." not in name} | set(module.methods)
            names |= {name for name, target in module.imports.items() if self._offers(module, target)}
            for star in module.stars:
                names |= self.exported(self.modules[star], seen) if star in self.modules else set()
        return {name for name in names if not name.startswith("_")}

    def _offers(self, module: Module, target: str) -> bool:
        """Tell whether an import without ``__all__`` is an offer: in packages, inner modules, or as a second name."""
        if module.is_package or is_public(module.name):
            return module.is_package or target.rpartition(".")[0] == module.name
        return target.startswith(module.name.rpartition(".")[0] + ".")

    def _module_called(self, module: Module, written: str) -> Module | None:
        """Return the module that an expression such as ``lib._pad`` means inside another module."""
        first, *rest = written.split(".")
        start = module.imports.get(first, f"{module.name}.{first}")
        return self.modules.get(".".join([start, *rest])) or self.modules.get(written)

    def public_names(self) -> dict[Key, str]:
        """Return definition -> public name for functions and classes; of several names, the plainest."""
        candidates: dict[Key, list[str]] = {}
        for module in self.modules.values():
            if not is_public(module.name):
                continue
            for name in self.exported(module):
                if key := self.resolve(module.name, name):
                    candidate = f"{module.name}.{name}"
                    candidates.setdefault(key, []).append(candidate)
        self.public = {key: min(names, key=lambda name: _plainness(name, key)) for key, names in candidates.items()}
        return self.public

    def text(self, key: Key) -> str:
        """Return the docstring of a definition, or the one it is copied from."""
        definition = self.modules[key[0]].definitions[key[1]]
        if definition.copied_from and (source := self.resolve_dotted(key[0], definition.copied_from)):
            return self.modules[source[0]].definitions[source[1]].text
        return definition.text


def is_public(module: str) -> bool:
    """Tell whether users of the library are meant to import from a module.

    Examples
    --------
    >>> is_public("numpy.linalg"), is_public("numpy._core.numeric"), is_public("pandas.core.frame")
    (True, False, False)
    """
    internal = any(module == name or module.startswith(f"{name}.") for name in _INTERNAL)
    return not internal and not any(part.startswith("_") for part in module.split("."))


def _plainness(name: str, key: Key) -> tuple:
    """Return the rank of a public name: its own name first, then few dots, then near the module that defines it."""
    renamed = name.rsplit(".", 1)[-1] != key[1].rsplit(".", 1)[-1]
    shared = takewhile(lambda pair: pair[0] == pair[1], zip(name.split("."), key[0].split("."), strict=False))
    return renamed, name.count("."), -len(list(shared)), len(name), name
