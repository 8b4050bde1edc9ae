"""WTForms and Flask-WTF: forms and what their fields hold.

From WTForms' documentation: "Fields", "Forms"; from Flask-WTF's "Creating Forms" (File Uploads), "CSRF
Protection". A field of choices gives one of them; one of numbers, dates or UUIDs gives those.
"""

from __future__ import annotations

from checks.frameworks.libraries.django.contrib import VALIDATED
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.semantics.library import INJECTIONS, Entry, Library, Sink, gives, passes, source

FIELD = "wtforms.Field"
FORM = "wtforms.Form"
_TEXTS = (
    "EmailField HiddenField PasswordField SearchField StringField TelField TextAreaField TextField"
    " URLField ColorField"
)
_CHOICES = "RadioField SelectField SelectMultipleField BooleanField SubmitField"
_VALUES = {
    "DateField": "datetime.date",
    "DateTimeField": "datetime.datetime",
    "DateTimeLocalField": "datetime.datetime",
    "DecimalField": "decimal.Decimal",
    "DecimalRangeField": "decimal.Decimal",
    "FloatField": "builtins.float",
    "IntegerField": "builtins.int",
    "IntegerRangeField": "builtins.int",
    "TimeField": "datetime.time",
}
_UPLOAD = "werkzeug.datastructures.FileStorage"


def _data(returns: str | None, cleans: frozenset[str] = frozenset()) -> Entry:
    return Entry(returns=returns, source="request", cleans=VALIDATED | cleans)


library = Library(
    "web.wtforms",
    entries={
        **of(
            "wtforms",
            {name: gives(f"wtforms.{name}") for name in (*_TEXTS.split(), *_CHOICES.split(), *_VALUES)},
        ),
        **of("wtforms", each("FieldList FileField FormField MultipleFileField", NOTHING)),
        **of(FIELD, {"data": _data("builtins.str"), "raw_data": source("request", "builtins.list")}),
        **of(
            FIELD,
            {
                **each("choices default errors id label name validators description", NOTHING),
                "__call__": TEXT,
            },
        ),
        **{f"wtforms.{name}.data": _data("builtins.str", INJECTIONS) for name in _CHOICES.split()},
        **{f"wtforms.{name}.data": _data(kind, INJECTIONS) for name, kind in _VALUES.items()},
        "wtforms.FileField": gives("wtforms.FileField"),
        "wtforms.FileField.data": _data(_UPLOAD),
        **of("flask_wtf.file", each("FileField MultipleFileField", gives("wtforms.FileField"))),
        **of("flask_wtf.file", each("FileAllowed FileRequired FileSize", NOTHING)),
        FORM: gives(FORM),
        "flask_wtf.FlaskForm": gives("flask_wtf.FlaskForm"),
        **of(FORM, {"data": _data("builtins.dict"), "populate_obj": Entry(sinks=(Sink("model", -1),))}),
        **of(FORM, each("is_submitted validate validate_on_submit", TRUTH)),
        **of(FORM, each("errors hidden_tag process csrf_token meta", NOTHING)),
        "flask_wtf.csrf.generate_csrf": TEXT,
        "flask_wtf.csrf.CSRFProtect": NOTHING,
        "wtforms.validators.ValidationError": passes(0),
        **of(
            "wtforms.validators",
            each(
                "DataRequired Email EqualTo InputRequired Length NumberRange Optional Regexp URL UUID",
                NOTHING,
            ),
        ),
    },
    bases={
        **{
            f"wtforms.{name}": (FIELD,)
            for name in (*_TEXTS.split(), *_CHOICES.split(), *_VALUES, "FileField")
        },
        "flask_wtf.FlaskForm": (FORM,),
        "flask_wtf.file.FileField": ("wtforms.FileField",),
    },
    aliases={
        "flask_wtf.form.": "flask_wtf.",
        "wtforms.fields.": "wtforms.",
        **{
            f"wtforms.fields.{name}.": "wtforms."
            for name in ("choices", "core", "datetime", "html5", "numeric", "simple", "form", "list")
        },
        "wtforms.form.": "wtforms.",
    },
)
