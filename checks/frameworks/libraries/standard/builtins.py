"""Built-in functions, texts and containers.

From the standard library's documentation: Built-in Functions; Built-in Types.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import (
    EVERYTHING,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    each,
    of,
    own,
    sinks,
)
from checks.semantics.library import (
    INJECTIONS,
    Entry,
    Library,
    Sink,
    checks,
    converts,
    escapes,
    passes,
    sink,
    source,
)

_FUNCTIONS = {
    **each("all any callable hasattr isinstance issubclass", TRUTH),
    **each("hash id len ord", NUMBER),
    **each("breakpoint delattr globals help locals print property super type object range", NOTHING),
    **each("classmethod staticmethod", passes(0)),
    **each("abs divmod max min pow round sum", EVERYTHING),
    **each("bin hex oct", converts("builtins.str")),
    **each("ascii repr", escapes("header", "log")),
    **each("list reversed sorted", passes(0, returns="builtins.list")),
    **each("enumerate zip slice", EVERYTHING),
    **each("aiter iter", passes(0, returns="argument")),
    **each("anext next", passes(0, 1)),
    "filter": Entry(returns="argument", passes=(1,), calls=(0, 1)),
    "map": Entry(returns="builtins.list", calls=(0, 1)),
    "__import__": sink("code", (0, "name")),
    "bool": converts("builtins.bool"),
    "bytearray": passes(0, returns="builtins.bytearray"),
    "bytes": passes(0, returns="builtins.bytes"),
    "chr": passes(0, returns="builtins.str"),
    "compile": sink("code", (0, "source"), passes=(0,)),
    "complex": converts("builtins.complex"),
    "dict": passes(returns="builtins.dict"),
    "dir": NOTHING,
    "eval": sink("code", (0, "expression"), passes=(0,)),
    "exec": sink("code", (0, "object")),
    "float": Entry(returns="builtins.float", passes=(0,), cleans=INJECTIONS, sinks=(Sink("nan", 0),)),
    "format": passes(0, returns="builtins.str"),
    "frozenset": passes(0, returns="builtins.frozenset"),
    "getattr": passes(0, 2),
    "input": source("local", "builtins.str"),
    "int": converts("builtins.int"),
    "memoryview": passes(0, returns="builtins.memoryview"),
    "open": sink("path", (0, "file"), returns="io.TextIOWrapper"),
    "set": passes(0, returns="builtins.set"),
    "setattr": Entry(sinks=(Sink("attribute", 1),)),
    "str": passes(0, returns="builtins.str"),
    "tuple": passes(0, returns="builtins.tuple"),
    "vars": passes(0, returns="builtins.dict"),
}

_TEXT = {
    **each(
        "capitalize casefold center expandtabs ljust lower lstrip removeprefix removesuffix rjust"
        " rstrip strip"
        " swapcase title translate upper zfill",
        own("self"),
    ),
    **each("count find index rfind rindex", NUMBER),
    **each("endswith istitle isascii islower isprintable isspace isupper startswith", TRUTH),
    **each("isdecimal isdigit isnumeric", checks(*INJECTIONS, argument=-1)),
    **each(
        "isalnum isalpha", checks(*(INJECTIONS - {"code", "command", "deserialize", "nosql"}), argument=-1)
    ),
    "isidentifier": checks(*(INJECTIONS - {"code", "command", "deserialize", "nosql"}), argument=-1),
    **each("partition rpartition rsplit split splitlines", own("builtins.list")),
    "__getitem__": own("self"),
    "__iter__": own("self"),
    "encode": own("builtins.bytes"),
    "format": passes(returns="builtins.str"),
    "format_map": passes(returns="builtins.str"),
    "join": passes(-1, 0, returns="self"),
    "maketrans": NOTHING,
    "replace": passes(-1, 1, returns="self"),
}

_OF_TEXT_ONLY = frozenset(
    ["casefold", "encode", "format", "format_map", "isdecimal", "isidentifier", "isnumeric", "isprintable"]
)
_BYTES = {
    **{name: entry for name, entry in _TEXT.items() if name not in _OF_TEXT_ONLY},
    "decode": own("builtins.str"),
    "hex": Entry(returns="builtins.str", passes=(-1,), cleans=INJECTIONS - {"code", "path"}),
    "fromhex": passes(0, returns="builtins.bytes"),
}

_LIST = {
    **each("clear remove reverse sort", NOTHING),
    **each("count index", NUMBER),
    "append": Entry(stores=(0,)),
    "copy": own("self"),
    "extend": Entry(stores=(0,)),
    "insert": Entry(stores=(1,)),
    "pop": own(),
}

_SET = {
    **each("clear discard remove", NOTHING),
    **each("isdisjoint issubset issuperset", TRUTH),
    **each("difference intersection", own("self")),
    **each("symmetric_difference union", passes(-1, 0, returns="self")),
    "add": Entry(stores=(0,)),
    "copy": own("self"),
    "pop": own(),
    "update": Entry(stores=(0,)),
}

_DICT = {
    "clear": NOTHING,
    "copy": own("self"),
    "fromkeys": passes(returns="builtins.dict"),
    "get": passes(-1, 1),
    "items": own("builtins.list"),
    "keys": own("builtins.list"),
    "pop": passes(-1, 1),
    "popitem": own(),
    "setdefault": Entry(passes=(-1, 1), stores=(1,)),
    "update": Entry(stores=(0,)),
    "values": own("builtins.list"),
}

_NUMBERS = {
    **each("bit_length bit_count conjugate", NUMBER),
    "as_integer_ratio": NOTHING,
    "to_bytes": passes(-1, returns="builtins.bytes"),
    "from_bytes": converts("builtins.int"),
}

library = Library(
    "standard.builtins",
    entries={
        **of("builtins", _FUNCTIONS),
        **of("builtins.str", _TEXT),
        **of("builtins.bytes", _BYTES),
        **of("builtins.bytearray", {**_BYTES, "append": Entry(stores=(0,)), "extend": Entry(stores=(0,))}),
        **of("builtins.list", _LIST),
        **of("builtins.set", _SET),
        **of("builtins.frozenset", {name: _SET[name] for name in ("difference", "intersection", "union")}),
        **of("builtins.dict", _DICT),
        **of("builtins.tuple", each("count index", NUMBER)),
        **of("builtins.int", _NUMBERS),
        **of("builtins.float", {"fromhex": converts("builtins.float"), "is_integer": TRUTH, "hex": TEXT}),
        "builtins.BaseException": passes(returns="self"),
        "builtins.BaseException.args": own("builtins.tuple"),
        "builtins.BaseException.with_traceback": own("self"),
        "builtins.BaseException.add_note": NOTHING,
        "*.__setattr__": sinks(Sink("attribute", 0)),
    },
    bases={"builtins.Exception": ("builtins.BaseException",), "builtins.bool": ("builtins.int",)},
)
