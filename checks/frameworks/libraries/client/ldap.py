"""Clients of LDAP: ldap3 and python-ldap.

From ldap3's documentation ("The Search Operation", `ldap3.utils.conv`, `ldap3.utils.dn`) and python-ldap's
("LDAPObject class", "ldap.filter", "ldap.dn").
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, escapes, gives, sink

_CONNECTION = "ldap3.Connection"
_OBJECT = "ldap.ldapobject.LDAPObject"
_DN = sinks(Sink("ldap-dn", (0, "dn")))
_SEARCH = sinks(Sink("ldap-dn", (0, "base")), Sink("ldap", (2, "filterstr")))

library = Library(
    "client.ldap",
    entries={
        "ldap3.Connection": Entry(returns=_CONNECTION, sinks=(Sink("ldap-dn", (1, "user")),)),
        "ldap3.Server": gives("ldap3.Server"),
        **of(
            _CONNECTION,
            {
                "search": sinks(
                    Sink("ldap-dn", (0, "search_base")),
                    Sink("ldap", (1, "search_filter")),
                    returns="builtins.bool",
                ),
                **each("add delete modify", _DN),
                "modify_dn": sinks(Sink("ldap-dn", (0, "dn")), Sink("ldap-dn", (1, "relative_dn"))),
                "compare": _DN,
                "rebind": sinks(Sink("ldap-dn", (0, "user"))),
                **each("bind start_tls unbind", TRUTH),
                **each("entries extend last_error response result server", NOTHING),
            },
        ),
        "ldap3.extend.StandardExtendedOperations.paged_search": sinks(
            Sink("ldap-dn", (0, "search_base")), Sink("ldap", (1, "search_filter"))
        ),
        "ldap3.utils.conv.escape_filter_chars": escapes("ldap"),
        "ldap3.utils.conv.escape_bytes": escapes("ldap"),
        "ldap3.utils.dn.escape_rdn": escapes("ldap-dn"),
        **each("ldap3.utils.dn.parse_dn ldap3.utils.dn.safe_dn", Entry(passes=(0,))),
        "ldap.initialize": sink("url", (0, "uri"), returns=_OBJECT),
        "ldap.open": sink("url", 0, returns=_OBJECT),
        **of(
            _OBJECT,
            {
                **each("search search_ext search_ext_s search_s search_st", _SEARCH),
                **each("add add_ext_s add_s delete delete_ext_s delete_s modify modify_ext_s modify_s", _DN),
                **each("compare compare_s modrdn_s passwd_s rename_s", _DN),
                **each("bind bind_s simple_bind simple_bind_s", sinks(Sink("ldap-dn", (0, "who")))),
                **each(
                    "get_option protocol_version result result3 set_option start_tls_s unbind"
                    " unbind_s whoami_s",
                    NOTHING,
                ),
            },
        ),
        "ldap.filter.escape_filter_chars": escapes("ldap"),
        "ldap.filter.filter_format": Entry(
            returns="builtins.str",
            passes=(1,),
            cleans=frozenset({"ldap"}),
            sinks=(Sink("ldap", (0, "filter_template")),),
        ),
        "ldap.dn.escape_dn_chars": escapes("ldap-dn"),
        **of("ldap.dn", each("dn2str str2dn explode_dn", Entry(passes=(0,)))),
        "ldap.set_option": NOTHING,
        "ldap.TLS_AVAIL": TEXT,
        **each("*.search_s *.search_ext_s", _SEARCH),
        "*.simple_bind_s": sinks(Sink("ldap-dn", (0, "who"))),
    },
    bases={
        "ldap.ldapobject.ReconnectLDAPObject": (_OBJECT,),
        "ldap.ldapobject.SimpleLDAPObject": (_OBJECT,),
    },
    aliases={"ldap3.core.connection.": "ldap3.", "ldap.functions.": "ldap."},
)
