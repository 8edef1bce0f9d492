"""Docstrings of functions written in C: libraries attach them with calls, and those calls are read here.

add_newdoc("numpy._core.multiarray", "arange", "...")        numpy
add_newdoc("gamma", "...")                                   scipy.special
add_docstr(torch.abs, "...")                                 torch
"""

import ast

_MODULE_OF = {"scipy.special._add_newdocs": "scipy.special"}  # its add_newdoc names no module
_CLASS_OF = {"add_docstr_all": "torch.Tensor", "_array_method_doc": "numpy._core.multiarray.ndarray"}


def text_of(node: ast.expr) -> str:
    """Return the text of an expression as far as it stands in the file: its string constants, joined.

    Examples
    --------
    >>> text_of(ast.parse("'Absolute ' + 'value of {x}.'.format(x=1)", mode="eval").body)
    'Absolute value of {x}.'
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.BinOp):
        return text_of(node.left) + text_of(node.right)
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) for part in node.values)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):  # "...".format(...)
        return text_of(node.func.value)
    return "".join(text_of(argument) for argument in node.args) if isinstance(node, ast.Call) else ""


def attached(call: ast.Call, module: str) -> list[tuple[str, str]]:
    """Return (absolute name, docstring) for what a call at module level documents; an empty list if it does not.

    Parameters
    ----------
    call : ast.Call
        The call.
    module : str
        Name of the module that it stands in.

    Examples
    --------
    >>> attached(ast.parse("add_docstr(torch.abs, 'Absolute value.')").body[0].value, "torch._torch_docs")
    [('torch.abs', 'Absolute value.')]
    """
    function, arguments = ast.unparse(call.func), call.args
    if function == "add_docstr" and len(arguments) == 2:
        return [(ast.unparse(arguments[0]), text_of(arguments[1]))]
    if function in _CLASS_OF:
        return [(f"{_CLASS_OF[function]}.{text_of(arguments[0])}", text_of(arguments[-1]))]
    if function == "add_newdoc" and module in _MODULE_OF:
        return [(f"{_MODULE_OF[module]}.{text_of(arguments[0])}", text_of(arguments[1]))]
    if function == "add_newdoc" and len(arguments) >= 3:
        target = f"{text_of(arguments[0])}.{text_of(arguments[1])}"
        return [(target + suffix, text) for suffix, text in _parts(arguments[2])]
    return []


def _parts(node: ast.expr) -> list[tuple[str, str]]:
    """Return (suffix, docstring) for the third argument of ``add_newdoc``: a text, a pair, or a list of pairs."""
    if isinstance(node, ast.List):
        return [part for element in node.elts for part in _parts(element)]
    if isinstance(node, ast.Tuple):
        return [(f".{text_of(node.elts[0])}", text_of(node.elts[1]))]
    return [("", text_of(node))]
