"""Check runs and their suites."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from tests.github.contract import Json
from tests.github.errors import Refusal, invalid
from tests.github.model import Annotation, App, CheckRun, CheckSuite, Repository
from tests.github.rest import Call, found, operation

READ, WRITE = "checks:read", "checks:write"
# https://docs.github.com/rest/checks/runs#create-a-check-run
MAX_TITLE, MAX_MESSAGE_BYTES = 255, 65_536


def _app(call: Call) -> App:
    if call.actor.app is None:
        raise Refusal(403, "You must authenticate via a GitHub App.")
    return call.actor.app


@operation("checks/create", needs=WRITE, status=201)
def create(call: Call) -> Json:
    repository, app = call.repository, _app(call)
    sha = call.body["head_sha"]
    if len(sha) != 40 or repository.git.resolve(sha) != sha:
        raise Refusal(422, f"No commit found for SHA: {sha}")
    _check(call.body)
    run = CheckRun(
        id=call.state.new_id(),
        repository=repository,
        suite=call.state.suite(repository, app, sha),
        app=app,
        name=call.body["name"],
        head_sha=sha,
        status="queued",
        started_at=call.state.now(),
    )
    _apply(call, run)
    repository.runs.append(run)
    return call.bodies.check_run(run)


@operation("checks/update", needs=WRITE)
def update(call: Call) -> Json:
    run, app = _run(call), _app(call)
    if run.app is not app:
        raise Refusal(
            403,
            f"Invalid app_id `{app.id}` - check run can only be modified by the GitHub App that created it.",
        )
    _check(call.body)
    run.name = call.body.get("name", run.name)
    _apply(call, run)
    return call.bodies.check_run(run)


def _check(body: Json) -> None:
    """Rules that the description tells in words only."""
    if body.get("status") == "completed" and "conclusion" not in body:
        raise invalid(
            "CheckRun", "conclusion", "conclusion must be provided when status is completed", "missing_field"
        )
    if body.get("conclusion") == "stale":
        raise invalid("CheckRun", "conclusion", "stale is set by GitHub only")
    for annotation in body.get("output", {}).get("annotations", ()):
        fault = _annotation_fault(annotation)
        if fault is not None:
            raise invalid("CheckAnnotation", *fault)


def _annotation_fault(given: Json) -> tuple[str, str] | None:
    """(field, what is wrong with it)."""
    if given["start_line"] < 1 or given["end_line"] < given["start_line"]:
        return "end_line", "end_line must be greater than or equal to start_line"
    if given["start_line"] != given["end_line"] and {"start_column", "end_column"} & given.keys():
        return "start_column", "start_column and end_column are supported on one line only"
    if given["path"].startswith("/") or not given["path"]:
        return "path", "path must be relative to the repository"
    if len(given.get("title", "")) > MAX_TITLE:
        return "title", f"title is too long (maximum is {MAX_TITLE} characters)"
    for field in ("message", "raw_details"):
        if len(given.get(field, "").encode()) > MAX_MESSAGE_BYTES:
            return field, f"{field} is too long (maximum is 64 KB)"
    return None if given["message"] else ("message", "message can't be blank")


def _apply(call: Call, run: CheckRun) -> None:
    body = call.body
    run.status = body.get("status", run.status)
    if "conclusion" in body:
        run.status, run.conclusion = "completed", body["conclusion"]
        run.completed_at = _moment(body.get("completed_at")) or call.state.now()
    elif "status" in body:
        run.conclusion = run.completed_at = None
    run.started_at = _moment(body.get("started_at")) or run.started_at
    run.details_url = body.get("details_url", run.details_url)
    run.external_id = body.get("external_id", run.external_id)
    run.actions = body.get("actions", run.actions)
    output = body.get("output", {})
    run.title = output.get("title", run.title)
    run.summary = output.get("summary", run.summary)
    run.text = output.get("text", run.text)
    run.annotations += [Annotation(**annotation) for annotation in output.get("annotations", ())]


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _run(call: Call) -> CheckRun:
    return found(call.repository.runs, lambda run: run.id == call.path["check_run_id"])


@operation("checks/get", needs=READ)
def get(call: Call) -> Json:
    return call.bodies.check_run(_run(call))


@operation("checks/list-annotations", needs=READ)
def list_annotations(call: Call) -> list[Json]:
    run = _run(call)
    blob = f"{call.bodies.web}/{run.repository.full_name}/blob/{run.head_sha}"
    return [
        {
            "path": one.path,
            "blob_href": f"{blob}/{quote(one.path)}",
            "start_line": one.start_line,
            "end_line": one.end_line,
            "start_column": one.start_column,
            "end_column": one.end_column,
            "annotation_level": one.annotation_level,
            "title": one.title,
            "message": one.message,
            "raw_details": one.raw_details,
        }
        for one in call.page(run.annotations)
    ]


def _filtered(call: Call, runs: list[CheckRun]) -> Json:
    name, status, app = (call.query.get(key) for key in ("check_name", "status", "app_id"))
    listed = [
        run
        for run in reversed(runs)
        if name in {None, run.name} and status in {None, run.status} and app in {None, run.app.id}
    ]
    if call.query.get("filter", "latest") == "latest":
        listed = list({(run.app.id, run.name): run for run in reversed(listed)}.values())[::-1]
    shown = [call.bodies.check_run(run) for run in call.page(listed)]
    return {"total_count": len(listed), "check_runs": shown}


def _commit(call: Call) -> str:
    repository: Repository = call.repository
    commit = repository.git.resolve(call.path["ref"])
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {call.path['ref']}")
    return commit


@operation("checks/list-for-ref", needs=READ)
def list_for_ref(call: Call) -> Json:
    commit = _commit(call)
    return _filtered(call, [run for run in call.repository.runs if run.head_sha == commit])


def _suite_by_id(call: Call) -> CheckSuite:
    return found(call.repository.suites, lambda suite: suite.id == call.path["check_suite_id"])


def _suite_body(call: Call, suite: CheckSuite) -> Json:
    return call.bodies.check_suite(suite, [run for run in suite.repository.runs if run.suite is suite])


@operation("checks/list-for-suite", needs=READ)
def list_for_suite(call: Call) -> Json:
    suite = _suite_by_id(call)
    return _filtered(call, [run for run in call.repository.runs if run.suite is suite])


@operation("checks/get-suite", needs=READ)
def get_suite(call: Call) -> Json:
    return _suite_body(call, _suite_by_id(call))


@operation("checks/list-suites-for-ref", needs=READ)
def list_suites(call: Call) -> Json:
    commit = _commit(call)
    listed = [suite for suite in call.repository.suites if suite.head_sha == commit]
    shown = [_suite_body(call, suite) for suite in call.page(listed)]
    return {"total_count": len(listed), "check_suites": shown}
