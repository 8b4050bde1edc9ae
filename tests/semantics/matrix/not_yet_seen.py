"""The programs that the interpreter is wrong about, by name, and why. One that is right by now has to go."""

from __future__ import annotations

from typing import Final

CONTEXT = "an escape or a check that is meant for another kind of sink happens to break the marked inputs"
FLAG = "a flag that a branch sets stands for the check"
HOST = "what is put before the text makes a host of it, or takes away the one that was checked"
NUMBER = "a method that many classes have gives a number only where the class is known"
PATHS = "paths that are joined or compared as they are written, in ways that no table tells"
SLICES = "what is put into a slice of a list is no longer known to be one text"

NOT_YET_SEEN: Final[dict[str, str]] = {
    "form > markup escaped > django cursor": CONTEXT,
    "values > django escape > xpath": CONTEXT,
    "json attribute > shell quoted > cursor formatted": CONTEXT,
    "raw data > pattern escaped > compiled template": CONTEXT,
    "get item > form-encoded > compiled pattern": CONTEXT,
    "list of values > represented > line for sh": CONTEXT,
    "json attribute > base64 > opened below a folder": CONTEXT,
    "json attribute > base64 > compiled pattern": CONTEXT,
    "flask cookie > safe base64 > evaluated": CONTEXT,
    "flask cookie > safe base64 > unpickled": CONTEXT,
    "get item > escaped by map > cursor joined": CONTEXT,
    "sent json > match of several words > cursor joined": CONTEXT,
    "flask cookie > host checked > opened address": HOST,
    "list of values > begins with part of a host > opened address": HOST,
    "arguments > holds no quote > cursor joined": CONTEXT,
    "argument item > django's validator > opened address": HOST,
    "form > beginning of the real path > opened": PATHS,
    "get item > flag set in a branch > shell line": FLAG,
    "argument item > flag set in a branch > flask response": FLAG,
    "get item > flag set in a branch > opened address": FLAG,
    "get item > flag set in a branch > xpath": FLAG,
    "get item > flag set in a branch > header of a mail": FLAG,
    "form > real path inside a folder with a separator > opened address": HOST,
    "arguments > split lines > characters allowed > asked": HOST,
    "cookie > counted > search anywhere > redirect response": NUMBER,
    "arguments > popped > real path inside a folder with a separator > flask redirect": PATHS,
    "json body > slice assigned > negated membership > response": SLICES,
    "flask list of values > re-exported > secure file name > asked": HOST,
    "get > callback > real path inside a folder with a separator > redirect": PATHS,
    "arguments > sorted by a key > base64 > unpickled": CONTEXT,
    "copied parameters > strip > number in try > cookie": CONTEXT,
    "copied parameters > lower > escaped each > django cursor": CONTEXT,
    "raw data > prefix removed > characters allowed > xpath": CONTEXT,
    "values > reversed list > relative path unresolved > flask redirect": PATHS,
    "sent json > updated by keyword > quoted in one branch, refused in the other > xpath": CONTEXT,
    "get > filter > relative path unresolved > redirect": PATHS,
    "copied parameters > exception's text > safely joined > opened address": HOST,
    "copied parameters > repeated > flag set in a branch > listed": FLAG,
    "argument item > split > markup escaped > cursor joined": CONTEXT,
    "arguments > read from memory > directory filter escaped > pattern": CONTEXT,
    "json body > only a scheme > holds no dots and no slash > response": PATHS,
    "post > begins with a slash > longer than nothing > asked": HOST,
    "sent json > relative path unresolved > beginning of the real path > opened": PATHS,
    "flask cookie > among the parents > percent-encoded wholly > opened address": HOST,
    "flask list of values > form-encoded > slug > asked": HOST,
    "values > base64 > host parsed > unpickled": CONTEXT,
    "arguments > match of anything > relative path unresolved > opened address": HOST,
    "cookie > counted > context class > redirect response": NUMBER,
    "list of values > found > normalised > imported": NUMBER,
    "cookie > found > whole match > system": NUMBER,
    "json body > counted > recursion in a ring > evaluated": NUMBER,
}
