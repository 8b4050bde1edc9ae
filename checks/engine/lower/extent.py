"""How deep and how long a text is, told before libcst reads it.

libcst's parser is native code that recurses without a limit: three thousand open parentheses overflow the C stack, and
the process is gone. This scan knows tokens, brackets and the fields of f-strings, no grammar, and counts on the safe
side: everything that may put one expression inside another.
"""

import re
from dataclasses import dataclass

LIMIT = 3_000
# What one level counts for, by the stack that it takes: 125 brackets within brackets reach the limit, or 500 links of a
# chain (`a.b`, `-a`, `a + b`, `elif`), or 3,000 strings in a row.
BRACKET, LINK, STRING = 24, 6, 1
TOKEN_LIMIT = 250_000  # libcst's nodes take up to 4 kB for each, all in all 1 GB
TARGET_LIMIT = 8  # brackets in a `case` or `del`: libcst's parser takes twice the time and more for each

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\f]+|\\\r?\n|\\\r|\#[^\r\n]*)
  | (?P<newline>\r\n?|\n)
  | (?P<prefix>[rRbBuUfFtT]{0,2})(?P<quote>'''|\"\"\"|'|")
  | (?P<word>\w+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_LINE_START = re.compile(r"([ \t\f]*)(\w*)")
_KEYWORDS = frozenset(
    {"and", "as", "await", "else", "for", "from", "if", "in", "is", "lambda", "not", "or", "yield"}
)
_CLOSER = {"(": ")", "[": "]", "{": "}"}
_REST = {
    "'": re.compile(r"(?:\\.|[^\\'\r\n])*'?", re.DOTALL),
    '"': re.compile(r'(?:\\.|[^\\"\r\n])*"?', re.DOTALL),
    "'''": re.compile(r"(?:\\.|[^\\])*?(?:'''|\\?\Z)", re.DOTALL),
    '"""': re.compile(r'(?:\\.|[^\\])*?(?:"""|\\?\Z)', re.DOTALL),
}
# What matters in the text of an f-string: an escape, a doubled brace, the start of a field, its own end.
_TEXT = re.compile(r"""(?P<name>\\N\{[^{}]*\})|\\[^{}]|\{\{|\}\}|[{}]|'''|\"\"\"|['"\r\n]""", re.DOTALL)


class TooDeep(Exception):
    """Nested beyond the limit, in line `line`."""

    def __init__(self, line: int) -> None:
        super().__init__(f"nested beyond the limit in line {line}")
        self.line = line


class TooLong(Exception):
    """More tokens than memory may be spent on."""


@dataclass(slots=True)
class _Frame:
    """What is open: the module, a bracket, a replacement field, the text of an f-string or of a format."""

    closer: str
    text: bool = False
    raw: bool = False
    field: bool = False
    chain: int = 0
    lambdas: int = 0  # `lambda` whose colon is to come: until then a comma ends nothing
    loops: int = 0  # `for` whose `in` is to come


def check_extent(text: str) -> None:
    """Raise `TooDeep` where a recursive parser could run out of stack, `TooLong` where a tree could out of memory."""
    _Scan(text).run()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.offset = 0
        self.tokens = 0
        self.depth = 0
        self.frames = [_Frame("")]
        self.elifs: dict[str, int] = {}
        self.is_slow = False  # in a statement that takes exponential time

    def run(self) -> None:
        self._line_start()
        while self.offset < len(self.text):
            self.tokens += 1
            if self.tokens > TOKEN_LIMIT:
                raise TooLong
            if self.frames[-1].text:
                self._text()
            else:
                self._token()

    def _token(self) -> None:
        match = _TOKEN.match(self.text, self.offset)
        assert match is not None
        self.offset = match.end()
        match match.lastgroup:
            case "newline":
                if len(self.frames) == 1:
                    self._separate()
                    self._line_start()
            case "quote":
                self._string(match["prefix"].lower(), match["quote"])
            case "word":
                self._word(match["word"])
            case "mark":
                self._mark(match["mark"])

    def _word(self, word: str) -> None:
        frame = self.frames[-1]
        if word == "del":
            self.is_slow = True
        if word in _KEYWORDS:
            self._deeper(LINK)
            frame.lambdas += word == "lambda"
            frame.loops += word == "for"
            if word == "in" and frame.loops:
                frame.loops -= 1

    def _mark(self, mark: str) -> None:
        frame = self.frames[-1]
        if mark in _CLOSER:
            self._open(_Frame(_CLOSER[mark]))
        elif mark == frame.closer:
            self._close()
        elif mark == ";" or (mark == "," and not frame.lambdas and not frame.loops):
            self._separate()
        elif mark == ":" and frame.lambdas:
            frame.lambdas -= 1
        elif mark == ":" and frame.field:
            self._open(_Frame("}", text=True))
        else:
            self._deeper(LINK)

    def _string(self, prefix: str, quote: str) -> None:
        if "f" in prefix or "t" in prefix:
            self._open(_Frame(quote, text=True, raw="r" in prefix))
            return
        self._deeper(STRING)
        rest = _REST[quote].match(self.text, self.offset)
        assert rest is not None
        self.offset = rest.end()

    def _text(self) -> None:
        """On to what matters next in the text of an f-string or of a format."""
        frame = self.frames[-1]
        match = _TEXT.search(self.text, self.offset)
        if match is None:
            self.offset = len(self.text)
            return
        start, token = match.start(), match[0]
        self.offset = match.end()
        if match["name"] and frame.raw:
            self.offset = start + len("\\N")
        elif token == "{" or (token == "{{" and frame.closer == "}"):
            self.offset = start + 1
            self._open(_Frame("}", field=True))
        elif token.startswith(frame.closer):
            self.offset = start + len(frame.closer)
            self._close()
            if frame.closer == "}":
                self._close()  # the field whose format this was
        elif token in "\r\n" and len(frame.closer) == 1:
            self._close()

    def _open(self, frame: _Frame) -> None:
        self.frames.append(frame)
        self.depth += BRACKET
        if self.is_slow and len(self.frames) - 1 > TARGET_LIMIT:
            self._fail()
        self._check()

    def _close(self) -> None:
        if len(self.frames) > 1:
            self.depth -= BRACKET + self.frames.pop().chain
            self._deeper(LINK)  # a call or subscript may follow it, and another

    def _deeper(self, by: int) -> None:
        self.frames[-1].chain += by
        self.depth += by
        self._check()

    def _separate(self) -> None:
        frame = self.frames[-1]
        self.depth -= frame.chain
        frame.chain = frame.lambdas = frame.loops = 0

    def _line_start(self) -> None:
        """Count the `elif` of one `if`, each of which `ast` puts inside the one before."""
        match = _LINE_START.match(self.text, self.offset)
        assert match is not None
        indent, word = match.groups()
        if not word:
            return
        self.is_slow = word == "case"
        for deeper in [known for known in self.elifs if len(known) > len(indent)]:
            del self.elifs[deeper]
        if word == "elif":
            self.elifs[indent] = self.elifs.get(indent, 0) + 1
            if sum(self.elifs.values()) * LINK > LIMIT:
                self._fail()
        elif word != "else":
            self.elifs.pop(indent, None)

    def _check(self) -> None:
        if self.depth > LIMIT:
            self._fail()

    def _fail(self) -> None:
        before = self.text[: self.offset]
        raise TooDeep(len(re.findall(r"\r\n?|\n", before)) + 1)
