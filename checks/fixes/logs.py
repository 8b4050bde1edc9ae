"""`print` rewritten as a log record: the module's logger, found or made, and the message with its arguments."""

from __future__ import annotations

import ast
from dataclasses import replace as changed

from checks.fixes.edit import insert_line, replace
from checks.fixes.imports import imported
from checks.model import Edit
from checks.semantics.definitions import origin
from checks.semantics.names import ancestors, parent
from checks.semantics.source import File

_LOGGERS = ("logging.getLogger", "celery.utils.log.get_task_logger")
_NAMES = ("logger", "log")
_CONVERSIONS = {-1: "%s", ord("s"): "%s", ord("r"): "%r", ord("a"): "%a"}


def logged(call: ast.Call, level: str, file: File) -> tuple[Edit, ...]:
    """The edits that log at a level what a `print` writes, and those for a logger where the module has none.

    None where the output is more than a line of text: with another end or stars, as a value, with a comment inside, or
    where the module's logger is not there yet.
    """
    arguments = _arguments(call, file)
    text = file.segment(call)
    if arguments is None or not isinstance(parent(call), ast.Expr) or ("\n" in text and "#" in text):
        return ()
    name, edits, line = _logger(call, file)
    if not name or (line > call.lineno and not _is_in_function(call)):
        return ()
    if not arguments:
        return (*edits, replace(file, file.span(call.func), f"{name}.{level}"))
    return (*edits, replace(file, file.span(call), f"{name}.{level}({_laid_out(arguments, call, file)})"))


def _laid_out(arguments: list[str], call: ast.Call, file: File) -> str:
    """The arguments in one line, or in one each where the call had several."""
    if call.end_lineno == call.lineno:
        return ", ".join(arguments)
    line = file.lines[call.lineno - 1]
    indent = line[: len(line) - len(line.lstrip())]
    return "".join(f"\n{indent}    {argument}," for argument in arguments) + f"\n{indent}"


def _arguments(call: ast.Call, file: File) -> list[str] | None:
    """What a logging method is given: the same as `print` when empty, `None` where it can't be said."""
    separator = " "
    for keyword in call.keywords:
        value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
        if keyword.arg == "sep" and isinstance(value, str):
            separator = value
        elif keyword.arg != "flush" and not (keyword.arg == "end" and value == "\n"):
            return None
    if not call.args or any(isinstance(value, ast.Starred) for value in call.args):
        return None
    only = call.args[0] if len(call.args) == 1 and not call.keywords else None
    if only is not None and _is_text(only) and not (isinstance(only, ast.JoinedStr) and _is_plain(only)):
        return []
    return _formatted(call.args, separator, file)


def _formatted(values: list[ast.expr], separator: str, file: File) -> list[str] | None:
    """A format and its arguments: `"%s copies of %r"`, `copies`, `title`."""
    pieces: list[str] = []
    arguments: list[str] = []
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            pieces.append(value.value.replace("%", "%%"))
        elif isinstance(value, ast.JoinedStr) and _is_plain(value):
            pieces.append(_interpolated(value, arguments))
        else:
            pieces.append("%s")
            arguments.append(file.segment(value))
    text = separator.replace("%", "%%").join(pieces)
    literal = _literal(text if arguments else text.replace("%%", "%"))
    if literal is None or any("\n" in argument for argument in arguments):
        return None
    return [literal, *arguments]


def _interpolated(value: ast.JoinedStr, arguments: list[str]) -> str:
    """An f-string as a format; its fields are added to the arguments.

    Unparsed, since before Python 3.12 the places of nodes inside f-strings are wrong:
    https://docs.python.org/3/whatsnew/3.12.html#pep-701-syntactic-formalization-of-f-strings
    """
    text = ""
    for part in value.values:
        if isinstance(part, ast.FormattedValue):
            text += _CONVERSIONS[part.conversion]
            arguments.append(ast.unparse(part.value))
        elif isinstance(part, ast.Constant):
            text += str(part.value).replace("%", "%%")
    return text


def _literal(text: str) -> str | None:
    """A string literal of one line, `None` for control characters and where there is nothing to say."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"' if escaped.strip() and escaped.isprintable() else None


def _is_text(value: ast.expr) -> bool:
    """Whether an expression gives text for certain, which a logger writes as it is when it has no arguments."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str) and bool(value.value.strip())
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, (ast.Mod, ast.Add)) and _is_text(value.left)
    if isinstance(value, ast.Call):
        return (
            isinstance(value.func, ast.Attribute)
            and value.func.attr == "format"
            and _is_text(value.func.value)
        )
    return isinstance(value, ast.JoinedStr)


def _is_plain(value: ast.JoinedStr) -> bool:
    """Whether no field of an f-string has a format of its own."""
    return all(not isinstance(part, ast.FormattedValue) or part.format_spec is None for part in value.values)


def _logger(at: ast.AST, file: File) -> tuple[str, tuple[Edit, ...], int]:
    """The module's logger, the edits that make one, and the first line that may use it; no name where none can be."""
    bound = file.names.bindings(file.tree)
    for name, binding in bound.items():
        if isinstance(binding.node, ast.expr) and file.resolve(binding.node) in _LOGGERS:
            seen = file.names.binding(name, at) == binding
            return (name, (), binding.node.lineno + 1) if seen else ("", (), 0)
        if binding.kind == "import" and name in _NAMES and origin(binding.target, file) in _LOGGERS:
            return name, (), 0
    name = next((name for name in _NAMES if file.names.binding(name, at) is None), "")
    if not name:
        return "", (), 0
    function, edits = imported("logging", "getLogger", file)
    line = _line_after_imports(file)
    made = f"{name} = {function}(__name__)\n"
    if edits and (line is None or edits[0].start_line >= line):
        spare = "\n\n" if line is None else ""
        lead = "" if edits[0].replacement.endswith("\n\n") else "\n"
        return (
            name,
            (changed(edits[0], replacement=edits[0].replacement + lead + made + spare),),
            edits[0].start_line,
        )
    if line is None:
        return "", (), 0
    return name, (*edits, insert_line(file, line, "\n" + made)), line


def _line_after_imports(file: File) -> int | None:
    """The line behind the last import before definitions and other code, `None` where there is no import."""
    line = None
    for index, statement in enumerate(file.tree.body):
        code = isinstance(statement, ast.Expr) and index > 0
        if code or isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if isinstance(statement, (ast.Import, ast.ImportFrom)) and not future:
            line = (statement.end_lineno or statement.lineno) + 1
    return line


def _is_in_function(node: ast.AST) -> bool:
    return any(
        isinstance(above, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) for above in ancestors(node)
    )
