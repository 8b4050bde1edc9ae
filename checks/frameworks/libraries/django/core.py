"""Django's core: mail, files, signing, cache, validators, serializers, paginator, settings.

From Django's documentation: "Sending email", "File storage API", "Uploaded Files and Upload Handlers",
"Cryptographic signing", "Django's cache framework", "Validators", "Serializing Django objects", "Paginator".
A storage joins names safely to its own folder (`SuspiciousFileOperation` otherwise): what can go astray is
that folder alone. An uploaded file's name is stripped of its folders.
"""

from __future__ import annotations

from checks.frameworks.django.pagination import page, paginator
from checks.frameworks.libraries.conditions import constant_is
from checks.frameworks.libraries.tables import (
    LOGGED,
    NOTHING,
    NUMBER,
    QUOTED,
    TEXT,
    TOKENS,
    TRUTH,
    each,
    of,
    own,
    sinks,
)
from checks.semantics.library import (
    INJECTIONS,
    Check,
    Entry,
    Library,
    Sink,
    escapes,
    gives,
    passes,
    sink,
    source,
)

_HTML_MAIL = Sink("html-email", "html_message")
_SUBJECT = Sink("response-header", (0, "subject"))
_EMAIL = Entry(
    returns="django.core.mail.EmailMessage",
    sinks=(
        _SUBJECT,
        Sink("response-header", (2, "from_email")),
        Sink("response-header", (3, "to")),
        Sink("response-header", (7, "headers")),
        Sink("response-header", (9, "reply_to")),
    ),
)
_MAIL = {
    "send_mail": Entry(
        returns="builtins.int",
        sinks=(
            _SUBJECT,
            Sink("response-header", (2, "from_email")),
            Sink("response-header", (3, "recipient_list")),
            _HTML_MAIL,
        ),
        work="mail",
    ),
    **each("mail_admins mail_managers", Entry(sinks=(_SUBJECT, _HTML_MAIL), work="mail")),
    "send_mass_mail": Entry(
        returns="builtins.int", sinks=(Sink("response-header", (0, "datatuple")),), work="mail"
    ),
    **each("EmailMessage EmailMultiAlternatives", _EMAIL),
    **of("EmailMessage", each("attach attach_file", NOTHING)),
    **of(
        "EmailMessage",
        {
            "attach_alternative": Entry(
                sinks=(Sink("html-email", (0, "content"), constant_is((1, "mimetype"), "text/html")),)
            ),
            "send": Entry(returns="builtins.int", work="mail"),
            **each("subject= from_email=", Entry(sinks=(Sink("response-header", 0),))),
            "message": gives("email.message.Message"),
            "recipients": NOTHING,
        },
    ),
    "get_connection": gives("django.core.mail.backends.base.BaseEmailBackend"),
    "backends.base.BaseEmailBackend.send_messages": Entry(returns="builtins.int", work="mail"),
    **of("backends.base.BaseEmailBackend", each("open close", NOTHING)),
    "outbox": NOTHING,
}

UPLOADED = "django.core.files.uploadedfile.UploadedFile"
_FILE = {
    **each("read readline", own("builtins.bytes")),
    **each("chunks multiple_chunks open readlines __iter__", own()),
    "size": NUMBER,
    "file": own("io.BytesIO"),
    **each("close closed flush seek tell", NOTHING),
    "write": sink("write", 0),
    "name": own("builtins.str"),
}
_STORAGE = {
    "save": Entry(returns="builtins.str", sinks=(Sink("write", (1, "content")),)),
    "open": gives("django.core.files.File"),
    **each("get_available_name get_valid_name generate_filename", escapes("path")),
    **each("path", escapes("path")),
    **each("url", escapes(*QUOTED, "redirect")),
    **each("delete get_accessed_time get_created_time get_modified_time listdir", NOTHING),
    "exists": TRUTH,
    "size": NUMBER,
}

_SIGNER = {
    "sign": TEXT,
    "sign_object": TEXT,
    **each("unsign unsign_object", NOTHING),
    "signature": TEXT,
}

_KEY = Sink("cache-key", (0, "key"))
_CACHE = {
    **each("get aget", Entry(sinks=(_KEY,), passes=((1, "default"),))),
    **each("set add aset aadd", Entry(returns="builtins.bool", sinks=(_KEY,))),
    **each("get_or_set aget_or_set", Entry(sinks=(_KEY,))),
    **each("delete adelete touch has_key incr decr aincr adecr", Entry(sinks=(_KEY,))),
    **each("clear close delete_many get_many set_many", NOTHING),
    "make_key": passes(0, returns="builtins.str"),
}


def _validates(kinds: frozenset[str]) -> Entry:
    return Entry(checks=(Check((0, "value"), kinds, "returns"),))


_WORDS = TOKENS | {"nosql"}
_NUMBERS = INJECTIONS - {"url"}
_VALIDATORS = {
    **each("validate_slug validate_unicode_slug", _validates(_WORDS)),
    **each("validate_ipv4_address validate_ipv6_address validate_ipv46_address", _validates(_NUMBERS)),
    **each("validate_integer validate_comma_separated_integer_list", _validates(_NUMBERS)),
    "validate_email": _validates(LOGGED),
    **each("validate_image_file_extension", NOTHING),
    **each("RegexValidator FileExtensionValidator", NOTHING),
    "URLValidator": gives("django.core.validators.URLValidator"),
    "URLValidator.__call__": _validates(LOGGED | {"script"}),
    "EmailValidator": gives("django.core.validators.EmailValidator"),
    "EmailValidator.__call__": _validates(LOGGED),
    "DomainNameValidator": gives("django.core.validators.DomainNameValidator"),
    "DomainNameValidator.__call__": _validates(_NUMBERS),
}

_SECRETS = "SECRET_KEY SECRET_KEY_FALLBACKS EMAIL_HOST_PASSWORD"


library = Library(
    "django.core",
    entries={
        **of("django.core.mail", _MAIL),
        **of("django.core.files.File", _FILE),
        **of(
            UPLOADED,
            {
                "name": own("builtins.str", "path"),
                **each("charset content_type content_type_extra", own("builtins.str")),
                "temporary_file_path": TEXT,
            },
        ),
        **each(
            "django.core.files.File django.core.files.base.ContentFile",
            passes(0, returns="django.core.files.File"),
        ),
        **each(
            "django.core.files.uploadedfile.SimpleUploadedFile"
            " django.core.files.uploadedfile.InMemoryUploadedFile",
            passes(0, 1, returns=UPLOADED),
        ),
        **of("django.core.files.storage.Storage", _STORAGE),
        "django.core.files.storage.FileSystemStorage": sinks(
            Sink("path", (0, "location")), returns="django.core.files.storage.Storage"
        ),
        "django.core.files.storage.default_storage": gives("django.core.files.storage.Storage"),
        "django.core.files.storage.storages": gives("django.core.files.storage.StorageHandler"),
        "django.core.files.storage.StorageHandler.__getitem__": gives("django.core.files.storage.Storage"),
        "django.core.files.temp.NamedTemporaryFile": gives("io.TextIOWrapper"),
        "django.core.files.move.file_move_safe": sinks(Sink("path", 0), Sink("path", 1)),
        "django.core.files.images.get_image_dimensions": NOTHING,
        **of("django.core.signing", {"dumps": TEXT, "loads": NOTHING, "b62_encode": TEXT}),
        **of(
            "django.core.signing",
            each("Signer TimestampSigner get_cookie_signer", gives("django.core.signing.Signer")),
        ),
        **of("django.core.signing.Signer", _SIGNER),
        "django.core.cache.cache": gives("django.core.cache.backends.base.BaseCache"),
        "django.core.cache.caches": gives("django.core.cache.CacheHandler"),
        "django.core.cache.CacheHandler.__getitem__": gives("django.core.cache.backends.base.BaseCache"),
        **of("django.core.cache.backends.base.BaseCache", _CACHE),
        "django.core.cache.utils.make_template_fragment_key": TEXT,
        **of("django.core.validators", _VALIDATORS),
        "django.core.serializers.deserialize": Entry(
            sinks=(Sink("model", (1, "stream_or_string")),),
            passes=(1,),
        ),
        "django.core.serializers.serialize": NOTHING,
        "django.core.serializers.json.DjangoJSONEncoder": NOTHING,
        "django.core.paginator.Paginator": Entry(
            returns="django.core.paginator.Paginator",
            sinks=(Sink("page-size", (1, "per_page")),),
            does=paginator,
        ),
        **of(
            "django.core.paginator.Paginator",
            {
                **each("get_page page", Entry(does=page)),
                **each("count num_pages page_range get_elided_page_range", NOTHING),
            },
        ),
        **of("django.core.exceptions", each("ValidationError SuspiciousOperation", passes(0))),
        **of(
            "django.core.exceptions",
            each("ImproperlyConfigured ObjectDoesNotExist PermissionDenied", NOTHING),
        ),
        "django.core.management.call_command": Entry(sinks=(Sink("code", (0, "command_name")),)),
        "django.core.management.execute_from_command_line": NOTHING,
        **of(
            "django.core.management.base.BaseCommand",
            {"stdout": gives("io.TextIOWrapper"), "stderr": gives("io.TextIOWrapper")},
        ),
        **of("django.core.management.base.OutputWrapper", {"write": NOTHING}),
        **of("django.conf.settings", each(_SECRETS, source("secret"))),
        "django.conf.settings.DATABASES": source("secret", "builtins.dict"),
        "django.conf.settings.configure": NOTHING,
        "django.conf.settings.is_overridden": TRUTH,
        "django.views.debug.technical_500_response": source("exception"),
        "django.views.debug.ExceptionReporter": source("exception"),
        "django.test.utils.override_settings": NOTHING,
    },
    bases={
        UPLOADED: ("django.core.files.File",),
        "django.core.files.uploadedfile.TemporaryUploadedFile": (UPLOADED,),
        "django.core.files.uploadedfile.InMemoryUploadedFile": (UPLOADED,),
        "django.core.files.storage.FileSystemStorage": ("django.core.files.storage.Storage",),
        "django.core.mail.EmailMultiAlternatives": ("django.core.mail.EmailMessage",),
        "django.core.signing.TimestampSigner": ("django.core.signing.Signer",),
    },
    aliases={
        "django.core.files.base.File": "django.core.files.File",
        "django.core.files.storage.base.": "django.core.files.storage.",
        "django.core.files.storage.filesystem.": "django.core.files.storage.",
        "django.core.mail.message.": "django.core.mail.",
    },
)
