"""GitHub's REST description, webhook schemas and GraphQL schema, as far as the tests use them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

from graphql import GraphQLSchema, build_schema
from jsonschema import Draft202012Validator, ValidationError

HERE = Path(__file__).parent
Json = dict[str, Any]


class ContractError(AssertionError):
    """The stand-in itself was about to answer or send what GitHub never would."""


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    required: bool
    schema: Json


@dataclass(frozen=True, slots=True)
class Operation:
    """One REST operation: how it is called, and what may come and go."""

    id: str
    method: str
    path: str
    pattern: re.Pattern[str]
    documentation: str
    parameters: tuple[Parameter, ...]
    body_required: bool
    has_body: bool
    statuses: frozenset[int]


@cache
def _rest() -> Json:
    return cast("Json", json.loads((HERE / "rest.json").read_text(encoding="utf-8")))


@cache
def _webhooks() -> Json:
    return cast("Json", json.loads((HERE / "webhooks.json").read_text(encoding="utf-8")))


@cache
def graphql_schema() -> GraphQLSchema:
    return build_schema((HERE / "schema.graphql").read_text(encoding="utf-8"))


@cache
def operations() -> Mapping[str, Operation]:
    """Every extracted operation by its id."""
    return {name: _operation(name, node) for name, node in _rest()["operations"].items()}


def _operation(name: str, node: Json) -> Operation:
    def group(match: re.Match[str]) -> str:
        # `path` (of contents) and `ref` (of git refs and commits) hold slashes
        return f"(?P<{match[1]}>{'.*' if match[1] in {'path', 'ref', 'basehead'} else '[^/]+'})"

    pattern = re.sub(r"\{(\w+)\}", group, node["path"])
    return Operation(
        id=name,
        method=node["method"],
        path=node["path"],
        pattern=re.compile(pattern + r"\Z"),
        documentation=node["documentation"],
        parameters=tuple(
            Parameter(p["name"], p["in"], p["required"], p["schema"]) for p in node["parameters"]
        ),
        body_required=node["body_required"],
        has_body=node["body"] is not None,
        statuses=frozenset(int(status) for status in node["answers"]),
    )


def match(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request is for, with the parameters in its path; None where GitHub has none (here)."""
    found = [
        (operation, matched.groupdict())
        for operation in operations().values()
        if operation.method == method and (matched := operation.pattern.match(path))
    ]
    # a reference may hold slashes, so `/commits/{ref}` also matches `/commits/{ref}/check-runs`
    return max(found, key=lambda pair: len(pair[0].path), default=None)


def _validator(schema: Json, definitions: Json) -> Draft202012Validator:
    return Draft202012Validator(
        {**schema, "$defs": definitions}, format_checker=Draft202012Validator.FORMAT_CHECKER
    )


@cache
def _body_validator(operation: str) -> Draft202012Validator:
    return _validator(_rest()["operations"][operation]["body"], _rest()["$defs"])


# Refusals that hold for every operation are not repeated in each one's description.
_REFUSAL: Json = {
    "anyOf": [
        {"$ref": "#/$defs/basic-error"},
        {"$ref": "#/$defs/validation-error"},
        {"$ref": "#/$defs/validation-error-simple"},
    ]
}


@cache
def _answer_validator(operation: str, status: int) -> Draft202012Validator | None:
    answers = _rest()["operations"][operation]["answers"]
    if str(status) in answers and status < 400:
        schema = answers[str(status)]
        return None if schema is None else _validator(schema, _rest()["$defs"])
    if status < 400:
        raise ContractError(f"{operation} never answers {status}, only {sorted(answers)}")
    return _validator(_REFUSAL, _rest()["$defs"])


def body_faults(operation: Operation, body: Any) -> list[str]:
    """What GitHub's validation says of a request's body, in GitHub's words; empty when it is as described."""
    if not operation.has_body:
        return [] if body in (None, {}) else [f"{operation.id} takes no body."]
    return [sentence for error in _body_validator(operation.id).iter_errors(body) for sentence in _say(error)]


def parameter_faults(operation: Operation, path: Mapping[str, str], query: Mapping[str, str]) -> list[str]:
    """Query parameters that the operation does not know, or whose values it refuses."""
    known = {p.name: p for p in operation.parameters if p.place == "query"}
    faults = [
        f'"{name}" is not a permitted parameter of {operation.id}.' for name in query.keys() - known.keys()
    ]
    for parameter in operation.parameters:
        given = path if parameter.place == "path" else query
        if parameter.name in given:
            value = coerce(parameter, given[parameter.name])
            for error in _validator(parameter.schema, _rest()["$defs"]).iter_errors(value):
                faults.append(f"{parameter.name}: {error.message}")
        elif parameter.required and parameter.place == "query":
            faults.append(f'"{parameter.name}" wasn\'t supplied.')
    return faults


def coerce(parameter: Parameter, text: str) -> Any:
    kinds = _types(parameter.schema)
    if "integer" in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    if "boolean" in kinds and text in {"true", "false"}:
        return text == "true"
    return text


def _types(schema: Json) -> set[str]:
    if "$ref" in schema:
        return _types(_rest()["$defs"][schema["$ref"].rsplit("/", 1)[1]])
    kinds = schema.get("type", [])
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found.union(*(_types(child) for child in schema.get("anyOf", ())))


def _say(error: ValidationError) -> Iterator[str]:
    """GitHub's own sentences for the commonest faults; jsonschema's for the rest."""
    value = cast("Any", error.instance)
    match error.validator:
        case "maxItems":
            yield f"No more than {error.validator_value} items are allowed; {len(value)} were supplied."
        case "maxLength":
            yield f"Only {error.validator_value} characters are allowed; {len(value)} were supplied."
        case "required":
            missing = [name for name in cast("list[str]", error.validator_value) if name not in value]
            yield (
                ", ".join(f'"{name}"' for name in missing) + " weren't supplied."
                if len(missing) > 1
                else f'"{missing[0]}" wasn\'t supplied.'
            )
        case _:
            yield f"For '{error.json_path}', {error.message[:300]}"


def check_answer(operation: Operation, status: int, body: Any) -> None:
    """Raises ContractError when `body` is not what GitHub answers with `status`."""
    validator = _answer_validator(operation.id, status)
    if validator is None:
        if body is not None:
            raise ContractError(f"{operation.id} answers {status} without a body")
        return
    error = _best(validator, body)
    if error is not None:
        raise ContractError(f"{operation.id} {status}: {error.json_path}: {error.message[:500]}")


@cache
def _webhook_validator(name: str) -> Draft202012Validator:
    return _validator(_webhooks()["webhooks"][name], _webhooks()["$defs"])


def check_webhook(name: str, payload: Json) -> None:
    """Raises ContractError when `payload` is not what GitHub sends for the webhook `name` ("pull-request-opened")."""
    error = _best(_webhook_validator(name), payload)
    if error is not None:
        raise ContractError(f"webhook {name}: {error.json_path}: {error.message[:500]}")


def _best(validator: Draft202012Validator, value: Any) -> ValidationError | None:
    from jsonschema.exceptions import best_match

    return cast("ValidationError | None", best_match(validator.iter_errors(value)))


def filled(component: str, given: Json, url: str = "https://github.test") -> Json:
    """`given`, with every property that REST's `component` requires and `given` lacks set to a neutral value."""
    return cast("Json", _fill(_rest()["$defs"][component], given, _rest()["$defs"], url))


def filled_webhook(name: str, given: Json, url: str = "https://github.test") -> Json:
    """Like `filled`, for a webhook; parts of REST's bodies that the webhook does not declare are left out.

    Raises ContractError for a webhook that was not extracted.
    """
    if name not in _webhooks()["webhooks"]:
        raise ContractError(f"the webhook {name} was not extracted: see contract/README.md")
    return cast("Json", _fill(_webhooks()["webhooks"][name], given, _webhooks()["$defs"], url, prune=True))


def _followed(schema: Json, definitions: Json) -> Json:
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _parts(schema: Json, definitions: Json) -> tuple[Json, list[str]]:
    """What a schema says of properties, itself and by `allOf`: their schemas, and which are required."""
    parts = [schema, *(_followed(part, definitions) for part in schema.get("allOf", ()))]
    properties: Json = {}
    for part in reversed(parts):  # the first to name a property describes it most fully
        properties |= part.get("properties", {})
    return properties, [name for part in parts for name in part.get("required", ())]


def _fill(schema: Json, value: Any, definitions: Json, url: str, *, prune: bool = False) -> Any:
    schema = _followed(schema, definitions)
    if isinstance(value, list) and "items" in schema:
        return [_fill(schema["items"], item, definitions, url, prune=prune) for item in value]
    if not isinstance(value, dict):
        return value
    if "anyOf" in schema and "properties" not in schema:
        return _fill(_branch(schema["anyOf"], value, definitions), value, definitions, url, prune=prune)
    properties, required = _parts(schema, definitions)
    if not properties:
        return value
    out: Json = {}
    for name, child in value.items():
        if name in properties:
            out[name] = _fill(properties[name], child, definitions, url, prune=prune)
        elif not prune:
            out[name] = child
    for name in required:
        if name not in out:
            out[name] = _neutral(name, properties.get(name, {}), definitions, value.get("url") or url)
    return out


def _branch(branches: list[Json], value: Json, definitions: Json) -> Json:
    """The alternative that knows the most of what is given."""

    def known(branch: Json) -> int:
        return len(_followed(branch, definitions).get("properties", {}).keys() & value.keys())

    return max(branches, key=known)


def _neutral(name: str, schema: Json, definitions: Json, url: str) -> Any:
    schema = _followed(schema, definitions)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if "null" in kinds or {"type": "null"} in schema.get("anyOf", ()):
        return None
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema and not kinds:
        return _neutral(name, schema["anyOf"][0], definitions, url)
    match kinds[0] if kinds else "object":
        case "string" if schema.get("format") == "date-time":
            return "2024-01-01T00:00:00Z"
        case "string":
            return f"{url}/{name.removesuffix('_url')}" if name.endswith("url") else ""
        case "integer" | "number":
            return 0
        case "boolean":
            return False
        case "array":
            return []
    return _fill(schema, {}, definitions, url)
