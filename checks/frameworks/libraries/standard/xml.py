"""XML of the standard library: which parsers read external entities, and which only let their own grow.

From the standard library's documentation: "XML Processing Modules" (XML security), xml.etree.ElementTree,
xml.sax, xml.dom.minidom, xml.dom.pulldom, xmlrpc. Since Python 3.7.1 none of them reads external entities
unless told so by `setFeature(feature_external_ges, True)`.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TRUTH, each, of, own, sinks
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, sink

ELEMENT = "xml.etree.ElementTree.Element"
_TREE = "xml.etree.ElementTree.ElementTree"

_FIND = Entry(returns="self", passes=(-1,), sinks=(Sink("xpath", (0, "path")),))
_FIND_TEXT = Entry(returns="builtins.str", passes=(-1,), sinks=(Sink("xpath", (0, "path")),))
_ELEMENT = {
    **each("find findall iterfind", _FIND),
    "findtext": _FIND_TEXT,
    **each("attrib items keys", own("builtins.dict")),
    **each("get tag tail text", own("builtins.str")),
    **each("iter itertext __getitem__", own("self")),
    "append": Entry(stores=(0,)),
    "extend": Entry(stores=(0,)),
    "insert": Entry(stores=(1,)),
    "set": Entry(stores=(1,)),
    "remove": NOTHING,
}


def _parser(returns: str | None = None, *, place: str = "source") -> Entry:
    """What reads a file or text of XML."""
    return Entry(returns=returns, passes=(0,), sinks=(Sink("xml-expansion", (0, place)),))


library = Library(
    "standard.xml",
    entries={
        **of(
            "xml.etree.ElementTree",
            {
                "parse": _parser(_TREE),
                **each("fromstring XML fromstringlist", _parser(ELEMENT, place="text")),
                "XMLID": _parser("builtins.tuple", place="text"),
                "iterparse": _parser("builtins.list"),
                **each("XMLParser XMLPullParser", gives("xml.etree.ElementTree.XMLParser")),
                **each("tostring tostringlist", escapes("html", "xml", returns="builtins.bytes")),
                **each("Element ElementTree", passes(returns=ELEMENT)),
                "SubElement": Entry(returns=ELEMENT, passes=(2,)),
                "Comment": passes(0),
                "register_namespace": NOTHING,
                "indent": NOTHING,
                "iselement": TRUTH,
                "dump": NOTHING,
            },
        ),
        **of(ELEMENT, _ELEMENT),
        **of(_TREE, {"getroot": own(ELEMENT), "write": Entry(sinks=(Sink("path", 0), Sink("write", -1)))}),
        "xml.etree.ElementTree.XMLParser.feed": Entry(sinks=(Sink("xml-expansion", 0),), stores=(0,)),
        "xml.etree.ElementTree.XMLParser.close": own(ELEMENT),
        **of("xml.sax", {"make_parser": gives("xml.sax.xmlreader.XMLReader"), "parse": _parser()}),
        "xml.sax.parseString": _parser(place="string"),
        "xml.sax.xmlreader.XMLReader.parse": _parser(),
        "xml.sax.saxutils.escape": escapes("xml"),
        "xml.sax.saxutils.quoteattr": escapes("html", "xml"),
        "xml.sax.saxutils.unescape": passes(0, returns="builtins.str"),
        **each("xml.dom.minidom.parse", _parser("xml.dom.minidom.Document", place="file")),
        "xml.dom.minidom.parseString": _parser("xml.dom.minidom.Document", place="string"),
        **each("xml.dom.pulldom.parse", _parser(place="stream_or_string")),
        "xml.dom.pulldom.parseString": _parser(place="string"),
        **each(
            "xml.dom.expatbuilder.parse xml.dom.expatbuilder.parseString", _parser("xml.dom.minidom.Document")
        ),
        **of("xml.dom.minidom.Document", each("toxml toprettyxml", Entry("builtins.str", passes=(-1,)))),
        "xml.parsers.expat.ParserCreate": NOTHING,
        "xmlrpc.client.ServerProxy": sink("url", (0, "uri"), returns="xmlrpc.client.ServerProxy"),
        "xmlrpc.client.loads": sinks(Sink("xml-expansion", 0), passes=(0,)),
        "xmlrpc.client.dumps": passes(0, returns="builtins.str"),
    },
    bases={_TREE: (ELEMENT,)},
    aliases={"xml.etree.cElementTree.": "xml.etree.ElementTree."},
)
