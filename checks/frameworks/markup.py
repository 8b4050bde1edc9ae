"""What a piece of markup is made of in code: which of its parts are neither constants nor escaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from checks.semantics.bindings import returned
from checks.semantics.gathered import given_to
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
        "django.forms.utils.flatatt",
        "django.utils.formats.date_format",
        "django.utils.formats.number_format",
        "django.utils.html.json_script",
        "django.utils.html.linebreaks",
        "django.utils.html.urlize",
        "django.utils.http.urlencode",
        "django.utils.text.slugify",
        "flask.url_for",
        "flask_wtf.csrf.generate_csrf",
        "wtforms.widgets.core.html_params",
        "wtforms.widgets.html_params",
        "markupsafe.Markup",
        "urllib.parse.urlencode",
        "uuid.uuid4",
    }
)
_HARMLESS_WORDS = re.compile(
    r"bleach|clean_?html|escape|format_html|html_?safe|^nh3|\bnh3\.|purif|quote|render|sanitis|sanitiz|highlight|tostring|naturaltime|intcomma"
)
_RENDERING = frozenset(
    {
        "__html__",
        "as_div",
        "as_hidden",
        "as_p",
        "as_table",
        "as_ul",
        "as_widget",
        "count",
        "css_classes",
        "get_absolute_url",
        "hexdigest",
        "isoformat",
        "label_tag",
        "strftime",
        "timestamp",
        "total_seconds",
    }
)
# Methods and functions that hand on what they are called on, or given.
_FILLING = frozenset({"format", "format_map", "join"})
_HANDING_ON = frozenset(
    {
        "capitalize",
        "capfirst",
        "casefold",
        "center",
        "decode",
        "dedent",
        "encode",
        "indent",
        "lower",
        "lstrip",
        "replace",
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
_WRITTEN = re.compile(
    r"(^|_)(address|bio|biography|body|caption|city|comment|company|content|description|email|headline|keyword|message"
    r"|nickname|note|notes|query|search|subject|summary|text|title|username)$"
    r"|^((author|company|customer|display|file|first|full|last|user)_?)?name$"
)
# Of these, what people write as plain text; the others often hold markup by design.
_PLAIN_TEXT = re.compile(
    r"(^|_)(address|bio|biography|caption|city|comment|company|email|headline|keyword|nickname|notes?|query"
    r"|subject|title|username)s?$|^((author|company|customer|display|file|first|full|last|user)_?)?names?$|^tags$"
)
# What visitors write, or say of themselves.
_BY_VISITORS = frozenset(
    {"author", "comment", "customer", "feedback", "guest", "profile", "reply", "review", "user", "visitor"}
)
_OWN = frozenset({"_meta", "app", "cls", "column", "field", "form", "model", "opts", "view", "widget"})
_DISPLAYED = re.compile(r"^get_\w+_display$")  # a choice's label, or what a model makes of its own dates
_PLAIN = re.compile(r"_(id|at|on|date|time)$|(^|_)(count|slug)$")
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
        self._seen: set[ast.AST] = set()
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
        if isinstance(node, ast.Attribute):
            return self._of_attribute(node, depth)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id.isupper():
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
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            yield node.left if isinstance(node.left, (ast.Constant, ast.List, ast.Tuple)) else node.right
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
        word = name or _dotted(node.func)
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        if _TRANSLATING.search(word):
            self.translated = True
        elif name == "builtins.str" or _TRUSTING.search(word) or name.rpartition(".")[2] in _HANDING_ON:
            given = [node.func.value, *given] if method in _HANDING_ON else given  # type: ignore[attr-defined]
        elif (
            name in _HARMLESS
            or method in _RENDERING
            or _DISPLAYED.search(method)
            or _HARMLESS_WORDS.search(word.lower())
        ):
            return []
        elif isinstance(node.func, ast.Attribute) and method in _FILLING | _HANDING_ON:
            self.built = self.built or method in _FILLING
            given = [node.func.value, *given]
        else:
            return [node] if self._is_loose(self._returned(node.func), depth) else []
        return [part for one in given for part in self.loose(one, depth - 1)]

    def _of_name(self, node: ast.Name, depth: int) -> list[ast.expr]:
        if node.id.isupper():
            return []
        bound = self._file.names.value(node)
        if bound is not node and isinstance(bound, ast.expr):
            return self.loose(bound, depth - 1)
        given = given_to(node)
        if given is not None:
            return self._of_all(given, depth)
        binding = self._file.names.binding(node.id, node)
        if binding is not None and binding.kind == "values":
            return self._of_all(binding.nodes, depth)
        return [node]

    def _of_attribute(self, node: ast.Attribute, depth: int) -> list[ast.expr]:
        """What the class around a method assigns, once and for all; else only what the name says."""
        if self._is_own(node):
            return []
        owner = self._file.names.class_of_self(node.value)
        found = self._file.names.attributes(owner).get(node.attr) if owner is not None else None
        if found is not None and found.kind == "value" and found.node is not None:
            return [node] if self._is_loose((found.node,), depth) else []
        return [node]

    def _returned(self, function: ast.expr) -> Iterable[ast.AST]:
        """What a function of this module, or a method of the class around, returns; nothing for others."""
        names = self._file.names
        if isinstance(function, ast.Name):
            found = names.binding(function.id, function)
        else:
            owner = names.class_of_self(function.value) if isinstance(function, ast.Attribute) else None
            found = names.attributes(owner).get(function.attr) if owner is not None else None  # type: ignore[attr-defined]
        if found is None or not isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ()
        return returned(found.node)

    def _is_loose(self, nodes: Iterable[ast.AST], depth: int) -> bool:
        """Whether one of several expressions has loose parts, or there is none."""
        found = list(nodes)
        return not found or bool(self._of_all(found, depth))

    def _of_all(self, nodes: Iterable[ast.AST], depth: int) -> list[ast.expr]:
        """The loose parts of several expressions, each of which is looked at once: names are made of themselves."""
        fresh = [one for one in nodes if one not in self._seen and isinstance(one, ast.expr)]
        self._seen.update(fresh)
        return [part for one in fresh for part in self.loose(one, depth - 1)]

    def _is_own(self, node: ast.Attribute) -> bool:
        """Whether an attribute is the project's own: a setting, an identifier, a constant."""
        if node.attr in _KEYS or node.attr.isupper() or _PLAIN.search(node.attr):
            return True
        return (self._file.resolve(node) or "").startswith("django.conf.settings.")


def _is_number_format(spec: ast.expr | None) -> bool:
    """Whether a format such as `.2f` or `d` makes a number of a value."""
    if not isinstance(spec, ast.JoinedStr) or len(spec.values) != 1:
        return False
    text = spec.values[0]
    return isinstance(text, ast.Constant) and str(text.value)[-1:] in "bcdeEfFgGnoxX%"


def is_written(loose: Iterable[ast.expr]) -> bool:
    """Whether a loose part is named like what people write: `user.name`, `comment.text`, `title`."""
    return any(_WRITTEN.search(_written_name(one)) for one in loose)


def is_plain_text(path: Sequence[str]) -> bool:
    """Whether a name is one of plain text that people write: `page.title`, `comment.body`, no `content`."""
    *owners, last = path or ("",)
    if not _OWN.isdisjoint(owners):
        return False
    by_visitors = not _BY_VISITORS.isdisjoint(owners) and _WRITTEN.search(last.lower()) is not None
    return by_visitors or _PLAIN_TEXT.search(last.lower()) is not None


def is_handed_plain_text(loose: Iterable[ast.expr]) -> bool:
    """Whether a value that is handed over as it is, is an attribute or item of plain text that people write."""
    return any("." in (name := _dotted(one)) and is_plain_text(name.split(".")) for one in loose)


def _written_name(node: ast.expr) -> str:
    """The last name of an expression that is a name; empty for others, and for names of a program's own parts."""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    *owners, last = _dotted(node).split(".")
    return "" if not _OWN.isdisjoint(owners) else last


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


def _dotted(node: ast.expr) -> str:
    """A name as it is written, without what it is asked of where that is no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id] if isinstance(node, ast.Name) else parts))


def _last(name: str | None) -> str:
    return (name or "").rpartition(".")[2]
