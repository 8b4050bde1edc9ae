"""Django's contributed apps, forms and templates: auth, sessions, messages, cleaned data, engines.

From Django's documentation: "Using the Django authentication system", "Password management", "How to use
sessions", "The messages framework", "The Forms API", "Templates". What a form has cleaned is of its fields'
types, and still the client's words.
"""

from __future__ import annotations

from dataclasses import replace

from checks.frameworks.django.forms import model_choice
from checks.frameworks.django.model_classes import get_user_model
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of, sinks
from checks.frameworks.rendering import loads, renders, renders_itself
from checks.semantics.library import Check, Entry, Library, Sink, escapes, gives, passes, sink, source

USER = "django.contrib.auth.models.User"
SESSION = "django.contrib.sessions.backends.base.SessionBase"
FORM = "django.forms.Form"
VALIDATED = frozenset({"model", "nan", "session"})
"""What data that a form or serializer has let through is fit for."""

_USERS = {
    **each(
        "create_user acreate_user create_superuser acreate_superuser",
        sinks(Sink("set-password", (2, "password")), Sink("model", "*"), returns=USER),
    ),
    **each("get_by_natural_key aget_by_natural_key", gives(USER)),
    **each("normalize_email", NOTHING),
}
_USER = {
    **each("set_password", Entry(sinks=(Sink("set-password", (0, "raw_password")),))),
    **each("check_password has_module_perms has_perm has_perms has_usable_password", TRUTH),
    **each("is_active is_anonymous is_authenticated is_staff is_superuser", TRUTH),
    **each("get_all_permissions get_group_permissions get_user_permissions groups user_permissions", NOTHING),
    **each("email first_name get_full_name get_short_name get_username last_name username", TEXT),
    "password": source("secret", "builtins.str"),
    "email_user": Entry(sinks=(Sink("header", (0, "subject")),), work="mail"),
    **each("set_unusable_password get_session_auth_hash id pk last_login date_joined", NOTHING),
    "objects": gives("django.contrib.auth.models.UserManager"),
}
_AUTH = {
    **each("aauthenticate alogin alogout authenticate login logout update_session_auth_hash", NOTHING),
    **each("get_backends get_permission_codename get_user load_backend", NOTHING),
    "get_user_model": Entry(does=get_user_model),
    "hashers.make_password": TEXT,
    "hashers.check_password": TRUTH,
    **each("hashers.is_password_usable hashers.identify_hasher hashers.get_hasher", NOTHING),
    "password_validation.validate_password": Entry(
        checks=(Check((0, "password"), frozenset({"set-password"}), "returns"),)
    ),
    **each(
        "password_validation.password_changed password_validation.get_default_password_validators", NOTHING
    ),
    "tokens.default_token_generator.make_token": TEXT,
    "tokens.default_token_generator.check_token": TRUTH,
    **each("decorators.login_required decorators.permission_required decorators.user_passes_test", passes(0)),
}

_SET = Entry(sinks=(Sink("session-value", 1), Sink("session", 0)))
_SESSION = {
    **each("__setitem__ setdefault", _SET),
    "update": Entry(sinks=(Sink("session", 0),)),
    **each("get __getitem__ pop", NOTHING),
    **each(
        "clear cycle_key delete flush items keys modified save set_expiry set_test_cookie values", NOTHING
    ),
    **each("acycle_key aflush aget aset", NOTHING),
    "session_key": TEXT,
    **each("exists has_key is_empty test_cookie_worked", TRUTH),
}

_FORM = {
    "cleaned_data": Entry(returns="builtins.dict", source="request", cleans=VALIDATED),
    **each("has_changed has_error is_bound is_multipart is_valid", TRUTH),
    **each(
        "add_error changed_data clean errors fields full_clean initial non_field_errors order_fields", NOTHING
    ),
    **each("as_div as_p as_table as_ul media render", NOTHING),
    **each("data files", source("request", "builtins.dict")),
    **each("__getitem__ get_context hidden_fields visible_fields", NOTHING),
}
_OF_SETS = "data errors files full_clean has_changed is_bound is_multipart is_valid media render"
_RENDERED = Entry(
    returns="builtins.str",
    passes=((0, "context"),),
    cleans=frozenset({"html", "html-email", "xml"}),
)

library = Library(
    "django.contrib",
    entries={
        **of("django.contrib.auth", _AUTH),
        **of("django.contrib.auth.models.AbstractBaseUser", _USER),
        USER: Entry(returns=USER, sinks=(Sink("model", "*"),)),
        **of("django.contrib.auth.models.BaseUserManager", _USERS),
        "django.contrib.auth.models.AnonymousUser": gives(USER),
        **of(SESSION, _SESSION),
        "django.contrib.sessions.backends.db.SessionStore": gives(SESSION),
        **of(
            "django.contrib.messages",
            each("add_message debug error get_messages info success warning", NOTHING),
        ),
        "django.contrib.sites.shortcuts.get_current_site": NOTHING,
        "django.contrib.contenttypes.models.ContentType.objects": gives("django.db.models.Manager"),
        "django.contrib.staticfiles.finders.find": NOTHING,
        "django.contrib.humanize.templatetags.humanize.intcomma": passes(0, returns="builtins.str"),
        **each(
            "django.templatetags.static.static django.contrib.staticfiles.storage.staticfiles_storage.url",
            TEXT,
        ),
        **each(f"{FORM} django.forms.ModelForm", gives(FORM)),
        **of(FORM, _FORM),
        **of("django.forms.ModelForm", each("instance save save_m2m", NOTHING)),
        **of(
            "django.forms",
            each("formset_factory inlineformset_factory modelform_factory modelformset_factory", NOTHING),
        ),
        **each(
            "django.forms.ModelChoiceField django.forms.ModelMultipleChoiceField"
            " django_filters.ModelChoiceFilter django_filters.ModelMultipleChoiceFilter",
            Entry(does=model_choice),
        ),
        "django.forms.models.model_to_dict": NOTHING,
        "django.forms.models.construct_instance": Entry(sinks=(Sink("model", 1),)),
        "django.forms.ValidationError": passes(0),
        **of(
            "django.forms.formsets.BaseFormSet",
            {
                **{name: _FORM[name] for name in _OF_SETS.split()},
                "cleaned_data": Entry(returns="builtins.list", source="request", cleans=VALIDATED),
                **each(
                    "deleted_forms extra_forms forms management_form non_form_errors ordered_forms", NOTHING
                ),
            },
        ),
        "django.template.Template": sink(
            "template", (0, "template_string"), returns="django.template.Template"
        ),
        **of("django.template.Template", {"render": replace(_RENDERED, does=renders_itself), "name": TEXT}),
        "django.template.Template.source": NOTHING,
        **each("django.template.Context django.template.RequestContext", passes(returns="builtins.dict")),
        "django.template.Engine": gives("django.template.Engine"),
        **of(
            "django.template.Engine",
            {
                "from_string": sink("template", (0, "template_code"), returns="django.template.Template"),
                **each("get_template select_template get_default", gives("django.template.Template")),
                "render_to_string": escapes(*_RENDERED.cleans, argument=1),
            },
        ),
        "django.template.engines": gives("django.template.utils.EngineHandler"),
        "django.template.utils.EngineHandler.__getitem__": gives("django.template.Engine"),
        **of(
            "django.template.loader",
            {
                **each(
                    "get_template select_template",
                    Entry(returns="django.template.Template", does=loads((0, "template_name"))),
                ),
                "render_to_string": Entry(
                    returns="builtins.str",
                    does=renders((0, "template_name"), (1, "context")),
                    passes=((1, "context"),),
                    cleans=_RENDERED.cleans,
                    sinks=(Sink("context", (1, "context")),),
                ),
            },
        ),
        **of(
            "django.template.defaultfilters",
            {
                **each("escape_filter force_escape", escapes(*_RENDERED.cleans)),
                "escapejs_filter": escapes("html", "script"),
                **each("safe", sink("html", 0, passes=(0,))),
                **each("date floatformat filesizeformat pluralize time", TEXT),
                **each("linebreaksbr striptags title truncatechars truncatewords urlize", passes(0)),
            },
        ),
    },
    bases={
        USER: ("django.contrib.auth.models.AbstractUser",),
        "django.contrib.auth.models.AbstractUser": ("django.contrib.auth.models.AbstractBaseUser",),
        "django.contrib.auth.models.AbstractBaseUser": ("django.db.models.Model",),
        "django.contrib.auth.models.AnonymousUser": (USER,),
        "django.forms.ModelForm": (FORM,),
        "django.forms.BaseForm": (FORM,),
        "django.contrib.auth.forms.AuthenticationForm": (FORM,),
        "django.contrib.auth.forms.PasswordChangeForm": (FORM,),
        "django.contrib.auth.forms.UserCreationForm": ("django.forms.ModelForm",),
        "django.contrib.sessions.backends.db.SessionStore": (SESSION,),
    },
    aliases={
        "django.contrib.auth.base_user.": "django.contrib.auth.models.",
        "django.contrib.messages.api.": "django.contrib.messages.",
        "django.forms.forms.": "django.forms.",
        "django.forms.models.ModelForm": "django.forms.ModelForm",
        "django.template.backends.django.Template.": "django.template.Template.",
        "django.template.base.Template": "django.template.Template",
        "django.template.context.": "django.template.",
        "django.template.engine.Engine": "django.template.Engine",
        "django.template.engine.Engine.": "django.template.Engine.",
    },
)
