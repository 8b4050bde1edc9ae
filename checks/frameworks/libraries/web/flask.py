"""Flask.

From Flask's documentation: "API" (Incoming Request Data, Response Objects, Sessions, Useful Functions and
Classes, Template Rendering), "Security Considerations", "Templates" (autoescaping of `.html`, `.htm`, `.xml`,
`.xhtml`, `.svg`).
"""

from __future__ import annotations

from dataclasses import replace

from checks.frameworks.libraries.conditions import is_text
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.frameworks.libraries.web import werkzeug
from checks.frameworks.rendering import renders
from checks.semantics.library import Entry, Library, Sink, gives, passes, sink, source

REQUEST = "flask.Request"
RESPONSE = "flask.Response"
SESSION = "flask.sessions.SessionMixin"
APP = "flask.Flask"
RENDERED = frozenset({"html", "html-email", "xml"})
"""What a template with autoescaping makes harmless."""

_RENDER = Entry(
    returns="builtins.str",
    passes=("*",),
    cleans=RENDERED,
    sinks=(Sink("response", "*"), Sink("context", 0)),
)
_RENDER_SOURCE = Entry(
    returns="builtins.str",
    passes=("*",),
    cleans=RENDERED,
    sinks=(Sink("template", (0, "source")), Sink("response", "*")),
)
_BODY = (Sink("html", 0, is_text(0)), Sink("response", 0))
_SCAFFOLD = {
    **each(
        "add_url_rule after_request before_request context_processor delete endpoint errorhandler get"
        " patch post put"
        " register_error_handler route teardown_request url_defaults url_value_preprocessor",
        NOTHING,
    ),
    "open_resource": gives("io.TextIOWrapper"),
    "send_static_file": gives(RESPONSE),
    **each("name static_folder static_url_path root_path", TEXT),
}
_APP = {
    "logger": gives("logging.Logger"),
    "config": gives("flask.Config"),
    "jinja_env": gives("jinja2.EscapingEnvironment"),
    "secret_key": source("secret", "builtins.str"),
    "make_response": Entry(returns=RESPONSE, sinks=_BODY),
    "redirect": sink("redirect", (0, "location"), returns=RESPONSE),
    **each("debug testing", TRUTH),
    **each("instance_path import_name url_for", TEXT),
    **each(
        "app_context extensions register_blueprint run shell_context_processor test_client view_functions",
        NOTHING,
    ),
    **each(
        "add_template_filter add_template_global json teardown_appcontext template_filter url_map cli",
        NOTHING,
    ),
    **each("before_first_request test_request_context wsgi_app template_global", NOTHING),
    "response_class": Entry(returns=RESPONSE, sinks=werkzeug.BODY),
}
_SET = Entry(sinks=(Sink("session-value", 1), Sink("session", 0)))
_SESSION = {
    **each("__setitem__ setdefault", _SET),
    "update": Entry(sinks=(Sink("session", 0),)),
    # The session is signed: what it gives back was put in by the application.
    **each("get __getitem__ pop items keys values", NOTHING),
    **each("clear permanent modified accessed new", NOTHING),
}

_FUNCTIONS = {
    "Flask": gives(APP),
    "Blueprint": gives("flask.Blueprint"),
    "Response": Entry(returns=RESPONSE, sinks=werkzeug.BODY),
    "abort": werkzeug.ABORT,
    "current_app": gives(APP),
    "request": gives(REQUEST),
    "session": gives(SESSION),
    "flash": NOTHING,
    "get_flashed_messages": NOTHING,
    "jsonify": Entry(returns=RESPONSE, sinks=(Sink("response", "*"),)),
    "make_response": Entry(returns=RESPONSE, sinks=_BODY),
    "redirect": sink("redirect", (0, "location"), returns=RESPONSE),
    **each(
        "render_template stream_template", replace(_RENDER, does=renders((0, "template_name_or_list"), None))
    ),
    **each("render_template_string stream_template_string", _RENDER_SOURCE),
    "send_file": werkzeug.SEND_FILE,
    "send_from_directory": werkzeug.SEND_FROM,
    "url_for": TEXT,
    **each("copy_current_request_context stream_with_context", passes(0)),
    **each("has_app_context has_request_context", TRUTH),
    "after_this_request": NOTHING,
    "get_template_attribute": NOTHING,
    "json.dumps": Entry(returns="builtins.str", passes=(0,), cleans=frozenset({"header", "log"})),
    "json.loads": passes(0),
    "json.jsonify": Entry(returns=RESPONSE, sinks=(Sink("response", "*"),)),
    "helpers.safe_join": Entry(returns="builtins.str", passes=("*",), cleans=frozenset({"path"})),
}

library = Library(
    "web.flask",
    entries={
        **of("flask", _FUNCTIONS),
        **of(
            REQUEST,
            {
                "view_args": source("request", "builtins.dict"),
                **each("blueprint blueprints endpoint", TEXT),
                **each("url_rule routing_exception on_json_loading_failed", NOTHING),
            },
        ),
        **of(APP, {**_SCAFFOLD, **_APP}),
        **of("flask.Blueprint", {**_SCAFFOLD, **each("before_app_request app_errorhandler record", NOTHING)}),
        **of(
            "flask.Config",
            each("from_envvar from_file from_mapping from_object from_prefixed_env from_pyfile", NOTHING),
        ),
        **of("flask.Config", each("get __getitem__ setdefault update __setitem__ get_namespace", NOTHING)),
        **of(SESSION, _SESSION),
        "flask.views.MethodView": NOTHING,
        "flask.views.View.as_view": NOTHING,
        "flask.helpers.get_debug_flag": TRUTH,
    },
    bases={
        REQUEST: (werkzeug.REQUEST,),
        RESPONSE: (werkzeug.RESPONSE,),
        "flask.views.MethodView": ("flask.views.View",),
        "flask.sessions.SecureCookieSession": (SESSION,),
    },
    aliases={
        "flask.app.Flask": APP,
        "flask.app.Flask.": f"{APP}.",
        "flask.escape": "markupsafe.escape",
        "flask.Markup": "markupsafe.Markup",
        "flask.Markup.": "markupsafe.Markup.",
        "flask.globals.": "flask.",
        "flask.helpers.abort": "flask.abort",
        "flask.helpers.make_response": "flask.make_response",
        "flask.helpers.redirect": "flask.redirect",
        "flask.helpers.send_file": "flask.send_file",
        "flask.helpers.send_from_directory": "flask.send_from_directory",
        "flask.helpers.url_for": "flask.url_for",
        "flask.templating.": "flask.",
        "flask.wrappers.": "flask.",
    },
)
