"""Forms that send without a token against forged requests.

## What it does
Reports forms of templates that send by POST to the own site and hold no token: no `{% csrf_token %}`, `hidden_tag()` or
the like, in projects whose framework asks for one.

## Why it matters
Without a token, the framework refuses the form. The quick way out is to exempt the view, and then any page on the web
can send that form in the name of a visitor who is signed in: their browser adds the session's cookie by itself.

## Example
```html
<form method="post" action="/orders/">
  <button>Order</button>
</form>
```

## Use instead
```html
<form method="post" action="/orders/">
  {% csrf_token %}
  <button>Order</button>
</form>
```

## Limits
Forms whose action leads to another site or is computed by a script are left alone, and those that never end in their
template, since the rest may hold the token. So are forms whose action comes from the context or a tag of the project's
own: it may lead to another site, which must not learn the token. Of Flask projects, only those with `CSRFProtect` or
SeaSurf are looked at.

## References
- [Django: Cross Site Request Forgery protection](https://docs.djangoproject.com/en/stable/howto/csrf/)
- [Flask-WTF: CSRF Protection](https://flask-wtf.readthedocs.io/en/stable/csrf/)
- [CWE-352: Cross-Site Request Forgery (CSRF)](https://cwe.mitre.org/data/definitions/352.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.fixes.edit import insert_line, replace
from checks.frameworks.templates.forms import Form, forms_of
from checks.frameworks.templates.model import DJANGO
from checks.model import Confidence, Fix, Span
from checks.rule import LIKELY, MEDIUM, POSSIBLE, Document, Finding, Rule, TemplateFile

rule = Rule(
    __name__,
    checklist="security.csrf",
    cwe=352,
    severity=MEDIUM,
    confidence=LIKELY,
    message="{form} sends by POST without a CSRF token: it is refused, or can be forged",
    advice="Put the token into the form: `{% csrf_token %}`, in Flask `form.hidden_tag()` or `csrf_token()`",
)

_TOKEN = re.compile(
    r"csrf|hidden_tag|quick_form|render_form|authenticity_token|\{%\s*crispy\s", re.IGNORECASE
)
_SCRIPTED = re.compile(
    r"\s(?:onsubmit|@submit|v-on:|ng-|hx-|x-on:|data-(?:bind|remote|ajax|hx-|action))", re.IGNORECASE
)
_SENDING = re.compile(r"<(?:button|input|select|textarea)|\{%[-+]?\s*include|form", re.IGNORECASE)
_ELSEWHERE = re.compile(r"(?:[a-z]+:)?//|[a-z]+:|#", re.IGNORECASE)
_OWN_TAG = re.compile(
    r"\{%[-+]?\s*url\s|\{\{[-+]?\s*(?:url_for|url|reverse)\(|\{\{[-+]?\s*request\.(?:path|full_path|get_full_path)"
)
_FORM = re.compile(r"(?:^|[\s=_.])form(?=$|[\s|])")
# Tags that are known to bring no token; another that is given a form may.
_PLAIN_TAGS = frozenset(
    {
        "block",
        "blocktrans",
        "bootstrap_field",
        "bootstrap_form",
        "elif",
        "for",
        "if",
        "include",
        "render_field",
        "set",
        "with",
    }
)
_FLASK = ("CSRFProtect", "CsrfProtect", "SeaSurf")


@rule.on_document("django-template", "jinja-template")
def check(document: Document) -> Iterator[Finding]:
    """A form posts to the own site, and neither it nor what it includes holds a token."""
    if not isinstance(document, TemplateFile) or not document.is_markup:
        return
    for form in forms_of(document):
        if form.method != "post" or not form.closed or _SCRIPTED.search(form.attributes):
            continue
        if (
            _ELSEWHERE.match(form.action)
            or _is_computed(form)
            or _TOKEN.search(form.body)
            or not _is_asked_for(document)
        ):
            continue
        if not _SENDING.search(form.body) or any(_may_hold_token(form, document)):
            continue
        action = form.action.replace("{", "").replace("}", "").strip(" %")
        yield rule.finding(
            form.span,
            document,
            confidence=_confidence(form),
            fix=_fix(form, document),
            cause_hint=r"csrf|hidden_tag",
            form=f"The form of `{action}`" if action else "A form",
        )


def _is_asked_for(document: TemplateFile) -> bool:
    """Whether the project's framework asks for a token: Django does, unless told otherwise; Flask's extensions do."""
    if document.language == DJANGO:
        return True
    project = document.project
    return project is not None and bool(project.mentioning((*_FLASK, "CsrfViewMiddleware"), ".py"))


def _may_hold_token(form: Form, document: TemplateFile) -> Iterator[bool]:
    """Whether something within the form may bring a token: another template, a tag or macro that is given a form."""
    for include in document.template.includes:
        if form.holds(include):
            yield include.name is None or _is_token_in(include.name, document)
    for tag in document.template.tags:
        if form.holds(tag) and tag.name not in _PLAIN_TAGS:
            yield _FORM.search(tag.arguments) is not None
    for hole in document.template.holes:
        if hole.expression.called and form.holds(hole):
            names = [one.path[-1] for one in hole.expression.arguments if one.path]
            yield any("form" in name for name in names)


def _is_token_in(name: str, document: TemplateFile) -> bool:
    """Whether a template of this name holds a token, or can't be found."""
    project = document.project
    found = project.named(f"/{name}") if project is not None else ()
    documents = [project.document(path) for path in found] if project is not None else []
    return not documents or any(one is None or _TOKEN.search(one.text) for one in documents)


def _is_computed(form: Form) -> bool:
    """Whether the address is not in sight: a form that posts to another site must not give the token away."""
    return "{" in form.action and not _OWN_TAG.match(form.action)


def _confidence(form: Form) -> Confidence | None:
    """Lower where another template may fill in a part of the form."""
    return POSSIBLE if re.search(r"\{%[-+]?\s*block\s", form.body) else None


def _fix(form: Form, document: TemplateFile) -> Fix:
    """The token behind the opening tag: on a line of its own, where what follows stands on one."""
    token = "{% csrf_token %}"
    if document.language != DJANGO:
        token = '<input type="hidden" name="csrf_token" value="{{ csrf_token() }}">'
    title = "Put the token into the form"
    line, column = form.span.end_line, form.span.end_column
    behind = document.lines[line - 1][column - 1 :]
    if behind.strip() or line >= len(document.lines):
        edit = replace(document, Span(line, column, line, column), token)
    else:
        following = document.lines[line]
        indent = following[: len(following) - len(following.lstrip())]
        edit = insert_line(document, line + 1, indent + token)
    return Fix(title, safe=True, edits=(edit,))
