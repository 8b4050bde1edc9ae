"""Runs programs with marked inputs and says which of them let one do harm. A child process of the matrix test.

It reads JSON on standard input, `{"programs": [{"package", "kind", "inputs", "files"}]}`, and writes
`{package: {"harm": input or null, "reached": whether the sink was called, "error": the last exception}}`.
"""

from __future__ import annotations

import builtins
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import standins  # type: ignore[import-not-found]
from harm import BENIGN, PAYLOADS, harmful  # type: ignore[import-not-found]

_SCRATCH = {name: getattr(builtins, name) for name in dir(builtins)}


class Recorder:
    """What reaches the sinks while one program runs with one input."""

    def __init__(self) -> None:
        self.found: list[tuple[str, Any]] = []

    def __call__(self, kind: str, value: Any) -> None:
        self.found.append((kind, value))


def main() -> None:
    """Run the programs that standard input names."""
    job = json.load(sys.stdin)
    recorder = Recorder()
    standins.install(recorder)
    answers = {program["package"]: _run(program, recorder) for program in job["programs"]}
    print(json.dumps(answers))


def _run(program: dict[str, Any], recorder: Recorder) -> dict[str, Any]:
    codes = {path: compile(text, path, "exec", dont_inherit=True) for path, text in program["files"].items()}
    answer: dict[str, Any] = {"harm": None, "reached": False, "error": None}
    for given in (*PAYLOADS[program["kind"]], *BENIGN):
        if program["inputs"] == "line" and ("\n" in given or "\r" in given):
            continue
        recorder.found.clear()
        answer["error"] = _once(program["package"], codes, given) or answer["error"]
        values = [value for kind, value in recorder.found if kind == program["kind"]]
        answer["reached"] = answer["reached"] or bool(values)
        if any(harmful(program["kind"], value) for value in values):
            answer["harm"] = given
            break
    return answer


def _once(package: str, codes: dict[str, Any], given: str) -> str | None:
    """One run of a view from freshly imported modules; what it raised, if it did."""
    loader = _Loader(package, codes)
    sys.meta_path.insert(0, loader)
    try:
        standins.receive(given)
        view = __import__(f"{package}.views", fromlist=["view"]).view
        view(*([standins.request] if view.__code__.co_argcount else []))
    except (Exception, SystemExit) as error:
        return type(error).__name__
    finally:
        sys.meta_path.remove(loader)
        for name in [name for name in sys.modules if name == package or name.startswith(package + ".")]:
            del sys.modules[name]
    return None


class _Loader:
    """Imports a program's modules from their compiled code, with recording built-in functions."""

    def __init__(self, package: str, codes: dict[str, Any]) -> None:
        self.package = package
        self.codes = codes

    def find_spec(self, name: str, path: object = None, target: object = None) -> Any:
        """The specification of a module of the program, None of any other."""
        from importlib.machinery import ModuleSpec

        file = name.replace(".", "/")
        if name == self.package:
            return ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]
        return ModuleSpec(name, self) if f"{file}.py" in self.codes else None  # type: ignore[arg-type]

    def create_module(self, spec: object) -> None:
        """The usual kind of module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        module.__dict__["__builtins__"] = {**_SCRATCH, **standins.BUILTINS}
        name = module.__name__.replace(".", "/")
        code = self.codes.get(f"{name}.py")
        if code is not None:
            exec(code, module.__dict__)


if __name__ == "__main__":
    main()
