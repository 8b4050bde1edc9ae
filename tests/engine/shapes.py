"""Texts that try to overflow a parser's stack, and a run of them all: a process of its own, since they might end it."""

import json
import sys
from collections.abc import Callable

from checks.engine.parse import parse
from checks.model import Problem

SHAPES: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: "(" * n + "1" + ")" * n,
    "open parentheses": lambda n: "(" * n,
    "closed parentheses": lambda n: ")" * n,
    "lists": lambda n: "[" * n + "]" * n,
    "open braces": lambda n: "{" * n,
    "dictionaries": lambda n: "{1:" * n + "1" + "}" * n,
    "mixed brackets": lambda n: "([{" * n,
    "calls in calls": lambda n: "f(" * n + ")" * n,
    "calls of calls": lambda n: "f" + "()" * n,
    "subscripts": lambda n: "a" + "[0]" * n,
    "attributes": lambda n: "a" + ".b" * n,
    "sum": lambda n: "1" + " + 1" * n,
    "power": lambda n: "1 ** " * n + "1",
    "minus": lambda n: "-" * n + "1",
    "not": lambda n: "not " * n + "1",
    "and": lambda n: "1 and " * n + "1",
    "comparison": lambda n: "1 < " * n + "1",
    "conditional": lambda n: "1 if 1 else " * n + "1",
    "lambdas": lambda n: "lambda: " * n + "1",
    "lambda defaults": lambda n: "lambda a=" * n + "1" + ": 1" * n,
    "lambda defaults behind commas": lambda n: "lambda a=b in c, d=" * n + "1" + ": 1" * n,
    "walrus": lambda n: "(a := " * n + "1" + ")" * n,
    "awaits": lambda n: "await " * n + "a",
    "strings": lambda n: "'a' " * n,
    "f-strings": lambda n: "f'{a}' " * n,
    "f-strings in f-strings": lambda n: "f'{" * n + "1" + "}'" * n,
    "format specifications": lambda n: "f'" + "{a:" * n + "}" * n + "'",
    "brackets in an f-string": lambda n: "f'{" + "(" * n + "}'",
    "brackets in a raw f-string": lambda n: "rf'\\N{" + "(" * n + "}'",
    "brackets in a t-string": lambda n: "t'''{" + "[" * n + "}'''",
    "assignments": lambda n: "a = " * n + "1",
    "annotations": lambda n: "a: " * n + "1",
    "ifs": lambda n: "".join(" " * i + "if 1:\n" for i in range(min(n, 1500))) + " " * 1500 + "pass",
    "elifs": lambda n: "if 1:\n pass\n" + "elif 1:\n pass\n" * n,
    "decorators": lambda n: "@a\n" * n + "def f(): pass",
    "comprehensions": lambda n: "[1" + " for a, b in c" * n + "]",
    "conditions": lambda n: "[1 for a in b" + " if c" * n + "]",
    "patterns": lambda n: "match a:\n case " + "[" * n + "]" * n + ": pass",
    "pattern tuples": lambda n: "match a:\n case " + "(" * n + "1" + ",)" * n + ": pass",
    "deletions": lambda n: "del " + "(" * min(n, 60) + "a b",
    "type parameters": lambda n: "def f[T: " + "[" * n + "]" * n + "](): pass",
    "dotted import": lambda n: "import a" + ".a" * n,
    "dots": lambda n: "from " + "." * n + " import a",
    "backslashes": lambda n: "\\\n" * n + "1",
    "quotes": lambda n: '"' * n,
    "newlines": lambda n: "\n" * n,
}


def _main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]]
    for name, shape in SHAPES.items():
        for size in sizes:
            for head in (
                "",
                "type T = int\n",
            ):  # the second is for libcst wherever `ast.parse` knows no `type`
                result = parse("hostile.py", (head + shape(size)).encode())
                kind = result.kind if isinstance(result, Problem) else None
                print(json.dumps([name, size, kind]), flush=True)


if __name__ == "__main__":
    _main()
