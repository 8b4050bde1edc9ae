"""A template as it was read: what it prints and where, its tags, its blocks and loops. Frozen data.

Spans hold lines and columns from 1, columns in characters, the end exclusive, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from checks.model import Span

DJANGO, JINJA = "django", "jinja"


class Kind(Enum):
    """Where in the HTML something stands, which decides what a value could do there.

    TEXT is also plain text without any tag. TAG is the inside of a tag where an attribute could stand. ATTRIBUTE is
    the value of an attribute that has no meaning of its own; URL the *start* of an address (`href`, `src`, `action`),
    where a scheme could stand: behind that start it is ATTRIBUTE. SCRIPT is JavaScript, DATA another `<script>` (JSON,
    a client's template), HANDLER JavaScript within an attribute (`onclick`, `href="javascript:..."`), STYLE the element
    or the attribute, RCDATA the text of `<textarea>` and `<title>`.
    """

    TEXT = "text"
    TAG_NAME = "tag name"
    TAG = "tag"
    ATTRIBUTE = "attribute"
    URL = "url"
    SCRIPT = "script"
    DATA = "data"
    HANDLER = "handler"
    STYLE = "style"
    COMMENT = "comment"
    RCDATA = "rcdata"


@dataclass(frozen=True, slots=True)
class Context:
    """The place of a hole or tag in the HTML around it.

    `element` is the tag that is open there (`a`), within `<script>` and its like theirs; `attribute` the name of the
    attribute whose value it is in, `quote` the mark around that value, empty for a value without any; `before` what
    the value holds in front of it, other holes as `\\0`. `string` is the mark of the JavaScript string that it stands
    in, also `//` or `/*` in a comment and `/` in a regular expression, empty in the code itself.
    """

    kind: Kind
    element: str = ""
    attribute: str = ""
    quote: str = ""
    before: str = ""
    string: str = ""

    @property
    def unquoted(self) -> bool:
        """Whether it stands in the value of an attribute that has no quotes."""
        return bool(self.attribute) and not self.quote


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter and what it is given: Django's one argument, Jinja2's all, values of keywords too."""

    name: str
    arguments: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Expression:
    """What is computed in a template.

    `path` is the name that it follows from the context, `order.customer.name` as its three parts; subscripts by a text
    or number are parts as well; empty for what is no name. `called` says that Jinja2 calls it, with `arguments`.
    `literal` expressions hold nothing from the context: texts, numbers, truth values, comparisons; `value` is a text's.
    `parts` are the operands of which one of several becomes the result (`a ~ b`, `a if c else b`, lists), `asked` those
    that only decide: what is compared, the condition.
    """

    text: str
    path: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    literal: bool = False
    value: str | None = None
    called: bool = False
    arguments: tuple[Expression, ...] = ()
    parts: tuple[Expression, ...] = ()
    asked: tuple[Expression, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether one of these filters is applied to the whole of it."""
        return any(one.name in names for one in self.filters)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag, opening and closing ones and those between (`else`) alike.

    `arguments` is its text behind the name; `parent` the opening tag of the block around it. A closing tag and one in
    between have the tag that they belong to for parent. `autoescaped` is as of a hole.
    """

    name: str
    arguments: str
    span: Span
    parent: Tag | None
    context: Context
    autoescaped: bool = True


@dataclass(frozen=True, slots=True)
class Hole:
    """A value printed: `{{ ... }}`.

    `autoescaped` says that the file and the `autoescape` blocks around have it escaped; its own filters may undo that.
    """

    expression: Expression
    context: Context
    span: Span
    autoescaped: bool
    parent: Tag | None

    def is_within(self, *names: str) -> bool:
        """Whether a tag of these names is around it."""
        return is_within(self.parent, *names)


def is_within(tag: Tag | None, *names: str) -> bool:
    """Whether a tag or one around it has one of these names."""
    while tag is not None:
        if tag.name in names:
            return True
        tag = tag.parent
    return False


@dataclass(frozen=True, slots=True)
class Node:
    """A tag with what stands in its block, in order; the root has no tag. `body` is the place between its tags.

    Tags without a block have no children. A tag in between (`else`) is a child of the one it belongs to.
    """

    tag: Tag | None
    children: tuple[Node | Hole, ...]
    body: Span


@dataclass(frozen=True, slots=True)
class Include:
    """Another template set in: `name` where it is a literal; `bindings` what it is given by name; `only` those."""

    name: str | None
    expression: Expression
    bindings: tuple[tuple[str, Expression], ...]
    only: bool
    tag: Tag


@dataclass(frozen=True, slots=True)
class Loop:
    """A `for`: the names that it binds, what it goes through, its body, and which elements it takes (Jinja2's `if`)."""

    names: tuple[str, ...]
    iterated: Expression
    body: Span
    tag: Tag
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A `block` that templates may override, and its body."""

    name: str
    body: Span
    tag: Tag


@dataclass(frozen=True, slots=True)
class Assignment:
    """Names given a value by `with`, `set`, `blocktrans with`; `body` is where they hold: to the end for `set`."""

    names: tuple[str, ...]
    value: Expression
    body: Span
    tag: Tag


@dataclass(frozen=True, slots=True)
class Template:
    """A template of either language, all in the order of its source.

    `extends` is the parent's name where it is a literal, empty where it is computed, `None` without one. `loads` are
    the libraries that `load` names, for Jinja2 the templates that it imports from.
    """

    path: str
    language: str
    root: Node
    holes: tuple[Hole, ...]
    tags: tuple[Tag, ...]
    extends: str | None
    includes: tuple[Include, ...]
    blocks: tuple[Block, ...]
    loops: tuple[Loop, ...]
    assignments: tuple[Assignment, ...]
    loads: tuple[str, ...]
