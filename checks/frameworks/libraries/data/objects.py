"""What makes objects of bytes: PyYAML, ruamel.yaml, jsonpickle, dill, cloudpickle, joblib, torch, numpy.

From PyYAML's documentation ("Loading YAML": "it is not safe to call yaml.load with any data received from an
untrusted source"; `SafeLoader`, `BaseLoader`, and `FullLoader` make plain objects), ruamel.yaml's ("Basic
Usage": `typ`), jsonpickle's ("Warning"), dill's, joblib's ("Persistence"), PyTorch's (`torch.load`:
`weights_only`), NumPy's (`numpy.load`: `allow_pickle`).
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import absent_or, constant_is, either, is_absent, is_named
from checks.frameworks.libraries.tables import each, of, sinks
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, sink
from checks.semantics.values import Value, instance

_UNSAFE = ("CLoader", "CUnsafeLoader", "Loader", "UnsafeLoader")
_LOADER = (1, "Loader")
_STREAM = Sink("deserialize", (0, "stream"))
_WHEN_UNSAFE = either(is_absent(_LOADER), is_named(_LOADER, *(f"yaml.{name}" for name in _UNSAFE)))
_LOAD = Entry(passes=(0,), sinks=(Sink("deserialize", (0, "stream"), _WHEN_UNSAFE),))
_UNSAFE_LOAD = Entry(passes=(0,), sinks=(_STREAM,))
_ANY = Entry(passes=(0,), sinks=(Sink("deserialize", 0),))
_ROUND_TRIP = "ruamel.yaml.YAML"
_UNSAFE_YAML = "ruamel.yaml.UnsafeYAML"
_RUAMEL_UNSAFE = is_named(_LOADER, *(f"ruamel.yaml.{name}" for name in ("Loader", "UnsafeLoader")))


def _of_type(call: Invocation) -> Value | None:
    """`YAML(typ="unsafe")` makes any object; the other types don't."""
    return instance(_UNSAFE_YAML) if call.constant((0, "typ")) == "unsafe" else None


library = Library(
    "data.objects",
    entries={
        **of(
            "yaml",
            {
                **each("load load_all", _LOAD),
                **each("unsafe_load unsafe_load_all", _UNSAFE_LOAD),
                **each("full_load full_load_all safe_load safe_load_all", passes(0)),
                **each("dump dump_all safe_dump safe_dump_all", passes(0, returns="builtins.str")),
                "YAMLError": passes(),
            },
        ),
        _ROUND_TRIP: Entry(returns=_ROUND_TRIP, apply=_of_type),
        **of(
            _ROUND_TRIP,
            {**each("load load_all", passes(0)), "dump": Entry(sinks=(Sink("write", (0, "data")),))},
        ),
        **of(_UNSAFE_YAML, each("load load_all", _UNSAFE_LOAD)),
        **of(
            "ruamel.yaml",
            each(
                "load load_all",
                Entry(
                    passes=(0,),
                    sinks=(Sink("deserialize", (0, "stream"), either(is_absent(_LOADER), _RUAMEL_UNSAFE)),),
                ),
            ),
        ),
        **of("ruamel.yaml", each("round_trip_load safe_load", passes(0))),
        **of("jsonpickle", {**each("decode loads", _ANY), **each("dumps encode", escapes("header", "log"))}),
        "jsonpickle.unpickler.decode": _ANY,
        "jsonpickle.unpickler.Unpickler.restore": _ANY,
        **each("dill.load dill.loads cloudpickle.load cloudpickle.loads", _ANY),
        **each(
            "dill.dump dill.dumps cloudpickle.dump cloudpickle.dumps", passes(0, returns="builtins.bytes")
        ),
        "dill.load_module": sink("deserialize", 0),
        "joblib.load": sinks(
            Sink("deserialize", (0, "filename")), Sink("path", (0, "filename"), or_file=True)
        ),
        "joblib.dump": sinks(Sink("path", (1, "filename"), or_file=True)),
        "torch.load": Entry(
            sinks=(
                Sink("deserialize", (0, "f"), constant_is("weights_only", False)),
                Sink("path", (0, "f"), or_file=True),
            )
        ),
        "torch.save": sinks(Sink("path", (1, "f"), or_file=True)),
        "numpy.load": Entry(
            returns="numpy.ndarray",
            sinks=(
                Sink("deserialize", (0, "file"), constant_is((2, "allow_pickle"), True)),
                Sink("path", (0, "file"), or_file=True),
            ),
        ),
        "numpy.save": sinks(Sink("path", (0, "file"), or_file=True)),
        **of("numpy", each("array asarray frombuffer fromstring", passes(0, returns="numpy.ndarray"))),
        "keras.models.load_model": Entry(
            sinks=(
                Sink("deserialize", (0, "filepath"), absent_or("safe_mode", False)),
                Sink("path", (0, "filepath")),
            )
        ),
        **each("msgpack.packb msgpack.dumps", passes(0, returns="builtins.bytes")),
        **each("msgpack.unpackb msgpack.loads", passes(0)),
        "django_redis.serializers.pickle.PickleSerializer.loads": _ANY,
        "celery.utils.serialization.pickle.loads": _ANY,
        "pickletools.dis": gives("builtins.NoneType"),
    },
    bases={_UNSAFE_YAML: (_ROUND_TRIP,)},
    aliases={
        "keras.saving.load_model": "keras.models.load_model",
        "numpy.lib.npyio.": "numpy.",
        "ruamel_yaml.": "ruamel.yaml.",
        "sklearn.externals.joblib.": "joblib.",
        "tensorflow.keras.models.": "keras.models.",
        "torch.serialization.": "torch.",
        "yaml.cyaml.": "yaml.",
        "yaml.loader.": "yaml.",
    },
)
