"""Jinja2, MarkupSafe and Mako: environments with and without escaping, templates, markup.

From Jinja's documentation: "API" (Environment, Autoescaping), "Sandbox"; from MarkupSafe's "Working With Safe
Text"; from Mako's "Usage". An environment escapes nothing unless it is told to; Flask's is.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, each, of, own
from checks.frameworks.libraries.web.flask import RENDERED
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, sink
from checks.semantics.values import Value, instance

ENVIRONMENT = "jinja2.Environment"
ESCAPING = "jinja2.EscapingEnvironment"
TEMPLATE = "jinja2.Template"
ESCAPED = "jinja2.EscapedTemplate"
MARKUP = "markupsafe.Markup"


def _escaping(call: Invocation) -> Value | None:
    """An environment that was given `autoescape`: True, or a function that chooses by the template's name."""
    return instance(ESCAPING) if _asks(call) else None


def _escaped(call: Invocation) -> Value | None:
    return instance(ESCAPED) if _asks(call) else None


def _asks(call: Invocation) -> bool:
    given = call.keywords.get("autoescape")
    return given is not None and given.const is not False and given.const is not None


_TEMPLATES = "get_or_select_template get_template select_template"
_COMMON = each(
    "add_extension compile_templates extend filters globals list_templates loader overlay tests", NOTHING
)


def _environment(template: str) -> dict[str, Entry]:
    return {
        **_COMMON,
        **each(_TEMPLATES, gives(template)),
        "from_string": sink("template", (0, "source"), returns=template),
        "compile_expression": Entry(sinks=(Sink("template", (0, "source")),)),
        "undefined": NOTHING,
    }


_CLEANING = Entry(returns="builtins.str", passes=("*",), cleans=RENDERED)
_PASSING = passes(returns="builtins.str")
_RENDERS = "generate generate_async render render_async stream"
_MARKUP = {
    # What is put into markup is escaped on the way.
    **each(
        "format join __add__ __radd__ __mod__ format_map",
        Entry(returns=MARKUP, passes=("*",), cleans=RENDERED),
    ),
    "escape": escapes(*RENDERED, returns=MARKUP),
    **each("striptags unescape", own("builtins.str")),
}

library = Library(
    "web.jinja",
    entries={
        ENVIRONMENT: Entry(returns=ENVIRONMENT, apply=_escaping),
        **of(ENVIRONMENT, _environment(TEMPLATE)),
        **of(ESCAPING, _environment(ESCAPED)),
        TEMPLATE: Entry(returns=TEMPLATE, sinks=(Sink("template", (0, "source")),), apply=_escaped),
        **of(TEMPLATE, {**each(_RENDERS, _PASSING), "module": NOTHING, "name": TEXT}),
        **of(ESCAPED, each(_RENDERS, _CLEANING)),
        # Made for templates that nobody trusts.
        **of(
            "jinja2.sandbox",
            each(
                "ImmutableSandboxedEnvironment SandboxedEnvironment",
                gives("jinja2.sandbox.SandboxedEnvironment"),
            ),
        ),
        **of("jinja2.sandbox.SandboxedEnvironment", each(f"{_TEMPLATES} from_string", gives(TEMPLATE))),
        "jinja2.nativetypes.NativeEnvironment": gives(ENVIRONMENT),
        **of(
            "jinja2",
            each(
                "ChoiceLoader DictLoader FileSystemLoader FunctionLoader PackageLoader PrefixLoader", NOTHING
            ),
        ),
        "jinja2.select_autoescape": NOTHING,
        **of(
            "markupsafe",
            {
                **each("escape escape_silent", escapes(*RENDERED, returns=MARKUP)),
                "soft_str": passes(0, returns="builtins.str"),
                "Markup": sink("html", 0, returns=MARKUP, passes=(0,)),
            },
        ),
        **of(MARKUP, _MARKUP),
        "mako.template.Template": sink("template", (0, "text"), returns="mako.template.Template"),
        **of("mako.template.Template", each("render render_unicode", _PASSING)),
        **each("mako.lookup.TemplateLookup", gives("mako.lookup.TemplateLookup")),
        "mako.lookup.TemplateLookup.get_template": gives("mako.template.Template"),
        "chameleon.PageTemplate": sink("template", 0),
    },
    bases={
        ESCAPING: (ENVIRONMENT,),
        ESCAPED: (TEMPLATE,),
        MARKUP: ("builtins.str",),
    },
    aliases={
        "jinja2.Markup": MARKUP,
        "jinja2.Markup.": f"{MARKUP}.",
        "jinja2.environment.": "jinja2.",
        "jinja2.escape": "markupsafe.escape",
        "jinja2.utils.markupsafe.": "markupsafe.",
        "jinja2.loaders.": "jinja2.",
        "markupsafe.soft_unicode": "markupsafe.soft_str",
    },
)
