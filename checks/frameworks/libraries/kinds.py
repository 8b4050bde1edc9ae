"""The kinds of sinks and the labels of sources that the tables use, and what each means."""

from __future__ import annotations

from typing import Final

KINDS: Final = {
    "archive": "an archive whose members' names decide where they are unpacked",
    "attribute": "the name of an attribute that is set",
    "cache-key": "the key under which something is cached",
    "code": "Python that is run, or the name of a module that is imported",
    "command": "the command line of a program as a list: whoever chooses the first element chooses the program",
    "context": "what a template is rendered with",
    "cookie": "the name or value of a cookie",
    "csv": "a cell of a spreadsheet, where `=` begins a formula",
    "deserialize": "bytes that make objects of any class",
    "hash-password": "what a fast hash is made of",
    "header": "the name or value of a header of a response, a request or a mail",
    "html": "markup that is sent as it is",
    "html-email": "markup of a mail",
    "ldap": "a search filter of LDAP",
    "ldap-dn": "a distinguished name of LDAP",
    "log": "a line in a log",
    "model": "what the fields of a row are set to",
    "nan": "a text that may say `nan` or `inf`",
    "nosql": "a filter or update of a document database, where keys are operators",
    "page-size": "how many rows are read",
    "path": "the name of a file that is opened, sent, written or removed",
    "redirect": "where a browser is sent",
    "regex": "a regular expression",
    "response": "what anyone who asks is shown, in any format",
    "response-file": "the contents of a file that is sent",
    "script": "text inside a script",
    "response-header": "a header that the framework refuses where it holds a line break",
    "session": "the name under which a session keeps something",
    "session-value": "what a session keeps",
    "set-password": "a password that an account gets",
    "shell": "a command line that a shell reads",
    "sql": "the text of a query",
    "task": "what a background task is given",
    "template": "the source of a template",
    "url": "the address that the server itself asks",
    "write": "what a file is filled with",
    "xml": "XML of which external entities are read",
    "xml-expansion": "XML whose own entities may grow without end",
    "xpath": "an XPath expression",
}

LABELS: Final = {
    "environment": "variables of the environment",
    "exception": "an exception and where it was raised",
    "file": "the contents of a file",
    "host": "the Host header as the framework hands it on",
    "local": "arguments and input of a command",
    "queue": "messages of a queue",
    "remote": "what another server answered",
    "request": "everything that a client of the application chooses",
    "secret": "keys and passwords",
}
