"""What the fields of forms and serializers let through: their values after validation, as they are followed."""

from __future__ import annotations

from collections.abc import Mapping

from checks.frameworks.django.schema import schema_named
from checks.frameworks.forms import form_of
from checks.frameworks.serializers import serializer_of
from checks.semantics.interpret.targets import Class
from checks.semantics.library import INJECTIONS
from checks.semantics.source import File
from checks.semantics.taints import Taint
from checks.semantics.values import Value

VALIDATED = frozenset({"model", "nan", "session"})
_TYPES = {
    "IntegerField": "builtins.int",
    "FloatField": "builtins.float",
    "DecimalField": "decimal.Decimal",
    "BooleanField": "builtins.bool",
    "DateField": "datetime.date",
    "DateTimeField": "datetime.datetime",
    "TimeField": "datetime.time",
    "DurationField": "datetime.timedelta",
    "UUIDField": "uuid.UUID",
    "FileField": "django.core.files.uploadedfile.UploadedFile",
    "ImageField": "django.core.files.uploadedfile.UploadedFile",
}
# Numbers, dates, slugs, and what must be one of what the code or the database offers.
_HARMLESS = (
    "IntegerField",
    "FloatField",
    "DecimalField",
    "BooleanField",
    "DateField",
    "DateTimeField",
    "TimeField",
    "DurationField",
    "UUIDField",
    "SlugField",
    "ChoiceField",
    "RelatedField",
    "ForeignKey",
    "IPAddressField",
    "SelectField",
    "RadioField",
    "RangeField",
    "OneToOneField",
    "ManyToManyField",
)
_ROWS = ("ModelChoiceField", "ModelMultipleChoiceField", "RelatedField", "ForeignKey")
_LINES = frozenset({"header", "log"})


def validated_fields(owner: Class) -> Value | None:
    """The `cleaned_data` of a form, or the `validated_data` of a serializer, by field; None for other classes."""
    form = form_of(owner.node, owner.file)
    if form is not None:
        kinds = {name: one.dotted.rpartition(".")[2] for name, one in form.declared.items()}
        whole = "form"
        named, model = form.fields, form.model
    else:
        serializer = serializer_of(owner.node, owner.file)
        if serializer is None:
            return None
        kinds = {name: one.dotted.rpartition(".")[2] for name, one in serializer.declared.items()}
        whole = "serializer"
        named, model = serializer.fields, serializer.model
    kinds = {**_columns(model, named, owner.file), **kinds}
    items = {name: _value(name, kind, whole) for name, kind in kinds.items()}
    rest = Value(taints=(_taint(owner, "", whole, VALIDATED),))
    return Value(type="builtins.dict", items=items, rest=rest)


def _columns(model: str, named: tuple[str, ...] | None, file: File) -> Mapping[str, str]:
    """The kinds of a model's columns that a form or serializer takes over."""
    schema = schema_named(model, file) if model else None
    if schema is None:
        return {}
    return {
        name: "ChoiceField" if column.choices else column.kind
        for name, column in schema.columns.items()
        if named is None or "__all__" in named or name in named
    }


def _value(name: str, kind: str, whole: str) -> Value:
    if kind.endswith(_ROWS):
        return Value()  # rows of the database
    clean = VALIDATED
    if kind.endswith(_HARMLESS):
        clean = clean | INJECTIONS
    elif kind in ("CharField", "EmailField", "URLField"):
        clean = clean | _LINES  # one line: their widgets' line breaks are refused or taken away
    if kind in ("FilePathField",):
        clean = clean | {"path"}
    type_ = _TYPES.get(
        kind, "builtins.str" if kind.endswith(("CharField", "SlugField", "EmailField")) else None
    )
    return Value(type=type_, taints=(_taint(name, name, whole, clean),))


def _taint(origin: object, name: str, whole: str, clean: frozenset[str]) -> Taint:
    return Taint("request", (whole, origin), (whole, name) if name else (whole,), frozenset(clean))
