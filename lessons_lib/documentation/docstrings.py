"""What one source file says: its definitions with their docstrings, its imports, its ``__all__``.

The file is parsed with :mod:`ast`, never imported or run.
"""

import ast
import inspect
import re
from pathlib import Path

from lessons_lib.documentation.compiled import attached, text_of
from lessons_lib.documentation.records import Definition, Module

_BLANKS = re.compile(r"%\([^)]*\)s|(?<!\{)\{\w*\}(?!\})")  # places that a library fills in when it is imported
_DELEGATE = re.compile(r"^(?:delegate_names|delegate|inherit_names)\(.*?\bdelegate=([\w.]+)")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def read_module(name: str, path: Path) -> Module | None:
    """Return what the file says, None if it is not valid Python (some libraries ship templates).

    Examples
    --------
    >>> module = read_module("textwrap", Path(inspect.getsourcefile(inspect)).with_name("textwrap.py"))
    >>> module.definitions["dedent"].kind, "wrap" in module.exported
    ('function', True)
    """
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return None
    module = Module(name, path.name == "__init__.py", _docstring(tree))
    _read_body(tree.body, module)
    return module


def clean_docstring(text: str) -> str:
    r"""Return a docstring without indentation and without the places that the library fills in later.

    Examples
    --------
    >>> clean_docstring("Draw bars.\n\n    %(kwdoc)s Width: {width}.")
    'Draw bars.\n\nWidth: .'
    """
    return inspect.cleandoc(_BLANKS.sub("", text)).replace("{{", "{").replace("}}", "}").strip()


def _docstring(node: ast.AST) -> str:
    """Return the docstring of a node, that of ``__init__`` for a class without one."""
    text = ast.get_docstring(node, clean=False)
    if text is None and isinstance(node, ast.ClassDef):
        made = (inner for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == "__init__")
        text = next((ast.get_docstring(inner, clean=False) for inner in made), None)
    return clean_docstring(text) if text else ""


def _read_body(body: list[ast.stmt], module: Module) -> None:
    """Read the statements at module level, those inside ``if``, ``try`` and ``with`` too."""
    for node in body:
        if isinstance(node, _DEFINITIONS):
            _read_definition(node, module)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            _read_import(node, module)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            _read_assignment(node, module)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            _read_call(node.value, module)
        elif isinstance(node, ast.If | ast.Try | ast.With):
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(node, part, []):
                    _read_body(inner.body if isinstance(inner, ast.ExceptHandler) else [inner], module)


def _read_definition(node: ast.AST, module: Module, outer: str = "") -> None:
    """Note a function or a class with its methods; of several definitions of a name, the documented one stays."""
    name, text = outer + node.name, _docstring(node)
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    kind = "class" if isinstance(node, ast.ClassDef) else "method" if outer else "function"
    if any(decorator.split("(")[0].endswith("property") for decorator in decorators):
        kind = "property"
    copies = [d.split("(", 1)[1].rstrip(")") for d in decorators if d.startswith("_copy_docstring")]
    if text or copies or name not in module.definitions:
        module.definitions[name] = Definition(kind, text, copies[0] if copies and not text else "")
    if isinstance(node, ast.ClassDef):
        module.bases[name] = [ast.unparse(base) for base in node.bases if isinstance(base, ast.Name | ast.Attribute)]
        module.bases[name] += [delegate for text in decorators for delegate in _DELEGATE.findall(text)]
        for inner in node.body:
            if isinstance(inner, _DEFINITIONS):
                _read_definition(inner, module, f"{name}.")
            elif isinstance(inner, ast.Assign):
                _read_accessor(inner, module, name)


def _read_accessor(node: ast.Assign, module: Module, outer: str) -> None:
    """Note ``str = Accessor("str", StringMethods)``, as pandas has it: a namespace of methods inside a class."""
    call, target = node.value, node.targets[0]
    if isinstance(call, ast.Call) and ast.unparse(call.func) == "Accessor" and isinstance(target, ast.Name):
        name = f"{outer}.{target.id}"
        module.definitions[name] = Definition("property")
        module.bases[name] = [ast.unparse(call.args[1])]


def _read_import(node: ast.Import | ast.ImportFrom, module: Module) -> None:
    """Note the aliases that an import makes, as absolute names."""
    if isinstance(node, ast.Import):
        module.imports |= {alias.asname: alias.name for alias in node.names if alias.asname}
        return
    parts = module.name.split(".")
    up = node.level - module.is_package
    package = parts[: len(parts) - up] if node.level else []
    source = ".".join([*package, *([node.module] if node.module else [])])
    for alias in node.names:
        if alias.name == "*":
            module.stars.append(source)
        else:
            module.imports[alias.asname or alias.name] = f"{source}.{alias.name}"


def _read_assignment(node: ast.Assign | ast.AnnAssign | ast.AugAssign, module: Module) -> None:
    """Note ``__all__``, a second name for something (``round_ = around``), and functions documented in C."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if not isinstance(target, ast.Name) or node.value is None:
        return
    if target.id == "__all__":
        _read_all(node.value, module, first=not isinstance(node, ast.AugAssign))
    elif isinstance(node.value, ast.Name):
        module.imports.setdefault(target.id, f"{module.name}.{node.value.id}")
    elif isinstance(node.value, ast.Attribute):
        module.methods[target.id] = ast.unparse(node.value)
    elif isinstance(node.value, ast.Call):
        function = ast.unparse(node.value.func)
        if function.endswith("add_docstr"):
            text = clean_docstring(text_of(node.value.args[-1]))
            module.definitions[target.id] = Definition("function", text)
        elif function in module.bases:  # an instance of a class defined above: norm = norm_gen(name="norm")
            module.imports.setdefault(target.id, f"{module.name}.{function}")


def _read_all(value: ast.expr, module: Module, first: bool = False) -> None:
    """Note what an ``__all__`` names: the strings in it and the ``__all__`` of other modules.

    ``first`` says that it is an assignment. A variable in it (``dir()``, a list made above) leaves the module open.
    """
    nodes = list(ast.walk(value))
    taken_over = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr == "__all__"]
    inside = {id(inner) for node in taken_over for inner in ast.walk(node)}
    variables = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in inside}
    is_open = bool(variables - {"list", "set", "sorted", "tuple"})
    module.offers_all = is_open if first else module.offers_all or is_open
    module.exported |= {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    module.exported_from |= {ast.unparse(node.value) for node in taken_over}


def _read_call(call: ast.Call, module: Module) -> None:
    """Note the docstrings that a call attaches to functions written in C, and ``__all__.extend(...)``."""
    if ast.unparse(call.func) in ("__all__.extend", "__all__.append"):
        _read_all(call.args[0], module)
    else:
        module.added += [(target, clean_docstring(text)) for target, text in attached(call, module.name)]
