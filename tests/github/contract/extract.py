"""Extracts from GitHub's published descriptions what the stand-in answers, once, by a developer.

    python tests/github/contract/extract.py DIRECTORY

`DIRECTORY` holds the unpacked npm packages named in README.md (`npm pack NAME`, then `tar xzf`), each in a folder
of its package's name. Only descriptive texts are dropped, and two things are added: objects refuse properties
that they do not declare, and OpenAPI's `nullable` is spelled as JSON Schema spells it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from graphql import parse, print_ast
from graphql.language import (
    DefinitionNode,
    DocumentNode,
    EnumTypeDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    ListTypeNode,
    NamedTypeNode,
    NonNullTypeNode,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
)

HERE = Path(__file__).parent

OPERATIONS = """
    apps/get-authenticated apps/list-installations apps/get-installation apps/create-installation-access-token
    apps/get-repo-installation apps/list-repos-accessible-to-installation apps/list-webhook-deliveries
    apps/redeliver-webhook-delivery apps/create-from-manifest orgs/get-membership-for-authenticated-user
    users/get-authenticated rate-limit/get
    repos/get repos/get-content repos/get-collaborator-permission-level repos/compare-commits-with-basehead
    repos/get-commit repos/list-languages git/get-ref git/create-ref
    pulls/get pulls/list pulls/create pulls/list-files pulls/list-commits
    pulls/create-review pulls/list-reviews pulls/get-review pulls/submit-review pulls/update-review
    pulls/list-comments-for-review pulls/dismiss-review pulls/delete-pending-review
    pulls/create-review-comment pulls/list-review-comments pulls/get-review-comment pulls/update-review-comment
    pulls/delete-review-comment pulls/create-reply-for-review-comment
    issues/create-comment issues/list-comments issues/get-comment issues/update-comment issues/delete-comment
    reactions/create-for-issue-comment reactions/create-for-pull-request-review-comment
    reactions/list-for-issue-comment reactions/list-for-pull-request-review-comment
    checks/create checks/update checks/get checks/list-annotations checks/list-for-ref checks/list-for-suite
    checks/get-suite checks/list-suites-for-ref
    code-scanning/upload-sarif code-scanning/get-sarif
"""

WEBHOOKS = """
    ping pull-request-opened pull-request-synchronize pull-request-reopened pull-request-ready-for-review
    pull-request-closed pull-request-converted-to-draft pull-request-edited pull-request-unlabeled
    check-run-rerequested
    check-run-requested-action check-suite-rerequested installation-created installation-deleted installation-suspend
    installation-unsuspend installation-repositories-added installation-repositories-removed
    issue-comment-created issue-comment-edited pull-request-review-comment-created merge-group-checks-requested push
"""

# Object types that are kept whole, but for the fields that lead to a type which is not kept.
GRAPHQL_TYPES = """
    Query Mutation Repository PullRequest PullRequestReview PullRequestReviewComment PullRequestReviewThread
    PullRequestReviewConnection PullRequestReviewThreadConnection PullRequestReviewCommentConnection IssueComment
    IssueCommentConnection PullRequestReviewEdge PullRequestReviewThreadEdge PullRequestReviewCommentEdge
    IssueCommentEdge PageInfo User Bot Commit Ref RateLimit
    Actor Node Comment Minimizable GitObject RepositoryOwner UniformResourceLocatable GitSignature GpgSignature
    AddPullRequestReviewPayload AddPullRequestReviewThreadPayload AddPullRequestReviewThreadReplyPayload
    CreateCommitOnBranchPayload DismissPullRequestReviewPayload MinimizeCommentPayload ResolveReviewThreadPayload
    UnminimizeCommentPayload UnresolveReviewThreadPayload SubmitPullRequestReviewPayload
"""
QUERIES = "id node nodes rateLimit repository viewer"
MUTATIONS = """
    addPullRequestReview addPullRequestReviewThread addPullRequestReviewThreadReply createCommitOnBranch
    dismissPullRequestReview minimizeComment unminimizeComment resolveReviewThread unresolveReviewThread
    submitPullRequestReview
"""

# Where the REST description contradicts what GitHub sends. An outdated comment has no line and no position any more:
# the description of the webhook `pull_request_review_comment` says `null`, and so do GitHub's answers.
CORRECTIONS = {
    "pull-request-review-comment": ("line", "start_line", "position"),
    "review-comment": ("line", "start_line", "position"),
}

DROPPED = {
    *("default", "deprecated", "description", "discriminator", "example", "examples"),
    *("nullable", "readOnly", "title"),
}
SHARED = 300  # bytes of a schema from which a second equal one becomes a reference


def schema(node: Any, *, closed: bool = True) -> Any:
    """A JSON Schema (2020-12) of an OpenAPI schema; with `closed`, unknown properties are refused."""
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        name = node["$ref"].rsplit("/", 1)[1]
        return {"$ref": f"#/$defs/{name if closed else name + '~open'}"}
    out: dict[str, Any] = {}
    for key, value in node.items():
        match key:
            case "properties":
                out[key] = {name: schema(child) for name, child in value.items()}
            case "items" | "not":
                out[key] = schema(value)
            case "additionalProperties":
                # `true` beside `allOf` or `anyOf` says only that the other parts' properties are welcome too
                if closed or value is not True:
                    out[key] = schema(value)
            case "allOf":
                first, *others = value
                out[key] = [schema(first, closed=False), *(opened(child) for child in others)]
            case "anyOf" | "oneOf":
                # GitHub's `oneOf` branches overlap in places, so at least one must hold, not exactly one
                out["anyOf"] = [schema(child, closed="properties" not in node and closed) for child in value]
            case _ if key not in DROPPED and not key.startswith("x-"):
                out[key] = value
    if closed:
        out = sealed(out)
    return nullable(out) if node.get("nullable") else out


def opened(node: Any) -> Any:
    """A later part of an `allOf`: what it says more of a property must not forbid what the first part declares."""
    out = schema(node, closed=False)
    if "properties" in node:
        out["properties"] = {name: schema(child, closed=False) for name, child in node["properties"].items()}
    return out


def sealed(node: dict[str, Any]) -> dict[str, Any]:
    """Refuses properties that are declared nowhere."""
    if "additionalProperties" not in node:
        if "allOf" in node or ("anyOf" in node and "properties" in node):
            node["unevaluatedProperties"] = False
        elif "properties" in node:
            node["additionalProperties"] = False
    return node


def nullable(node: dict[str, Any]) -> dict[str, Any]:
    if isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
        if "enum" in node and None not in node["enum"]:
            node["enum"] = [*node["enum"], None]
        return node
    return {"anyOf": [node, {"type": "null"}]}


def references(node: Any) -> set[str]:
    found: set[str] = set()
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        found |= references(child)
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        found.add(node["$ref"].rsplit("/", 1)[1])
    return found


def definitions(roots: Any, components: dict[str, Any]) -> dict[str, Any]:
    """Every component that `roots` reach, by name."""
    found: dict[str, Any] = {}
    waiting = references(roots)
    while waiting:
        name = waiting.pop()
        bare, _, opened = name.partition("~")
        found[name] = schema(components[bare], closed=not opened)
        for key in CORRECTIONS.get(bare, ()):
            found[name]["properties"][key] = {"type": ["integer", "null"]}
        waiting |= references(found[name]) - found.keys()
    return found


def is_large(node: dict[str, Any]) -> bool:
    return ("properties" in node or "anyOf" in node) and len(json.dumps(node)) > SHARED


def share(document: dict[str, Any]) -> None:
    """Equal large schemas are stored once, under a name in `$defs`: GitHub's webhooks repeat the same ones."""
    seen: Counter[str] = Counter()

    def count(node: Any) -> None:
        if isinstance(node, dict) and is_large(node):
            seen[json.dumps(node, sort_keys=True)] += 1
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            count(child)

    def replaced(node: Any, *, top: bool = False) -> Any:
        if isinstance(node, list):
            return [replaced(child) for child in node]
        if not isinstance(node, dict):
            return node
        text = json.dumps(node, sort_keys=True)
        if top or not is_large(node) or seen[text] < 2:
            return {key: replaced(child) for key, child in node.items()}
        if text not in names:
            names[text] = f"shared-{len(names)}"
            shared[names[text]] = replaced(node, top=True)
        return {"$ref": f"#/$defs/{names[text]}"}

    names: dict[str, str] = {}
    shared: dict[str, Any] = {}
    count(document)
    for key, entries in document.items():
        document[key] = {name: replaced(node, top=True) for name, node in entries.items()}
    document["$defs"].update(shared)


def resolved(node: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        _, _, kind, name = node["$ref"].split("/")
        node = components[kind][name]
    return node


def operation(method: str, path: str, node: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    parameters = [resolved(parameter, components) for parameter in node.get("parameters", [])]
    body = resolved(node.get("requestBody", {}), components)
    answers: dict[str, Any] = {}
    for status, answer in node["responses"].items():
        content = resolved(answer, components).get("content", {})
        json_types = [kind for kind in content if kind.endswith("json")]
        bodies = [schema(content[kind]["schema"]) for kind in json_types if "schema" in content[kind]]
        answers[status] = None if not bodies else bodies[0] if len(bodies) == 1 else {"anyOf": bodies}
    return {
        "method": method.upper(),
        "path": path,
        "documentation": node["externalDocs"]["url"],
        "app": node["x-github"]["enabledForGitHubApps"],
        "parameters": [
            {
                "name": p["name"],
                "in": p["in"],
                "required": p.get("required", False),
                "schema": schema(p["schema"]),
            }
            for p in parameters
        ],
        "body": schema(body["content"]["application/json"]["schema"]) if body else None,
        "body_required": body.get("required", False),
        "answers": answers,
    }


def rest(description: dict[str, Any]) -> dict[str, Any]:
    operations = {
        node["operationId"]: operation(method, path, node, description["components"])
        for path, methods in description["paths"].items()
        for method, node in methods.items()
        if node.get("operationId") in OPERATIONS.split()
    }
    # Written out in place, this list's account must be a user and an enterprise at once; `installation` has it right.
    operations["apps/list-installations"]["answers"]["200"]["items"] = {"$ref": "#/$defs/installation"}
    missing = set(OPERATIONS.split()) - operations.keys()
    assert not missing, f"no such operations: {sorted(missing)}"
    document = {
        "operations": operations,
        "$defs": definitions(operations, description["components"]["schemas"]),
    }
    share(document)
    return document


def webhooks(description: dict[str, Any]) -> dict[str, Any]:
    bodies = {
        name: schema(
            description["webhooks"][name]["post"]["requestBody"]["content"]["application/json"]["schema"]
        )
        for name in WEBHOOKS.split()
    }
    document = {"webhooks": bodies, "$defs": definitions(bodies, description["components"]["schemas"])}
    share(document)
    return document


def named(node: TypeNode) -> str:
    while isinstance(node, ListTypeNode | NonNullTypeNode):
        node = node.type
    assert isinstance(node, NamedTypeNode)
    return node.name.value


def graphql(text: str) -> str:
    """The schema with only the chosen types, and the inputs, enumerations and scalars that their fields need."""
    object_types = GRAPHQL_TYPES.split()
    chosen = {"Query": QUERIES.split(), "Mutation": MUTATIONS.split()}
    types = {d.name.value: d for d in parse(text, no_location=True).definitions if hasattr(d, "name")}
    leaves = (EnumTypeDefinitionNode, ScalarTypeDefinitionNode, InputObjectTypeDefinitionNode)
    kept: dict[str, DefinitionNode] = {}

    def is_kept(name: str) -> bool:
        return name in object_types or name in BUILT_IN or isinstance(types.get(name), leaves)

    def keep_leaf(name: str) -> None:
        node = types.get(name)
        if name in kept or name in BUILT_IN or not isinstance(node, leaves):
            return
        kept[name] = node
        if isinstance(node, InputObjectTypeDefinitionNode):
            for field in node.fields or ():
                keep_leaf(named(field.type))

    for name in object_types:
        node = types[name]
        assert isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode), name
        wanted = chosen.get(name)
        fields = tuple(
            field
            for field in node.fields or ()
            if is_kept(named(field.type))
            and all(is_kept(named(argument.type)) for argument in field.arguments or ())
            and (wanted is None or field.name.value in wanted)
        )
        interfaces = tuple(i for i in node.interfaces or () if i.name.value in object_types)
        kept[name] = _but(node, fields=fields, interfaces=interfaces)
        for field in fields:
            keep_leaf(named(field.type))
            for argument in field.arguments or ():
                keep_leaf(named(argument.type))
    ordered = [undescribed(kept[name]) for name in types if name in kept]
    return print_ast(DocumentNode(definitions=tuple(ordered))) + "\n"


BUILT_IN = {"Boolean", "Float", "ID", "Int", "String"}


def _but(node: Any, **changes: Any) -> Any:
    """The node with some parts changed."""
    return type(node)(**{key: getattr(node, key, None) for key in node.keys} | changes)


def undescribed(node: Any) -> Any:
    """Drops descriptions, and directives (deprecations, `@docsCategory` and the like)."""
    changes: dict[str, Any] = {"description": None, "directives": ()}
    for part in ("fields", "values", "arguments"):
        if getattr(node, part, None):
            changes[part] = tuple(undescribed(child) for child in getattr(node, part))
    return _but(node, **changes)


def write(path: Path, document: dict[str, Any]) -> None:
    """One entry a line, so that a difference between two versions can be read."""
    parts = []
    for key, entries in document.items():
        lines = (
            f"{json.dumps(name)}: {json.dumps(entries[name], separators=(',', ':'), sort_keys=True)}"
            for name in sorted(entries)
        )
        parts.append(f"{json.dumps(key)}: {{\n" + ",\n".join(lines) + "\n}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main(directory: Path) -> None:
    def load(path: str) -> Any:
        return json.loads((directory / path).read_text(encoding="utf-8"))

    write(HERE / "rest.json", rest(load("openapi/generated/api.github.com.json")))
    write(HERE / "webhooks.json", webhooks(load("openapi-webhooks/generated/api.github.com.json")))
    source = (directory / "graphql-schema/schema.graphql").read_text(encoding="utf-8")
    (HERE / "schema.graphql").write_text(graphql(source), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
