"""What the workflow asks for, and where it runs: read once from the environment that action.yml makes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checks.commands.common import GATES
from checks.errors import UserError, did_you_mean, quoted

LARGEST_EVENT = 64 << 20  # bytes; GitHub's own limit for a payload is 25 MB
APP = "rubricate"
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the inputs say over the configuration: rules to select or ignore, and the gate's word or nothing."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = ""

    def to_json(self) -> str:
        """The choice for another process's command line."""
        return json.dumps({"select": self.select, "ignore": self.ignore, "fail_on": self.fail_on})


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of action.yml. The token stays out of `repr`."""

    token: str = field(repr=False)
    comment: bool
    choice: Choice
    base: str
    head: str
    path: Path
    sarif_file: Path | None
    app: str = APP


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the runner says of the workflow's run."""

    event: str
    payload: Mapping[str, Any]
    repository: str
    commit: str
    server_url: str
    api_url: str
    workspace: Path
    temporary: Path
    summary: Path | None
    outputs: Path | None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Surroundings:
        """Read the runner's variables and the event. Raises UserError when one of them is missing.

        https://docs.github.com/en/actions/reference/workflows-and-actions/variables
        """
        try:
            return cls(
                event=env["GITHUB_EVENT_NAME"],
                payload=_payload(env.get("GITHUB_EVENT_PATH", "")),
                repository=env["GITHUB_REPOSITORY"],
                commit=env["GITHUB_SHA"],
                server_url=env.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/"),
                api_url=env.get("GITHUB_API_URL", "https://api.github.com").rstrip("/"),
                workspace=Path(env["GITHUB_WORKSPACE"]),
                temporary=Path(env["RUNNER_TEMP"]),
                summary=_file(env.get("GITHUB_STEP_SUMMARY")),
                outputs=_file(env.get("GITHUB_OUTPUT")),
            )
        except KeyError as error:
            raise UserError(
                f"{error.args[0]} is not set: `python -m action` is meant to be run by a GitHub runner"
            ) from None


def read_inputs(env: Mapping[str, str], workspace: Path) -> Inputs:
    """Check what was asked for. Raises UserError naming the input that can't be used."""
    fail_on = env.get("INPUT_FAIL_ON", "").strip()
    if fail_on and fail_on not in GATES:
        raise UserError(
            f"fail-on: {quoted(fail_on)} is none of {', '.join(GATES)}{did_you_mean(fail_on, GATES)}"
        )
    comment = env.get("INPUT_COMMENT", "").strip().lower() or "true"
    if comment not in ("true", "false"):
        raise UserError(f"comment: {quoted(comment)} is neither true nor false")
    sarif = env.get("INPUT_SARIF_FILE", "").strip()
    app = env.get("INPUT_APP", "").strip() or APP
    if not _SLUG.fullmatch(app):
        raise UserError(f"app: {quoted(app)} is no App's name as it stands in its address")
    return Inputs(
        token=env.get("INPUT_TOKEN", "").strip(),
        comment=comment == "true",
        choice=Choice(_words(env.get("INPUT_SELECT", "")), _words(env.get("INPUT_IGNORE", "")), fail_on),
        base=env.get("INPUT_BASE", "").strip(),
        head=env.get("INPUT_HEAD", "").strip(),
        path=_inside(workspace, env.get("INPUT_PATH", "").strip() or ".", "path"),
        sarif_file=_inside(workspace, sarif, "sarif-file") if sarif else None,
        app=app,
    )


def _inside(workspace: Path, given: str, name: str) -> Path:
    """A place below the workspace. Its folders may be links of the reviewed project, which must not lead out."""
    root = workspace.resolve()
    place = root / given
    folder = (place if name == "path" else place.parent).resolve()
    if not folder.is_relative_to(root):
        raise UserError(f"{name}: {quoted(given)} leads out of the workspace")
    return folder if name == "path" else folder / place.name


def _payload(path: str) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            payload = json.loads(file.read(LARGEST_EVENT))
    except (OSError, ValueError) as error:
        raise UserError(f"the event in GITHUB_EVENT_PATH can't be read: {error}") from None
    return payload if isinstance(payload, dict) else {}


def _file(path: str | None) -> Path | None:
    return Path(path) if path else None


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
