"""XML that may read files and call other machines.

## What it does
Reports parsers that are told to resolve external entities: lxml with `resolve_entities=True`, `load_dtd=True` or
`no_network=False`, `xml.sax` with its features for external entities on, and defusedxml with its checks off.

## Why it matters
An XML document may say that a word stands for the contents of a file or of an address. A parser that follows this puts
`/etc/passwd`, or the answer of a machine behind the firewall, into a document of whoever sent it.

## Example
```python title="shop/imports.py"
from lxml import etree


def read(upload):
    parser = etree.XMLParser(resolve_entities=True, no_network=False)
    return etree.parse(upload, parser)
```

## Use instead
```python title="shop/imports.py"
from lxml import etree


def read(upload):
    parser = etree.XMLParser(resolve_entities=False)
    return etree.parse(upload, parser)
```

## Limits
Python's own parsers resolve nothing external since 3.7.1, and `expat` since 2.4.1 bounds what entities grow to, so
their plain use is not reported. Before version 5.0, lxml resolves them
by default, which the code doesn't show.

## References
- [Python: XML security](https://docs.python.org/3/library/xml.html#xml-security)
- [lxml: parser options](https://lxml.de/parsing.html#parser-options)
- [CWE-611: Improper Restriction of XML External Entity Reference](https://cwe.mitre.org/data/definitions/611.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.fixes.calls import with_keyword, without_keyword
from checks.fixes.edit import replace
from checks.model import Fix
from checks.rule import HIGH, LIKELY, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=611,
    severity=HIGH,
    message="`{option}` lets a document read files and addresses of the server",
    advice="Leave entities unresolved: `resolve_entities=False`, or parse with defusedxml",
)

_LXML = tuple(
    f"lxml.{module}.{name}"
    for module, names in {
        "etree": ("XMLParser", "ETCompatXMLParser", "XMLPullParser", "iterparse"),
        "objectify": ("makeparser",),
    }.items()
    for name in names
)
_RISKY = {"resolve_entities": True, "load_dtd": True, "no_network": False}
_FEATURES = frozenset(
    {
        "xml.sax.handler.feature_external_ges",
        "xml.sax.handler.feature_external_pes",
        "http://xml.org/sax/features/external-general-entities",
        "http://xml.org/sax/features/external-parameter-entities",
    }
)
_DEFUSED = tuple(
    f"defusedxml.{module}.{name}"
    for module, names in {
        "ElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser", "DefusedXMLParser"),
        "cElementTree": ("parse", "iterparse", "fromstring", "XML", "XMLParser"),
        "minidom": ("parse", "parseString"),
        "pulldom": ("parse", "parseString"),
        "sax": ("parse", "parseString", "make_parser"),
    }.items()
    for name in names
)
_TITLE = "Leave entities unresolved"


@rule.on_call(*_LXML)
def check_lxml(call: Call, file: File) -> Iterator[Finding]:
    """The option that resolves entities; where they are off, what is loaded besides does no harm."""
    values = {name: call.constant(None, name) for name in _RISKY}
    entities = values["resolve_entities"]
    if entities is not None and entities.value in (False, "internal"):
        return
    for name, risky in _RISKY.items():
        value = values[name]
        if value is not None and value.value is risky:
            edit = with_keyword(file, call.node, "resolve_entities", "False")
            yield rule.finding(
                call.node,
                file,
                confidence=None if name == "resolve_entities" else LIKELY,
                option=f"{name}={risky}",
                fix=Fix(_TITLE, False, (edit,)) if edit else None,
                cause_hint=r"resolve_entities\s*=\s*False",
            )
            return


@rule.on_call("*.setFeature")
def check_sax(call: Call, file: File) -> Iterator[Finding]:
    """A feature of SAX that follows external entities."""
    feature, on = call.argument(0), call.constant(1)
    if feature is None or on is None or on.value not in (True, 1):
        return
    known = file.constant(feature)
    name = known.value if known is not None else file.resolve(feature)
    if name in _FEATURES:
        edit = replace(file, file.span(call.node.args[1]), "False")
        yield rule.finding(call.node, file, option=file.segment(feature), fix=Fix(_TITLE, False, (edit,)))


@rule.on_call(*_DEFUSED)
def check_defused(call: Call, file: File) -> Iterator[Finding]:
    """A check of defusedxml that is switched off."""
    for name in ("forbid_external", "forbid_entities"):
        given = call.constant(None, name)
        if given is not None and given.value is False:
            edit = without_keyword(file, call.node, name)
            yield rule.finding(
                call.node,
                file,
                confidence=None if name == "forbid_external" else LIKELY,
                option=f"{name}=False",
                fix=Fix("Leave the check on", False, (edit,)) if edit else None,
            )
            return
