"""What is kept of one source file: the records that parsing fills in and name resolution reads."""

from dataclasses import dataclass, field


@dataclass
class Definition:
    """A function, class, method or property: its kind, its docstring, and what that is copied from."""

    kind: str
    text: str = ""
    copied_from: str = ""


@dataclass
class Module:
    """What one source file says; names are relative to it (``"DataFrame.merge"``), targets are absolute."""

    name: str
    is_package: bool
    text: str = ""
    definitions: dict[str, Definition] = field(default_factory=dict)
    bases: dict[str, list[str]] = field(default_factory=dict)  # class -> its base classes, as written
    imports: dict[str, str] = field(default_factory=dict)  # alias -> absolute target
    methods: dict[str, str] = field(default_factory=dict)  # choice -> _inst.choice: a method offered as a function
    stars: list[str] = field(default_factory=list)  # modules imported with *
    exported: set[str] = field(default_factory=set)  # what __all__ names
    offers_all: bool = True  # no __all__, or one that is made while running: everything without an underscore
    exported_from: set[str] = field(default_factory=set)  # modules whose __all__ is taken over, as written
    added: list[tuple[str, str]] = field(default_factory=list)  # (absolute name, docstring) of things written in C
