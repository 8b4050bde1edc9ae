"""What a piece of markup is made of in code: which of its parts are neither constants nor escaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.semantics.source import File

_STEPS = 400
_DEPTH = 10

MARKING = (
    "django.utils.safestring.mark_safe",
    "django.utils.safestring.SafeString",
    "django.utils.safestring.SafeText",
    "django.utils.html.mark_safe",
    "django.utils.html.SafeString",
    "flask.Markup",
    "jinja2.Markup",
    "markupsafe.Markup",
)
"""What has a text taken for markup."""

# Calls whose result holds no markup of a visitor's: escaped, a number, an address, or rendered by a template.
_HARMLESS = frozenset(
    {
        "builtins.abs",
        "builtins.bool",
        "builtins.float",
        "builtins.hash",
        "builtins.hex",
        "builtins.id",
        "builtins.int",
        "builtins.len",
        "builtins.ord",
        "builtins.round",
        "builtins.sum",
        "builtins.type",
        "django.template.defaultfilters.slugify",
        "django.templatetags.static.static",
        "django.urls.reverse",
        "django.urls.reverse_lazy",
        "django.utils.formats.date_format",
        "django.utils.formats.number_format",
        "django.utils.html.json_script",
        "django.utils.html.linebreaks",
        "django.utils.html.urlize",
        "django.utils.http.urlencode",
        "django.utils.text.slugify",
        "flask.url_for",
        "flask_wtf.csrf.generate_csrf",
        "markupsafe.Markup",
        "urllib.parse.urlencode",
        "uuid.uuid4",
    }
)
_HARMLESS_WORDS = re.compile(
    r"bleach|clean_?html|escape|format_html|html_?safe|^nh3|\bnh3\.|purif|quote|render|sanitis|sanitiz|highlight"
)
_RENDERING = frozenset(
    {
        "as_div",
        "as_hidden",
        "as_p",
        "as_table",
        "as_ul",
        "as_widget",
        "css_classes",
        "get_absolute_url",
        "hexdigest",
        "isoformat",
        "label_tag",
        "strftime",
        "timestamp",
    }
)
# Methods and functions that hand on what they are called on, or given.
_HANDING_ON = frozenset(
    {
        "capitalize",
        "casefold",
        "center",
        "dedent",
        "indent",
        "lower",
        "lstrip",
        "rstrip",
        "strip",
        "title",
        "upper",
        "zfill",
    }
)
_TRANSLATING = re.compile(
    r"(^|\.)(n?p?u?gettext(_lazy|_noop)?|_|l?n?p?gettext|lazy_gettext|translate|pgettext_lazy|ngettext_lazy)$"
)
_TRUSTING = re.compile(r"(^|\.)(mark_safe|SafeString|SafeText|Markup|HTML)$")
_KEYS = frozenset(
    {
        "__name__",
        "__version__",
        "app_label",
        "id",
        "model_name",
        "pk",
        "uuid",
        "verbose_name",
        "verbose_name_plural",
    }
)


class Parts:
    """The parts of a text that is used as markup."""

    def __init__(self, file: File) -> None:
        self._file = file
        self._left = _STEPS
        self.built = False
        """Whether the text is put together: by an f-string, `%`, `+`, `format` or `join`."""
        self.translated = False
        """Whether a part of it is a translation."""

    def loose(self, node: ast.expr, depth: int = _DEPTH) -> list[ast.expr]:
        """The parts that are neither constants, nor numbers, nor escaped; none where all is known to be harmless."""
        self._left -= 1
        if depth <= 0 or self._left < 0:
            return [node]
        if isinstance(node, ast.Constant):
            return []
        if isinstance(node, ast.Call):
            return self._of_call(node, depth)
        if isinstance(node, ast.Name):
            return self._of_name(node, depth)
        inner = list(self._inner(node))
        if inner or isinstance(node, (ast.JoinedStr, ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Compare)):
            return [part for one in inner for part in self.loose(one, depth - 1)]
        if isinstance(node, ast.Attribute) and self._is_own(node):
            return []
        if isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Add, ast.Mod, ast.Mult)):
            return []
        return [node]

    def _inner(self, node: ast.expr) -> Iterator[ast.expr]:
        """The expressions that a text is put together from."""
        if isinstance(node, ast.JoinedStr):
            self.built = True
            for value in node.values:
                if isinstance(value, ast.FormattedValue) and not _is_number_format(value.format_spec):
                    yield value.value
        elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
            self.built = True
            yield node.left
            yield node.right
        elif isinstance(node, ast.IfExp):
            yield node.body
            yield node.orelse
        elif isinstance(node, ast.BoolOp):
            yield from node.values
        elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            yield from node.elts
        elif isinstance(node, ast.Dict):
            yield from node.values
        elif isinstance(node, (ast.GeneratorExp, ast.ListComp)):
            yield node.elt
        elif isinstance(node, (ast.Starred, ast.NamedExpr, ast.Await)):
            yield node.value

    def _of_call(self, node: ast.Call, depth: int) -> list[ast.expr]:
        name = self._file.resolve(node.func) or ""
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        word = name or method or (node.func.id if isinstance(node.func, ast.Name) else "")
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if _TRANSLATING.search(word):
            self.translated = True
        elif name == "builtins.str" or _TRUSTING.search(word):
            pass
        elif name in _HARMLESS or method in _RENDERING or _HARMLESS_WORDS.search(word.lower()):
            return []
        elif isinstance(node.func, ast.Attribute) and method in {
            "format",
            "format_map",
            "join",
            "replace",
            *_HANDING_ON,
        }:
            self.built = self.built or method in ("format", "format_map", "join")
            given = [node.func.value, *given]
        else:
            return [node]
        return [part for one in given for part in self.loose(one, depth - 1)]

    def _of_name(self, node: ast.Name, depth: int) -> list[ast.expr]:
        if node.id.isupper():
            return []
        bound = self._file.names.value(node)
        if bound is not node and isinstance(bound, ast.expr):
            return self.loose(bound, depth - 1)
        binding = self._file.names.binding(node.id, node)
        if binding is not None and binding.kind == "values":
            nodes = [one for one in binding.nodes if isinstance(one, ast.expr)]
            return [node] if any(self.loose(one, depth - 1) for one in nodes) else []
        return [node]

    def _is_own(self, node: ast.Attribute) -> bool:
        """Whether an attribute is the project's own: a setting, an identifier, a constant."""
        if node.attr in _KEYS or node.attr.isupper() or node.attr.endswith("_id"):
            return True
        return (self._file.resolve(node) or "").startswith("django.conf.settings.")


def _is_number_format(spec: ast.expr | None) -> bool:
    """Whether a format such as `.2f` or `d` makes a number of a value."""
    if not isinstance(spec, ast.JoinedStr) or len(spec.values) != 1:
        return False
    text = spec.values[0]
    return isinstance(text, ast.Constant) and str(text.value)[-1:] in "bcdeEfFgGnoxX%"


def is_marked(node: ast.FunctionDef | ast.AsyncFunctionDef, file: File) -> str:
    """By what everything that a function returns is trusted: `__html__`, `mark_safe` as a decorator; else empty."""
    if node.name == "__html__":
        return node.name
    return next(
        (word for one in node.decorator_list if (word := _last(file.resolve(one))) == "mark_safe"), ""
    )


def is_filter(node: ast.FunctionDef | ast.AsyncFunctionDef, file: File) -> bool:
    """Whether a function is a template filter with `is_safe=True` that is not told whether to escape."""
    for one in node.decorator_list:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "filter":
            given = {keyword.arg: file.constant(keyword.value) for keyword in one.keywords}
            is_safe, told = given.get("is_safe"), given.get("needs_autoescape")
            return is_safe is not None and is_safe.value is True and not (told and told.value)
    return False


def _last(name: str | None) -> str:
    return (name or "").rpartition(".")[2]
