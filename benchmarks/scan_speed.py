"""What a scan costs beside the floor: parsing the same files with `ast`, whole processes, in turns, CPU seconds.

python benchmarks/scan_speed.py FOLDER [--rounds N]
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

FLOOR = """
import ast, gc, pathlib, sys, warnings
gc.disable(); warnings.simplefilter("ignore"); kept = []
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    try: kept.append(ast.parse(path.read_bytes()))
    except (SyntaxError, ValueError): pass
import os; os._exit(0)
"""


def cpu_seconds(*argv: str) -> float:
    """The user and system time of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the median CPU seconds of each, and the ratios to the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = str(options.folder.resolve())
    scan = [
        sys.executable,
        "-I",
        "-m",
        "checks",
        "scan",
        folder,
        "--fail-on",
        "never",
        "--format",
        "json",
        "--jobs",
        "1",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        output = ["--output", f"{scratch}/report.json"]
        runs = {
            "ast.parse of every file": [sys.executable, "-I", "-c", FLOOR, folder],
            "scan, nothing kept": [*scan, *output, "--no-cache"],
            "scan, all kept": [*scan, *output],
        }
        times: dict[str, list[float]] = {name: [] for name in runs}
        cpu_seconds(*runs["scan, all kept"])
        for _ in range(options.rounds):
            for name, argv in runs.items():
                times[name].append(cpu_seconds(*argv))
    floor = statistics.median(times["ast.parse of every file"])
    for name, measured in times.items():
        median = statistics.median(measured)
        print(f"{name:<28} {median:6.2f} s CPU   {median / floor:5.2f} x the floor")


if __name__ == "__main__":
    main()
