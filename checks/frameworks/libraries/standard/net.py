"""Sockets, HTTP, mail and other servers: urllib.request, http, socket, ssl, ftplib, smtplib, email.

From the standard library's documentation: the pages of those modules. What another server answers is its own
(`remote`), whatever it was asked.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of, own, sinks
from checks.semantics.library import Entry, Library, Sink, escapes, gives, passes, sink, source

_RESPONSE = "http.client.HTTPResponse"
_ASKED = Entry(returns=_RESPONSE, sinks=(Sink("url", (0, "url")),), work="http")
_HOST = sinks(Sink("url", (0, "host")))

_URLLIB = {
    "urlopen": _ASKED,
    "urlretrieve": Entry(
        returns="builtins.tuple", sinks=(Sink("url", (0, "url")), Sink("path", (1, "filename"))), work="http"
    ),
    "Request": passes((0, "url"), returns="urllib.request.Request"),
    "Request.add_header": Entry(sinks=(Sink("header", 0), Sink("header", 1))),
    "Request.full_url": own("builtins.str"),
    "build_opener": gives("urllib.request.OpenerDirector"),
    "OpenerDirector": gives("urllib.request.OpenerDirector"),
    "OpenerDirector.open": Entry(returns=_RESPONSE, sinks=(Sink("url", (0, "fullurl")),), work="http"),
    "pathname2url": passes(0, returns="builtins.str"),
    "url2pathname": passes(0, returns="builtins.str"),
    **each("HTTPBasicAuthHandler HTTPCookieProcessor HTTPSHandler ProxyHandler install_opener", NOTHING),
}
_ANSWER = {
    **each("read readline", source("remote", "builtins.bytes")),
    **each("readlines __iter__", source("remote", "builtins.list")),
    **each("getheader geturl reason url", source("remote", "builtins.str")),
    **each("getheaders headers info msg", source("remote", "builtins.dict")),
    **each("status getcode code", NUMBER),
    "close": NOTHING,
}
_SOCKET = {
    **each("recv recvfrom recvmsg", source("remote", "builtins.bytes")),
    "recv_into": NUMBER,
    "accept": gives("builtins.tuple"),
    "connect": sink("url", 0),
    "connect_ex": sink("url", 0),
    "makefile": source("remote", "io.BufferedIOBase"),
    **each("bind close listen send sendall sendto setblocking setsockopt settimeout shutdown", NOTHING),
    **each("getpeername getsockname fileno gettimeout", NOTHING),
}
_MESSAGE = {
    **each("__setitem__ add_header replace_header", Entry(sinks=(Sink("header", 0), Sink("header", 1)))),
    **each("attach set_payload", Entry(stores=(0,))),
    "set_content": Entry(stores=(0,)),
    "add_alternative": Entry(sinks=(Sink("html-email", 0),), stores=(0,)),
    "add_attachment": Entry(stores=(0,)),
    **each(
        "as_bytes as_string get get_all get_content get_filename get_payload items keys values walk", own()
    ),
    **each("__getitem__ get_body iter_attachments iter_parts", own()),
    **each("is_multipart", TRUTH),
    **each("get_content_type get_content_maintype get_charset", TEXT),
}
_HANDLER = {
    **each("path requestline raw_requestline", source("request", "builtins.str")),
    "headers": source("request", "email.message.Message"),
    "rfile": source("request", "http.server.Input"),
    "client_address": NOTHING,
    **each("send_header", Entry(sinks=(Sink("header", 0), Sink("header", 1)))),
    "send_error": Entry(sinks=(Sink("header", 1), Sink("response", 1), Sink("response", 2))),
    **each("end_headers flush_headers log_date_time_string send_response version_string", NOTHING),
    **each("log_error log_message", Entry(sinks=(Sink("log", 0), Sink("log", 1)))),
    "wfile": gives("http.server.Output"),
}

library = Library(
    "standard.net",
    entries={
        **of("urllib.request", _URLLIB),
        **of(_RESPONSE, _ANSWER),
        **each(
            "http.client.HTTPConnection http.client.HTTPSConnection",
            Entry(returns="http.client.HTTPConnection", sinks=(Sink("url", (0, "host")),)),
        ),
        **of(
            "http.client.HTTPConnection",
            {
                "getresponse": Entry(returns=_RESPONSE, work="http"),
                "putheader": Entry(sinks=(Sink("header", 0), Sink("header", 1))),
                **each("close connect endheaders putrequest request send set_tunnel", NOTHING),
            },
        ),
        **of("http.server.BaseHTTPRequestHandler", _HANDLER),
        **of("http.server.Input", each("read readline", own("builtins.bytes"))),
        "http.server.Output.write": Entry(sinks=(Sink("response", 0),)),
        "http.cookies.SimpleCookie": passes(0, returns="http.cookies.SimpleCookie"),
        "http.cookies.SimpleCookie.__setitem__": Entry(sinks=(Sink("cookie", 0), Sink("cookie", 1))),
        "http.cookies.SimpleCookie.load": Entry(stores=(0,)),
        **of("http.cookies.SimpleCookie", each("__getitem__ get items values", own("http.cookies.Morsel"))),
        **of("http.cookies.Morsel", each("value coded_value OutputString", own("builtins.str"))),
        **of("http.HTTPStatus", each("phrase description", TEXT)),
        "socket.socket": gives("socket.socket"),
        "socket.create_connection": sink("url", (0, "address"), returns="socket.socket"),
        **of("socket.socket", _SOCKET),
        **of("socket", each("gethostname getfqdn gethostbyname gethostbyaddr inet_ntoa inet_ntop", TEXT)),
        **of("socket", each("getaddrinfo htons inet_aton inet_pton ntohs setdefaulttimeout", NOTHING)),
        "asyncio.open_connection": Entry(returns="builtins.tuple", sinks=(Sink("url", (0, "host")),)),
        **of(
            "ssl", each("SSLContext create_default_context get_default_verify_paths", gives("ssl.SSLContext"))
        ),
        "ssl.SSLContext.wrap_socket": gives("socket.socket"),
        **of("ssl.SSLContext", each("load_cert_chain load_verify_locations set_ciphers", NOTHING)),
        **each("ftplib.FTP ftplib.FTP_TLS", Entry(returns="ftplib.FTP", sinks=(Sink("url", (0, "host")),))),
        **of("ftplib.FTP", each("cwd login mkd quit", NOTHING)),
        **of("ftplib.FTP", each("retrbinary retrlines storbinary storlines", Entry(work="http"))),
        **each("telnetlib.Telnet poplib.POP3 poplib.POP3_SSL imaplib.IMAP4 imaplib.IMAP4_SSL", _HOST),
        **each("smtplib.SMTP smtplib.SMTP_SSL", gives("smtplib.SMTP")),
        **of(
            "smtplib.SMTP",
            {
                **each("connect ehlo helo login quit starttls", NOTHING),
                "send_message": Entry(work="mail"),
                "sendmail": Entry(sinks=(Sink("header", (2, "msg")),), work="mail"),
            },
        ),
        **each("email.message.Message email.message.EmailMessage", gives("email.message.Message")),
        **of("email.message.Message", _MESSAGE),
        **each(
            "email.mime.text.MIMEText",
            Entry(
                returns="email.message.Message",
                passes=(0,),
                sinks=(
                    Sink("html-email", (0, "_text"), lambda call: call.constant((1, "_subtype")) == "html"),
                ),
            ),
        ),
        **each("email.mime.multipart.MIMEMultipart", gives("email.message.Message")),
        **each("email.mime.base.MIMEBase email.mime.image.MIMEImage", gives("email.message.Message")),
        "email.mime.application.MIMEApplication": passes(0, returns="email.message.Message"),
        **of(
            "email",
            each(
                "message_from_bytes message_from_file message_from_string",
                passes(0, returns="email.message.Message"),
            ),
        ),
        **each("email.utils.parseaddr email.utils.getaddresses", passes(0)),
        "email.utils.formataddr": passes(0, returns="builtins.str"),
        **each("email.utils.formatdate email.utils.make_msgid", TEXT),
        "email.header.Header": passes(0, returns="email.header.Header"),
        "email.header.Header.encode": escapes("header", argument=-1),
        "email.header.decode_header": passes(0),
        "webbrowser.open": NOTHING,
        "select.select": NOTHING,
        **each("selectors.DefaultSelector", NOTHING),
    },
    bases={
        "http.server.SimpleHTTPRequestHandler": ("http.server.BaseHTTPRequestHandler",),
        "email.message.EmailMessage": ("email.message.Message",),
        "http.cookies.BaseCookie": ("http.cookies.SimpleCookie",),
    },
    aliases={
        "urllib2.": "urllib.request.",
        "urllib.urlopen": "urllib.request.urlopen",
        "six.moves.http_client.": "http.client.",
        "email.MIMEText.": "email.mime.text.",
        "_socket.": "socket.",
    },
)
