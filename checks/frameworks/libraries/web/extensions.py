"""Flask's extensions: logins, mail, sessions, caches, REST, tokens, arguments.

From their documentation: "How it Works" (Flask-Login), "Flask-Mail", "Usage" (Flask-Session), "Caching other
functions" (Flask-Caching), "Request Parsing" (Flask-RESTful), "API Documentation" (Flask-JWT-Extended),
"Quickstart" (webargs).
"""

from __future__ import annotations

from checks.frameworks.flask.marshalling import field, marshal
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.semantics.library import Entry, Library, Sink, gives, passes, source

_MESSAGE = Entry(
    returns="flask_mail.Message",
    sinks=(
        Sink("response-header", (0, "subject")),
        Sink("response-header", (1, "recipients")),
        Sink("html-email", (3, "html")),
        Sink("response-header", "sender"),
        Sink("response-header", "reply_to"),
    ),
)
_FIELDS = "Boolean DateTime FormattedString Integer List Nested Raw String Url"
_CACHE = {
    "get": Entry(sinks=(Sink("cache-key", (0, "key")),)),
    "set": Entry(sinks=(Sink("cache-key", (0, "key")),)),
    "add": Entry(sinks=(Sink("cache-key", (0, "key")),)),
    **each("cached clear delete delete_many delete_memoized get_many init_app memoize set_many", NOTHING),
}

library = Library(
    "web.extensions",
    entries={
        "flask_login.current_user": gives("flask_login.UserMixin"),
        **of("flask_login.UserMixin", each("is_active is_anonymous is_authenticated", TRUTH)),
        "flask_login.UserMixin.get_id": TEXT,
        **of("flask_login", each("confirm_login login_fresh login_user logout_user", TRUTH)),
        **of("flask_login", each("fresh_login_required login_required", passes(0))),
        "flask_login.LoginManager": gives("flask_login.LoginManager"),
        **of(
            "flask_login.LoginManager",
            each("init_app login_view unauthorized user_loader request_loader", NOTHING),
        ),
        "flask_mail.Message": _MESSAGE,
        "flask_mail.Mail": gives("flask_mail.Mail"),
        "flask_mail.Mail.init_app": NOTHING,
        "flask_mail.Mail.send": Entry(work="mail"),
        "flask_mail.Mail.connect": gives("flask_mail.Mail"),
        "flask_mail.Mail.send_message": Entry(sinks=_MESSAGE.sinks, work="mail"),
        **of("flask_mail.Message", each("add_recipient attach", NOTHING)),
        "flask_mail.Message.html=": Entry(sinks=(Sink("html-email", 0),)),
        "flask_mail.Message.subject=": Entry(sinks=(Sink("response-header", 0),)),
        "flask_session.Session": NOTHING,
        "flask_caching.Cache": gives("flask_caching.Cache"),
        **of("flask_caching.Cache", _CACHE),
        "flask_restful.reqparse.RequestParser": gives("flask_restful.reqparse.RequestParser"),
        "flask_restful.reqparse.RequestParser.parse_args": source("request", "builtins.dict"),
        **of(
            "flask_restful.reqparse.RequestParser",
            each("add_argument copy remove_argument replace_argument", NOTHING),
        ),
        "flask_restful.abort": Entry(ends=True),
        "flask_restful.Api": NOTHING,
        "flask_restful.marshal": Entry(passes=(0,), does=marshal),
        **of("flask_restful.fields", each(_FIELDS, Entry(apply=field))),
        "flask_restx.reqparse.RequestParser": gives("flask_restful.reqparse.RequestParser"),
        "flask_restx.abort": Entry(ends=True),
        **of(
            "flask_jwt_extended",
            each("create_access_token create_refresh_token decode_token get_csrf_token", NOTHING),
        ),
        **of("flask_jwt_extended", each("current_user get_current_user get_jwt get_jwt_identity", NOTHING)),
        **of("flask_jwt_extended", each("set_access_cookies set_refresh_cookies unset_jwt_cookies", NOTHING)),
        "webargs.flaskparser.parser.parse": source("request"),
        "webargs.djangoparser.parser.parse": source("request"),
        **of("flask_limiter.Limiter", each("exempt init_app limit shared_limit", NOTHING)),
        **of("flask_babel", each("format_date format_datetime get_locale", TEXT)),
        **of("flask_babel", each("gettext lazy_gettext ngettext", passes(returns="builtins.str"))),
        "flask_uploads.UploadSet.save": Entry(returns="builtins.str", sinks=(Sink("path", (1, "folder")),)),
    },
    aliases={
        "flask_login.utils.": "flask_login.",
        "flask_caching.SimpleCache.": "flask_caching.Cache.",
        "flask_jwt_extended.utils.": "flask_jwt_extended.",
        "flask_babelex.": "flask_babel.",
    },
)
