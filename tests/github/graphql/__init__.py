"""GraphQL on GitHub's own schema: queries and mutations over what the stand-in holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLResolveInfo,
    execute_sync,
    parse,
    validate,
)
from graphql.language import FieldNode, OperationDefinitionNode

from tests.github.accounts import time
from tests.github.auth import Actor
from tests.github.bodies import Bodies
from tests.github.contract import Json, graphql_schema
from tests.github.errors import NOT_ACCESSIBLE, Refusal
from tests.github.limits import Limits
from tests.github.model import (
    IssueComment,
    PullRequest,
    Repository,
    Review,
    ReviewComment,
    Thread,
    User,
)
from tests.github.state import Node, State

_NAMES: dict[type, str] = {
    IssueComment: "IssueComment",
    PullRequest: "PullRequest",
    Repository: "Repository",
    Review: "PullRequestReview",
    ReviewComment: "PullRequestReviewComment",
    Thread: "PullRequestReviewThread",
}


@dataclass(frozen=True, slots=True)
class CommitObject:
    repository: Repository
    oid: str


@dataclass(frozen=True, slots=True)
class Branch:
    repository: Repository
    name: str


def type_name(value: Any) -> str:
    if isinstance(value, User):
        return "Bot" if value.type == "Bot" else "User"
    if isinstance(value, CommitObject | Branch):
        return "Commit" if isinstance(value, CommitObject) else "Ref"
    return _NAMES[type(value)]


def failure(kind: str, message: str) -> GraphQLError:
    """An error with GitHub's `type`."""
    return GraphQLError(message, extensions={"type": kind})


@dataclass
class Execution:
    """One document, for one actor."""

    state: State
    bodies: Bodies
    limits: Limits
    actor: Actor
    violated: Callable[[str], None]
    names: str = ""
    mutations: int = 0
    refusal: Refusal | None = None

    def run(self, body: Any) -> Json:
        """The answer's body; GitHub answers 200 to most of what is wrong. Raises Refusal for content too fast."""
        fault = _body_fault(body)
        if fault is not None:
            self.violated(fault)
            return {"errors": [{"message": fault}]}
        schema = graphql_schema()
        try:
            document = parse(body["query"])
        except GraphQLError as error:
            self.violated(error.message)
            return {"errors": [_formatted(error)]}
        faults = validate(schema, document)
        if faults:
            for wrong in faults:
                self.violated(wrong.message)
            return {"errors": [_formatted(wrong) for wrong in faults]}
        self.names = " ".join(
            selected.name.value
            for definition in document.definitions
            if isinstance(definition, OperationDefinitionNode)
            for selected in definition.selection_set.selections
            if isinstance(selected, FieldNode)
        )
        result = execute_sync(
            schema,
            document,
            context_value=self,
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
            field_resolver=_resolve,
            type_resolver=lambda value, info, kind: type_name(value),
        )
        if self.refusal is not None:
            raise self.refusal
        answer: Json = {"data": result.data}
        if result.errors:
            for failed in result.errors:
                self._judge(failed)
            answer = {"data": result.data} if result.data is not None else {}
            answer["errors"] = [_formatted(failed) for failed in result.errors]
        return answer

    def _judge(self, error: GraphQLError) -> None:
        """Variables of a wrong type break the contract; what the stand-in can't answer is its own gap."""
        if error.path is None:
            self.violated(error.message)
        elif error.original_error is not None and not isinstance(error.original_error, GraphQLError):
            raise error.original_error

    def node(self, identity: str) -> Node:
        found = self.state.node(identity)
        repository = None if found is None else repository_of(found)
        hidden = repository is not None and repository.private and not self.actor.reaches(repository)
        if found is None or hidden:
            raise failure("NOT_FOUND", f"Could not resolve to a node with the global id of '{identity}'")
        return found

    def require(self, repository: Repository, *permissions: str) -> None:
        """Raises GraphQLError unless the actor holds all of them, each as "contents:write"."""
        for permission in permissions:
            name, _, level = permission.partition(":")
            if not self.actor.may(repository, name, level):
                raise failure("FORBIDDEN", NOT_ACCESSIBLE)

    def creates(self) -> None:
        """Counts content against the secondary limit. Raises Refusal, which ends the whole request."""
        self.limits.create(self.actor, self.state.now())

    @property
    def user(self) -> User:
        if self.actor.user is None:
            raise failure("FORBIDDEN", NOT_ACCESSIBLE)
        return self.actor.user


def repository_of(node: Node) -> Repository | None:
    match node:
        case Repository():
            return node
        case Review() | IssueComment() | Thread():
            return node.pull.repository
        case ReviewComment():
            return node.thread.pull.repository
        case User():
            return None
        case _:
            return node.repository


def _body_fault(body: Any) -> str | None:
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return "A query attribute must be specified and must be a string."
    unknown = body.keys() - {"query", "variables", "operationName"}
    if unknown:
        return f"Unknown attributes: {sorted(unknown)}"
    if not isinstance(body.get("variables"), dict | None):
        return "Variables must be an object."
    return None


def _formatted(error: GraphQLError) -> Json:
    formatted: Json = dict(error.formatted)
    extensions = formatted.pop("extensions", {})
    return ({"type": extensions["type"]} if "type" in extensions else {}) | formatted


def _resolve(source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """Finds the function for a field. A Refusal of the REST side's rules becomes GraphQL's error."""
    from tests.github.graphql.fields import FIELDS
    from tests.github.graphql.mutations import MUTATIONS

    execution: Execution = info.context
    kind, name = info.parent_type.name, info.field_name
    try:
        if kind == "Mutation":
            return _mutate(execution, MUTATIONS.get(name), name, arguments["input"])
        if isinstance(source, dict):
            return source.get(name)
        function = FIELDS.get(kind, {}).get(name)
        if function is None:
            raise NotImplementedError(
                f"the stand-in does not answer {kind}.{name} yet: see graphql/fields.py"
            )
        return _text(function(execution, source, **arguments))
    except Refusal as refusal:
        if refusal.headers:  # too fast: this is said of the whole request, by HTTP's status
            execution.refusal = refusal
        said = [error if isinstance(error, str) else error.get("message", "") for error in refusal.errors]
        raise failure("UNPROCESSABLE", "; ".join(said) or refusal.message) from None


def _mutate(execution: Execution, function: Callable[..., Json] | None, name: str, given: Json) -> Json:
    if function is None:
        raise NotImplementedError(f"the stand-in does not answer {name} yet: see graphql/mutations.py")
    execution.mutations += 1
    if execution.mutations > execution.limits.graphql_mutations:
        raise failure("RESOURCE_LIMITS_EXCEEDED", "Resource limits for this query exceeded.")
    return {"clientMutationId": given.get("clientMutationId"), **function(execution, given)}


def _text(value: Any) -> Any:
    return time(value) if isinstance(value, datetime) else value
