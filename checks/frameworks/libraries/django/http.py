"""Django's requests, responses and shortcuts.

From Django's documentation: "Request and response objects", "Django shortcut functions", "django.urls utility
functions", "Class-based views". `get_host` is checked against `ALLOWED_HOSTS`; `get_full_path` begins with
one slash and is percent-encoded.
"""

from __future__ import annotations

from checks.frameworks.django import class_views
from checks.frameworks.django.query_makers import get_list, get_object
from checks.frameworks.libraries.conditions import is_markup
from checks.frameworks.libraries.django.db import BY_KEY
from checks.frameworks.libraries.tables import (
    ITSELF,
    LOGGED,
    NOTHING,
    NUMBER,
    QUOTED,
    TEXT,
    TRUTH,
    each,
    list_of,
    of,
    own,
    sinks,
)
from checks.frameworks.rendering import renders
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, source
from checks.semantics.taints import join_taints
from checks.semantics.values import Value, all_taints, cleaned, instance

REQUEST = "django.http.HttpRequest"
RESPONSE = "django.http.HttpResponse"
UPLOADS = "django.http.request.Uploads"
UPLOADED = "django.core.files.uploadedfile.UploadedFile"
SESSION = "django.contrib.sessions.backends.base.SessionBase"
ENVIRON = "wsgiref.types.WSGIEnvironment"
SERVER_KEYS = (
    "CONTENT_LENGTH",
    "CSRF_COOKIE",
    "GATEWAY_INTERFACE",
    "HTTPS",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "REMOTE_USER",
    "REQUEST_METHOD",
    "SCRIPT_NAME",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "SERVER_SOFTWARE",
    "wsgi.input",
    "wsgi.url_scheme",
)
"""What the server or the framework puts beside the headers: no client chooses it."""


def _of_server(call: Invocation) -> Value | None:
    """What the server itself says of a request, and headers, of which no line break is left when they are read."""
    key = call.constant(0)
    if key in SERVER_KEYS:
        return instance("builtins.str")
    if not isinstance(key, str) or not (key.startswith("HTTP_") or key in ("CONTENT_TYPE", "QUERY_STRING")):
        return None
    taints = tuple(taint.child(f"[{key}]") for taint in call.receiver.taints) if call.receiver else ()
    for value in call.arguments(1):
        taints = join_taints(taints, all_taints(value))
    return cleaned(Value(type="builtins.str", taints=taints), LOGGED | {"nosql"})


_VARIABLE = Entry(returns="builtins.str", passes=(-1, 1), cleans=frozenset({"nosql"}), apply=_of_server)
_OWN_PAGE = QUOTED | {"redirect"}
_REQUEST = {
    **each("GET POST", source("request", "django.http.QueryDict")),
    "FILES": source("request", UPLOADS),
    # Who sends a cookie has it: to be given it once more changes nothing.
    "COOKIES": Entry(returns="builtins.dict", source="request", cleans=frozenset({"cookie"})),
    "META": source("request", ENVIRON, SERVER_KEYS),
    "headers": Entry(returns="django.http.request.HttpHeaders", source="request", cleans=LOGGED),
    **each("body read readline", source("request", "builtins.bytes")),
    "readlines": source("request", "builtins.list"),
    # It begins with a slash, so that no host can stand in it.
    **each(
        "path path_info",
        Entry(returns="builtins.str", source="request", cleans=frozenset({"redirect", "url"})),
    ),
    **each(
        "get_full_path get_full_path_info", Entry(returns="builtins.str", source="request", cleans=_OWN_PAGE)
    ),
    **each("content_type content_params", source("request")),
    # Without an argument it gives the address of the page itself.
    "build_absolute_uri": passes(0, returns="builtins.str"),
    **each("get_host _get_raw_host", source("host", "builtins.str")),
    **each("encoding get_port method scheme csp_nonce", TEXT),
    **each("accepts is_ajax is_secure", TRUTH),
    "get_preferred_type": TEXT,
    "get_signed_cookie": passes((1, "default"), returns="builtins.str"),
    "session": gives(SESSION),
    **each("user auser", gives("django.contrib.auth.models.User")),
    "resolver_match": gives("django.urls.ResolverMatch"),
    **each("close current_app site upload_handlers urlconf", NOTHING),
}
_VALUE = Entry(returns="builtins.str", passes=(-1, 1), cleans=frozenset({"nosql"}))
_MULTI = {
    **each("get pop setdefault", _VALUE),
    **each("__getitem__ __iter__", own("builtins.str", "nosql")),
    **each("getlist keys lists setlistdefault values", own("builtins.list", "nosql")),
    **each("dict items", own("builtins.dict")),
    "copy": own("self"),
    **each("__setitem__ appendlist setlist", Entry(stores=(1,))),
    "update": Entry(stores=(0,)),
    "clear": NOTHING,
}
_UPLOADS = {
    **each("get pop __getitem__", own(UPLOADED)),
    **each("getlist values", list_of(UPLOADED)),
    **each("items keys", own("builtins.list")),
    "__iter__": own("builtins.str"),
}

_COOKIE = (Sink("cookie", (0, "key")), Sink("cookie", (1, "value")))
_HEADER = Entry(sinks=(Sink("response-header", 0), Sink("response-header", 1)))
_BODY = (Sink("html", (0, "content"), is_markup((1, "content_type"))), Sink("response", (0, "content")))
_ANSWERS = (
    "HttpResponse HttpResponseBadRequest HttpResponseForbidden HttpResponseGone HttpResponseNotFound"
    " HttpResponseServerError"
)
_REDIRECT = sinks(Sink("redirect", (0, "redirect_to")), returns=RESPONSE)
_STREAM = (
    Sink("html", (0, "streaming_content"), is_markup((1, "content_type"))),
    Sink("response", (0, "streaming_content")),
)
_RESPONSE = {
    **each("set_cookie set_signed_cookie", Entry(sinks=_COOKIE)),
    **each("__setitem__ setdefault", _HEADER),
    "headers": gives("django.http.response.ResponseHeaders"),
    **each("write", Entry(sinks=(Sink("html", 0), Sink("response", 0)))),
    "writelines": Entry(sinks=(Sink("html", 0), Sink("response", 0))),
    "getvalue": own("builtins.bytes"),
    "content": NOTHING,
    "content=": Entry(sinks=(Sink("html", 0), Sink("response", 0))),
    "has_header": TRUTH,
    "status_code": NUMBER,
    **each("__delitem__ close delete_cookie flush items", NOTHING),
    **each("charset reason_phrase", TEXT),
    **each("get __getitem__", TEXT),
}

_SHORTCUTS = {
    "render": Entry(
        returns=RESPONSE,
        sinks=(Sink("response", (2, "context")), Sink("context", (2, "context"))),
        does=renders((1, "template_name"), (2, "context")),
    ),
    "render_to_response": Entry(
        returns=RESPONSE,
        sinks=(Sink("response", (1, "context")),),
        does=renders((0, "template_name"), (1, "context")),
    ),
    "redirect": sinks(Sink("redirect", (0, "to")), returns=RESPONSE),
    "resolve_url": passes(0, returns="builtins.str"),
    **each("get_list_or_404 aget_list_or_404", Entry(does=get_list)),
    **each("get_object_or_404 aget_object_or_404", Entry(sinks=BY_KEY, does=get_object)),
}

_URLS = {
    **each("get_script_prefix reverse reverse_lazy", TEXT),
    "resolve": gives("django.urls.ResolverMatch"),
    **each("get_resolver get_urlconf include path re_path set_script_prefix translate_url", NOTHING),
    "is_valid_path": TRUTH,
    "ResolverMatch.kwargs": source("request", "builtins.dict"),
    "ResolverMatch.captured_kwargs": source("request", "builtins.dict"),
    "ResolverMatch.args": source("request", "builtins.tuple"),
    **each(
        "ResolverMatch.app_name ResolverMatch.namespace ResolverMatch.route ResolverMatch.url_name"
        " ResolverMatch.view_name",
        TEXT,
    ),
}

_VIEW = {
    "request": gives(REQUEST),
    "kwargs": source("request", "builtins.dict"),
    "args": source("request", "builtins.tuple"),
    **each("get_form get_form_class get_paginator object object_list", NOTHING),
    "render_to_response": Entry(returns=RESPONSE, sinks=(Sink("response", (0, "context")),)),
    **each("get_success_url get_template_names", NOTHING),
    "as_view": Entry(does=class_views.as_view),
    "get_queryset": Entry(does=class_views.get_queryset),
    "get_object": Entry(does=class_views.get_object),
    "get_context_data": Entry(returns="builtins.dict", passes=("*",), does=class_views.get_context_data),
}

_GENERIC_VIEWS = (
    "ArchiveIndexView",
    "CreateView",
    "DateDetailView",
    "DayArchiveView",
    "DeleteView",
    "DetailView",
    "FormView",
    "ListView",
    "MonthArchiveView",
    "RedirectView",
    "TemplateView",
    "TodayArchiveView",
    "UpdateView",
    "WeekArchiveView",
    "YearArchiveView",
)

library = Library(
    "django.http",
    entries={
        **of(REQUEST, _REQUEST),
        "django.http.QueryDict": passes(0, returns="django.http.QueryDict"),
        "django.http.QueryDict.urlencode": escapes(*QUOTED, "path", "redirect", argument=-1),
        "django.http.QueryDict.fromkeys": passes(returns="django.http.QueryDict"),
        **of("django.utils.datastructures.MultiValueDict", _MULTI),
        **of(UPLOADS, _UPLOADS),
        **of(ENVIRON, {**each("get pop setdefault __getitem__", _VARIABLE), "items": own("builtins.dict")}),
        **of(
            "django.http.request.HttpHeaders",
            {
                "get": Entry(returns="builtins.str", passes=(-1, 1), cleans=frozenset({"nosql"})),
                "__getitem__": own("builtins.str", "nosql"),
                "items": own("builtins.dict"),
            },
        ),
        **of("django.http", each(_ANSWERS, Entry(returns=RESPONSE, sinks=_BODY))),
        **of(
            "django.http",
            {
                "HttpResponseNotAllowed": gives(RESPONSE),
                "HttpResponseNotModified": gives(RESPONSE),
                "HttpResponseRedirect": _REDIRECT,
                "HttpResponsePermanentRedirect": _REDIRECT,
                "JsonResponse": sinks(Sink("response", (0, "data")), returns=RESPONSE),
                "StreamingHttpResponse": Entry(returns="django.http.StreamingHttpResponse", sinks=_STREAM),
                "FileResponse": sinks(Sink("response-file", 0), returns="django.http.StreamingHttpResponse"),
                "Http404": NOTHING,
                "BadHeaderError": NOTHING,
                "parse_cookie": passes(0, returns="builtins.dict"),
            },
        ),
        **of(RESPONSE, _RESPONSE),
        **of(
            "django.http.response.ResponseHeaders",
            {**each("__setitem__ setdefault", _HEADER), **each("get __getitem__", TEXT)},
        ),
        "django.http.response.ResponseHeaders.pop": TEXT,
        **each(
            "django.template.response.TemplateResponse",
            Entry(
                returns="django.template.response.TemplateResponse",
                sinks=(Sink("response", (2, "context")),),
                does=renders((1, "template"), (2, "context")),
            ),
        ),
        "django.template.response.SimpleTemplateResponse": Entry(
            returns="django.template.response.TemplateResponse",
            sinks=(Sink("response", (1, "context")),),
            does=renders((0, "template"), (1, "context")),
        ),
        "django.http.HttpResponseRedirect.url": TEXT,
        "django.template.response.TemplateResponse.render": ITSELF,
        "django.template.response.TemplateResponse.add_post_render_callback": NOTHING,
        **of("django.shortcuts", _SHORTCUTS),
        **of("django.urls", _URLS),
        "django.views.generic.View": gives("django.views.generic.View"),
        **{f"django.views.generic.{name}": gives(f"django.views.generic.{name}") for name in _GENERIC_VIEWS},
        **of("django.views.generic.View", _VIEW),
        "django.views.static.serve": sinks(Sink("path", (2, "document_root")), returns=RESPONSE),
        "*.set_cookie": Entry(sinks=_COOKIE),
        "*.set_signed_cookie": Entry(sinks=_COOKIE),
    },
    bases={
        "django.http.QueryDict": ("django.utils.datastructures.MultiValueDict",),
        "django.utils.datastructures.MultiValueDict": ("builtins.dict",),
        ENVIRON: ("builtins.dict",),
        "django.http.StreamingHttpResponse": (RESPONSE,),
        "django.template.response.TemplateResponse": (RESPONSE,),
        **{
            f"django.http.{name}": (RESPONSE,)
            for name in (
                *_ANSWERS.split()[1:],
                "HttpResponseRedirect",
                "JsonResponse",
                "HttpResponseNotAllowed",
            )
        },
        "django.http.FileResponse": ("django.http.StreamingHttpResponse",),
        **{f"django.views.generic.{name}": ("django.views.generic.View",) for name in _GENERIC_VIEWS},
    },
    aliases={
        "django.core.handlers.asgi.ASGIRequest": REQUEST,
        "django.core.handlers.wsgi.WSGIRequest": REQUEST,
        "django.core.urlresolvers.": "django.urls.",
        "django.http.cookie.parse_cookie": "django.http.parse_cookie",
        "django.http.request.HttpRequest": REQUEST,
        "django.http.request.HttpRequest.": f"{REQUEST}.",
        "django.http.request.QueryDict": "django.http.QueryDict",
        "django.http.request.QueryDict.": "django.http.QueryDict.",
        **{f"django.http.response.{name}": f"django.http.{name}" for name in _ANSWERS.split()},
        **{
            f"django.http.response.{name}": f"django.http.{name}"
            for name in (
                "FileResponse",
                "Http404",
                "HttpResponseNotAllowed",
                "HttpResponsePermanentRedirect",
                "HttpResponseRedirect",
                "JsonResponse",
                "StreamingHttpResponse",
            )
        },
        "django.urls.base.": "django.urls.",
        "django.urls.conf.": "django.urls.",
        "django.urls.resolvers.": "django.urls.",
        "django.views.View": "django.views.generic.View",
        "django.views.View.": "django.views.generic.View.",
        **{
            f"django.views.generic.{name}.": "django.views.generic."
            for name in ("base", "dates", "detail", "edit", "list")
        },
    },
)
