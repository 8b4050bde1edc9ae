"""Schemas, configuration and arguments: marshmallow, pydantic, graphene, environ, decouple, dateutil ...

From marshmallow's documentation ("Deserializing Objects"), pydantic's ("Models"), Graphene's ("Resolvers",
"Mutations"), django-environ's ("Tips"), python-decouple's README, dateutil's ("parser"). A schema lets texts
through as they are: what it gives is still the client's words.
"""

from __future__ import annotations

from checks.frameworks.flask.dumping import dump
from checks.frameworks.libraries.django.contrib import VALIDATED
from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of
from checks.semantics.library import Entry, Library, converts, gives, passes, source

SCHEMA = "marshmallow.Schema"
_VALIDATED = Entry(passes=(0,), cleans=VALIDATED)
_PARSED = Entry(returns="self", passes=("*",), cleans=VALIDATED)
_ENVIRONMENT = {
    **each(
        "__call__ str get_value unicode",
        Entry(returns="builtins.str", source="environment", passes=((1, "default"),)),
    ),
    **each("bool", TRUTH),
    **each("int float", Entry(returns="builtins.int", source="environment")),
    **each("list tuple dict json", source("environment")),
    **each("cache cache_url db db_url email email_url path read_env search_url url", NOTHING),
}

library = Library(
    "data.schemas",
    entries={
        SCHEMA: gives(SCHEMA),
        **of(
            SCHEMA,
            {
                **each("load loads", _VALIDATED),
                "validate": NOTHING,
                **each("dump dumps", Entry(does=dump)),
            },
        ),
        "marshmallow.Schema.from_dict": NOTHING,
        "marshmallow.ValidationError": passes(0),
        **of(
            "marshmallow.fields",
            each("Boolean Date DateTime Dict Email Float Integer List Nested Str String Url", NOTHING),
        ),
        "pydantic.BaseModel": _PARSED,
        **of(
            "pydantic.BaseModel",
            each(
                "construct model_construct model_validate model_validate_json parse_obj parse_raw",
                Entry(passes=(0,), cleans=VALIDATED),
            ),
        ),
        **of(
            "pydantic.BaseModel",
            each("copy dict json model_copy model_dump model_dump_json", Entry(passes=(-1,))),
        ),
        **of(
            "pydantic",
            {
                "TypeAdapter": gives("pydantic.TypeAdapter"),
                "Field": NOTHING,
                "validator": NOTHING,
                "field_validator": NOTHING,
            },
        ),
        **of("pydantic.TypeAdapter", each("validate_json validate_python", _VALIDATED)),
        "pydantic.parse_obj_as": passes(1),
        "cerberus.Validator": gives("cerberus.Validator"),
        "cerberus.Validator.validate": TRUTH,
        "cerberus.Validator.validated": passes(0),
        "jsonschema.validate": NOTHING,
        **of(
            "graphene", each("Boolean Date DateTime Field Float ID Int List NonNull Schema String", NOTHING)
        ),
        "graphene.Mutation.Field": NOTHING,
        "graphene.ResolveInfo.context": gives("django.http.HttpRequest"),
        "graphql.type.definition.GraphQLResolveInfo.context": gives("django.http.HttpRequest"),
        **each("environ.Env environ.FileAwareEnv", gives("environ.Env")),
        **of("environ.Env", _ENVIRONMENT),
        "environ.Path": NOTHING,
        "decouple.config": Entry(source="environment", passes=((1, "default"),)),
        "decouple.Csv": NOTHING,
        "decouple.AutoConfig": NOTHING,
        "dotenv.load_dotenv": NOTHING,
        "dotenv.dotenv_values": source("environment", "builtins.dict"),
        "dateutil.parser.parse": converts("datetime.datetime"),
        "dateutil.parser.isoparse": converts("datetime.datetime"),
        "dateutil.relativedelta.relativedelta": NOTHING,
        **of(
            "arrow",
            {
                "get": converts("datetime.datetime"),
                "now": gives("datetime.datetime"),
                "utcnow": gives("datetime.datetime"),
            },
        ),
        **of("argparse", {"ArgumentParser": gives("argparse.ArgumentParser"), "FileType": NOTHING}),
        **of(
            "argparse.ArgumentParser",
            {
                **each("parse_args parse_known_args", source("local")),
                "add_argument": NOTHING,
                "error": Entry(ends=True),
            },
        ),
        **of(
            "argparse.ArgumentParser",
            {
                "add_argument_group": gives("argparse.ArgumentParser"),
                "add_subparsers": NOTHING,
                "print_help": NOTHING,
            },
        ),
        **of(
            "click",
            {
                **each("argument command group option pass_context", NOTHING),
                **each("echo secho style", NOTHING),
                "prompt": source("local", "builtins.str"),
            },
        ),
        "getpass.getpass": source("local", "builtins.str"),
        **of("phonenumbers", {"parse": passes(0), "is_valid_number": TRUTH, "format_number": TEXT}),
        "email_validator.validate_email": passes(0),
        "tldextract.extract": passes(0),
        **each("pytz.timezone pytz.utc pytz.all_timezones", NOTHING),
    },
    aliases={
        "django_environ.": "environ.",
        "environ.environ.": "environ.",
        "flask_marshmallow.Schema": SCHEMA,
        "marshmallow.schema.": "marshmallow.",
        "pydantic.main.": "pydantic.",
        "graphene.types.": "graphene.",
    },
)
