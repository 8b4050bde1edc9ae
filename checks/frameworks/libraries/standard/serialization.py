"""What makes objects of bytes or reads structured files: pickle, marshal, shelve, csv, configparser ...

From the standard library's documentation: pickle ("never unpickle data that could have come from an untrusted
source"), marshal, shelve, multiprocessing.connection (Connection.recv), logging.config (listen), csv, struct,
plistlib.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TRUTH, each, of, own, sinks
from checks.semantics.library import Entry, Library, Sink, gives, passes, sink, source

_LOADS = Entry(sinks=(Sink("deserialize", (0, "data")),), passes=(0,))
_LOAD = Entry(sinks=(Sink("deserialize", (0, "file")),), passes=(0,))
_CELLS = Entry(returns="builtins.int", sinks=(Sink("csv", 0),))
_INI = {
    **each("add_section clear read_dict remove_option remove_section set write", NOTHING),
    **each("has_option has_section getboolean", TRUTH),
    **each("getfloat getint", NUMBER),
    **each("get __getitem__ items options sections", own()),
    "read": Entry(sinks=(Sink("path", (0, "filenames")),)),
    "read_file": Entry(stores=(0,)),
    "read_string": Entry(stores=(0,)),
}

library = Library(
    "standard.serialization",
    entries={
        **of("pickle", {"loads": _LOADS, "load": _LOAD, "Unpickler": passes(0, returns="pickle.Unpickler")}),
        "pickle.Unpickler.load": Entry(sinks=(Sink("deserialize", -1),), passes=(-1,)),
        "pickle.dumps": passes(0, returns="builtins.bytes"),
        **each("pickle.dump pickle.Pickler", Entry(sinks=(Sink("write", 0),))),
        **of("marshal", {"loads": _LOADS, "load": _LOAD, "dumps": passes(0, returns="builtins.bytes")}),
        **each("shelve.open dbm.open", sink("path", (0, "filename"), returns="shelve.Shelf")),
        "shelve.open": sinks(
            Sink("deserialize", (0, "filename")), Sink("path", (0, "filename")), returns="shelve.Shelf"
        ),
        **of("shelve.Shelf", each("get __getitem__ items values", NOTHING)),
        "multiprocessing.connection.Connection.recv": source("remote"),
        "logging.config.listen": NOTHING,
        "copyreg.pickle": NOTHING,
        "csv.writer": gives("csv.Writer"),
        "csv.DictWriter": gives("csv.DictWriter"),
        **of("csv.Writer", {**each("writerow writerows", _CELLS), "writeheader": NOTHING}),
        "csv.reader": passes(0, returns="builtins.list"),
        "csv.DictReader": passes(0, returns="csv.DictReader"),
        **of(
            "csv.DictReader",
            {"fieldnames": own("builtins.list"), "__iter__": own("builtins.dict"), "line_num": NUMBER},
        ),
        "csv.Sniffer": NOTHING,
        **each("csv.Sniffer.sniff csv.register_dialect csv.field_size_limit", NOTHING),
        **each("configparser.ConfigParser configparser.RawConfigParser", gives("configparser.ConfigParser")),
        **of("configparser.ConfigParser", _INI),
        **each("tomllib.load tomllib.loads tomli.load tomli.loads plistlib.load plistlib.loads", passes(0)),
        "struct.pack": passes(returns="builtins.bytes"),
        **each("struct.unpack struct.unpack_from", passes(1, returns="builtins.tuple")),
        "struct.calcsize": NUMBER,
        **each("array.array bisect.bisect bisect.bisect_left bisect.insort", NOTHING),
    },
    bases={"csv.DictWriter": ("csv.Writer",)},
    aliases={
        "_pickle.": "pickle.",
        "cPickle.": "pickle.",
        "six.moves.cPickle.": "pickle.",
        "_csv.Writer.": "csv.Writer.",
        "unicodecsv.": "csv.",
    },
)
