"""Forms of Django and WTForms: their fields, the model behind them, and what of it they let be written."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from checks.frameworks.class_options import Declared, declared_in, lineage_of, meta_options, names_given
from checks.semantics.source import File

ALL = "__all__"

_DJANGO = ("django.forms.", "django.contrib.auth.forms.", "django.contrib.admin.forms.")
_MODEL_FORMS = frozenset(
    {"BaseModelForm", "ModelForm", "UserCreationForm", "UserChangeForm", "AdminModelForm"}
)
_WTF = ("wtforms.", "flask_wtf.", "wtforms_sqlalchemy.", "wtforms_alchemy.")
_FORMS = ("Form", "BaseForm")


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form: `framework` django or wtforms; `declared` its own and inherited fields.

    Of a model form, `model` is the dotted name, `fields` what it names (`("__all__",)` for all), `exclude` what it
    leaves out; `None` where the option is absent or not certain. `meta` holds all options.
    """

    name: str
    node: ast.ClassDef
    file: File
    framework: str
    declared: Mapping[str, Declared]
    model: str = ""
    fields: tuple[str, ...] | None = None
    exclude: tuple[str, ...] | None = None
    meta: Mapping[str, tuple[ast.expr, File]] | None = None

    @property
    def names(self) -> frozenset[str]:
        """The names of the fields that can be seen."""
        return frozenset(self.declared) | frozenset(name for name in self.fields or () if name != ALL)


def form_of(node: ast.ClassDef, file: File) -> Form | None:
    """The form that a class is, `None` for others; base classes are followed into other files."""
    return file.once(("form", node), lambda: _form(node, file))


def _form(node: ast.ClassDef, file: File) -> Form | None:
    lineage = lineage_of(node, file)
    above = [name for name, found, _ in lineage if found is None]
    django = any(name.startswith(_DJANGO) and name.endswith(_FORMS) for name in above)
    wtforms = any(name.startswith(_WTF) and name.endswith(_FORMS) for name in above)
    if not django and not wtforms:
        return None
    declared = {name: one for name, one in declared_in(lineage).items() if one.dotted.endswith("Field")}
    if wtforms:
        return Form(node.name, node, file, "wtforms", declared)
    options = meta_options(lineage)
    model = options.get("model")
    return Form(
        name=node.name,
        node=node,
        file=file,
        framework="django",
        declared=declared,
        model=(model[1].resolve(model[0]) or "") if model is not None else "",
        fields=names_given(options.get("fields")),
        exclude=names_given(options.get("exclude")),
        meta=options,
    )
