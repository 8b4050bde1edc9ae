"""XML beyond the standard library: lxml, defusedxml, xmltodict.

From lxml's documentation: "Parsing XML and HTML with lxml" (Parser options: `resolve_entities` is True before
lxml 5, then "internal"; `no_network`, `load_dtd`, `huge_tree`), "XPath and XSLT with lxml" (variables instead
of text), "lxml FAQ"; defusedxml's README. A parser that is told `resolve_entities=False` or "internal" reads
no external entity.
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import Condition, constant_is, is_built, is_text, no
from checks.frameworks.libraries.standard.xml import ELEMENT as STANDARD
from checks.frameworks.libraries.tables import NOTHING, NUMBER, TRUTH, each, of, own
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, Place, Sink, escapes, gives, passes, sink
from checks.semantics.values import Value, instance

ELEMENT = "lxml.etree._Element"
TREE = "lxml.etree._ElementTree"
PARSER = "lxml.etree.XMLParser"
CAREFUL = "lxml.etree.CarefulParser"


def _parser(call: Invocation) -> Value | None:
    """A parser that reads no external entities has a type of its own."""
    resolves = call.constant("resolve_entities")
    return instance(CAREFUL) if resolves is False or resolves == "internal" else None


def _unless_careful(place: Place) -> Condition:
    """Where the parser is lxml's own or may read external entities: one that the code doesn't show is trusted."""

    def condition(call: Invocation) -> bool:
        given = call.argument(place)
        return given is None or given.const is None or given.type_name == PARSER

    return condition


_READ = Sink("xml", (0, "text"), _unless_careful((1, "parser")))
_XPATH = Sink("xpath", (0, "_path"))
_ELEMENT = {
    "xpath": Entry(returns="builtins.list", passes=(-1,), sinks=(_XPATH,)),
    **each("find findall iterfind", Entry(returns="self", passes=(-1,), sinks=(Sink("xpath", (0, "path")),))),
    "findtext": Entry(returns="builtins.str", passes=(-1,), sinks=(Sink("xpath", (0, "path")),)),
    **each(
        "getchildren getnext getparent getprevious getroottree iterancestors iterchildren itersiblings",
        own("self"),
    ),
    **each("base prefix text_content", own("builtins.str")),
    "sourceline": NUMBER,
    "cssselect": own("builtins.list"),
    **each("addnext addprevious clear replace", NOTHING),
}
_FEED = Entry(sinks=(Sink("xml", (0, "data")),), stores=(0,))

library = Library(
    "data.xml",
    entries={
        **of(
            "lxml.etree",
            {
                **each("XML fromstring fromstringlist", Entry(returns=ELEMENT, passes=(0,), sinks=(_READ,))),
                "parse": Entry(
                    returns=TREE,
                    passes=(0,),
                    sinks=(
                        Sink("xml", (0, "source"), _unless_careful((1, "parser"))),
                        Sink("path", (0, "source"), is_text((0, "source")), or_file=True),
                    ),
                ),
                "iterparse": Entry(
                    returns="builtins.list",
                    passes=(0,),
                    sinks=(
                        Sink("xml", (0, "source"), no(constant_is("resolve_entities", False, "internal"))),
                    ),
                ),
                **each("XMLParser ETCompatXMLParser XMLPullParser", Entry(returns=PARSER, apply=_parser)),
                "HTMLParser": gives("lxml.etree.HTMLParser"),
                "HTML": passes(0, returns=ELEMENT),
                **each(
                    "ETXPath XPath XPathDocumentEvaluator XPathElementEvaluator", sink("xpath", (0, "path"))
                ),
                "XPathEvaluator": gives("lxml.etree.XPathEvaluator"),
                "XPathEvaluator.__call__": sink("xpath", 0),
                # A stylesheet may read and write files.
                "XSLT": Entry(returns="lxml.etree.XSLT", sinks=(Sink("xml", (0, "xslt_input")),)),
                **each("Element SubElement Comment", passes(returns=ELEMENT)),
                **each("tostring tounicode", escapes("html", "xml", returns="builtins.bytes")),
                **each(
                    "DTD RelaxNG XMLSchema QName register_namespace set_default_parser strip_tags", NOTHING
                ),
                **each("iselement", TRUTH),
            },
        ),
        **of(PARSER, {"feed": _FEED, "close": own(ELEMENT)}),
        f"{CAREFUL}.feed": Entry(stores=(0,)),
        **of(ELEMENT, _ELEMENT),
        **of(
            TREE,
            {"getroot": own(ELEMENT), "xpath": _ELEMENT["xpath"], "write": Entry(sinks=(Sink("path", 0),))},
        ),
        **of(
            "lxml.html",
            each("document_fromstring fragment_fromstring fromstring", passes(0, returns=ELEMENT)),
        ),
        "lxml.html.fragments_fromstring": passes(0, returns="builtins.list"),
        "lxml.html.parse": Entry(
            returns=TREE, passes=(0,), sinks=(Sink("path", 0, is_text(0), or_file=True),)
        ),
        "lxml.html.tostring": passes(0, returns="builtins.bytes"),
        "lxml.objectify.fromstring": Entry(returns=ELEMENT, passes=(0,), sinks=(_READ,)),
        "lxml.objectify.parse": Entry(returns=TREE, passes=(0,), sinks=(_READ,)),
        **of("defusedxml.ElementTree", each("XML fromstring", passes(0, returns=STANDARD))),
        **of("defusedxml.ElementTree", each("iterparse", passes(0, returns="builtins.list"))),
        "defusedxml.ElementTree.parse": passes(0, returns="xml.etree.ElementTree.ElementTree"),
        "defusedxml.ElementTree.tostring": escapes("html", "xml", returns="builtins.bytes"),
        **each(
            "defusedxml.minidom.parse defusedxml.minidom.parseString",
            passes(0, returns="xml.dom.minidom.Document"),
        ),
        **each("defusedxml.pulldom.parse defusedxml.pulldom.parseString defusedxml.sax.parse", passes(0)),
        **each("defusedxml.sax.parseString", passes(0)),
        **each("defusedxml.lxml.fromstring defusedxml.lxml.parse", passes(0, returns=ELEMENT)),
        "defusedxml.defuse_stdlib": NOTHING,
        "defusedxml.xmlrpc.monkey_patch": NOTHING,
        "xmltodict.parse": Entry(returns="builtins.dict", passes=(0,)),
        "xmltodict.unparse": escapes("xml"),
        "*.xpath": Entry(returns="builtins.list", passes=(-1,), sinks=(Sink("xpath", 0, is_built()),)),
    },
    bases={ELEMENT: (STANDARD,), TREE: (ELEMENT,), CAREFUL: (PARSER,)},
    aliases={"lxml.html.HtmlElement.": f"{ELEMENT}.", "defusedxml.cElementTree.": "defusedxml.ElementTree."},
)
