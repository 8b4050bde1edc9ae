"""A runner for action.yml: `run:` steps are run by bash as they stand, `uses:` steps have their documented effect.

https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.github import Github, Repository
from tests.source import ROOT, copy_source

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
# What this machine needs to reach the package index; a hosted runner needs nothing.
_PASSED_ON = (
    "PATH",
    "LANG",
    "PIP_CERT",
    "PIP_CONFIG_FILE",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
)
_ALSO_PASSED_ON = (
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)


@dataclass
class Job:
    """What one use of the Action left behind."""

    code: int = 0
    log: str = ""
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    steps: dict[str, dict[str, str]] = field(default_factory=dict)

    def annotations(self, level: str) -> list[str]:
        """The commands of a level that a runner would obey: those outside of what is stopped."""
        commands = re.sub(r"::stop-commands::(\w+)\n.*?\n::\1::", "", self.log, flags=re.DOTALL)
        return [line for line in commands.splitlines() if line.startswith(f"::{level} ")]


class Runner:
    """A machine with a copy of the Action, a cache, and a folder for temporary files that each job finds empty."""

    def __init__(self, folder: Path) -> None:
        self.action = copy_source(folder / "_actions" / "rubricate" / "v1")
        self.temporary = folder / "_temp"
        self.cache = folder / "cache"
        self.home = folder / "home"
        self.cache.mkdir()
        self.home.mkdir()
        self.python = str(Path(sys.base_prefix, "bin", "python3").resolve())

    def run(
        self,
        github: Github,
        repository: Repository,
        event: str,
        payload: Mapping[str, Any],
        *,
        workspace: Path,
        commit: str,
        token: str,
        inputs: Mapping[str, str] | None = None,
    ) -> Job:
        """Run the Action as a job's step would."""
        shutil.rmtree(self.temporary, ignore_errors=True)
        self.temporary.mkdir()
        event_file = self.temporary / "event.json"
        event_file.write_text(json.dumps(payload))
        env = {name: os.environ[name] for name in (*_PASSED_ON, *_ALSO_PASSED_ON) if name in os.environ}
        env |= {
            "CI": "true",
            "HOME": str(self.home),
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(self.action),
            "GITHUB_API_URL": github.api_url,
            "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(event_file),
            "GITHUB_REPOSITORY": repository.full_name,
            "GITHUB_SERVER_URL": github.url,
            "GITHUB_SHA": commit,
            "GITHUB_WORKSPACE": str(workspace),
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temporary),
        }
        definition = yaml.safe_load((ROOT / "action.yml").read_text())
        return self._steps(
            definition, _Contexts(definition, inputs or {}, token, str(self.temporary)), env, workspace
        )

    def _steps(
        self, definition: Mapping[str, Any], contexts: _Contexts, env: dict[str, str], workspace: Path
    ) -> Job:
        job = Job()
        keep: list[tuple[Path, Path]] = []
        for number, step in enumerate(definition["runs"]["steps"]):
            step_id = step.get("id", f"__{number}")
            if "uses" in step:
                arguments = {name: contexts.evaluate(value) for name, value in step["with"].items()}
                contexts.steps[step_id] = self._use(step["uses"], arguments, keep)
            else:
                job.code = self._bash(step, contexts, env, workspace, job, step_id)
            if job.code:
                break
        job.outputs = {name: contexts.evaluate(each["value"]) for name, each in definition["outputs"].items()}
        job.steps = contexts.steps
        for path, kept in keep:  # the cache's post step
            if not job.code or path.exists():
                shutil.rmtree(kept, ignore_errors=True)
                path.rename(kept)
        return job

    def _use(self, uses: str, arguments: dict[str, str], keep: list[tuple[Path, Path]]) -> dict[str, str]:
        """The effect that an action's own documentation promises."""
        name, _, commit = uses.partition("@")
        assert re.fullmatch("[0-9a-f]{40}", commit), "actions are pinned to commits"
        if name == "actions/setup-python":
            assert arguments["python-version"], (
                "without a version `.python-version` of the checkout would be read"
            )
            assert arguments["update-environment"] == "False", "later steps of the job keep their Python"
            return {"python-path": self.python, "python-version": "3.11.0"}
        assert name == "actions/cache", f"{name}: the runner knows no such action"
        path, kept = Path(arguments["path"]), self.cache / arguments["key"]
        hit = kept.exists()
        if hit:
            path.parent.mkdir(parents=True, exist_ok=True)
            kept.rename(path)
        keep.append((path, kept))
        return {"cache-hit": str(hit).lower()}

    def _bash(
        self,
        step: Mapping[str, Any],
        contexts: _Contexts,
        env: Mapping[str, str],
        workspace: Path,
        job: Job,
        step_id: str,
    ) -> int:
        """A `run:` step with its own files for outputs and summary."""
        assert step["shell"] == "bash"
        assert "${{" not in step["run"], "inputs reach commands by the environment alone"
        script, outputs, summary = (
            self.temporary / f"{step_id}.{kind}" for kind in ("sh", "outputs", "summary")
        )
        script.write_text(step["run"])
        outputs.touch()
        summary.touch()
        own = {name: contexts.evaluate(value) for name, value in step.get("env", {}).items()}
        files = {"GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary)}
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=contexts.evaluate(step.get("working-directory", "")) or workspace,
            env={**env, **files, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        contexts.steps[step_id] = _read_outputs(outputs.read_text())
        job.log += done.stdout
        job.summary += summary.read_text()
        return done.returncode


class _Contexts:
    """The few contexts that action.yml's expressions name."""

    def __init__(
        self, definition: Mapping[str, Any], given: Mapping[str, str], token: str, temporary: str
    ) -> None:
        self.steps: dict[str, dict[str, str]] = {}
        self._plain = {"github.token": token, "runner.temp": temporary}
        declared = definition["inputs"]
        assert set(given) <= set(declared), "no such input"
        self._inputs: dict[str, str] = {}
        for name, each in declared.items():
            self._inputs[name] = given[name] if name in given else self.evaluate(each["default"])

    def evaluate(self, text: Any) -> str:
        """A text with its expressions replaced."""
        return _EXPRESSION.sub(lambda match: self._value(match[1]), str(text))

    def _value(self, expression: str) -> str:
        for part in expression.split(" || "):
            if part.startswith("'"):
                value = part.strip("'")
            elif part in self._plain:
                value = self._plain[part]
            elif part.startswith("inputs."):
                value = self._inputs[part.removeprefix("inputs.")]
            else:
                step, name = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", part).groups()  # type: ignore[union-attr]
                value = self.steps.get(step, {}).get(name, "")
            if value:
                return value
        return ""


def _read_outputs(text: str) -> dict[str, str]:
    """https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings"""
    outputs, lines = {}, iter(text.splitlines())
    for line in lines:
        name, mark, end = re.fullmatch(r"([\w-]+)(=|<<)(.*)", line).groups()  # type: ignore[union-attr]
        if mark == "=":
            outputs[name] = end
        else:
            value = []
            while (part := next(lines)) != end:
                value.append(part)
            outputs[name] = "\n".join(value)
    return outputs
