"""What git's own commands would not write: trees with any names, and packs that stand for far more than they hold."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence

from tests.github.git import Git

FOLDER, FILE, LINK = b"40000", b"100644", b"120000"
LONGEST_COPY = 0xFFFFFF  # bytes that one instruction of a delta can copy
_WHO = b"Mallory <mallory@example.com> 1700000000 +0000"

Entry = tuple[bytes, bytes, str]
"""An entry of a tree: its mode, its name, its object's id."""


def write(git: Git, kind: str, content: bytes) -> str:
    """Write an object as it stands; its id."""
    return git.run("hash-object", "-t", kind, "--literally", "-w", "--stdin", stdin=content).decode().strip()


def blob(git: Git, text: str) -> str:
    """Write a file's content; its id."""
    return write(git, "blob", text.encode())


def tree(git: Git, entries: Iterable[Entry]) -> str:
    """Write a tree, unchecked; its id."""
    return write(git, "tree", _tree_content(entries))


def grow(git: Git, branch: str, start: str, entries: Iterable[Entry]) -> str:
    """A branch that adds to the root of another whatever it may be; its commit's id."""
    listed = git.run("ls-tree", "-z", start).split(b"\0")[:-1]
    held = {name: (about.split()[0].lstrip(b"0"), name, about.split()[2].decode())
            for about, name in (each.split(b"\t", 1) for each in listed)}  # fmt: skip
    held |= {entry[1]: entry for entry in entries}
    ordered = sorted(held.values(), key=lambda entry: entry[1] + b"/" * (entry[0] == FOLDER))
    facts = (tree(git, ordered).encode(), git.text("rev-parse", start).encode(), _WHO, _WHO)
    made = write(git, "commit", b"tree %b\nparent %b\nauthor %b\ncommitter %b\n\nChange\n" % facts)
    git.update_ref(f"refs/heads/{branch}", made)
    return made


def deep(git: Git, text: str, depth: int) -> str:
    """A file below `depth` folders, each in the other; the id of the outermost one."""
    found = tree(git, [(FILE, b"f.py", blob(git, text))])
    objects = []
    for _ in range(depth):
        content = _tree_content([(FOLDER, b"d", found)])
        objects.append(("tree", content))
        found = object_id("tree", content)
    store(git, pack(objects))
    return found


def object_id(kind: str, content: bytes) -> str:
    """What git calls an object."""
    return hashlib.sha1(b"%b %d\0" % (kind.encode(), len(content)) + content).hexdigest()


def store(git: Git, packed: bytes) -> None:
    """Take a pack in as it is."""
    git.run("index-pack", "--stdin", "--fix-thin", stdin=packed)


def pack(objects: Sequence[tuple[str, bytes]], deltas: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """A pack of whole objects, and of deltas each with the id of its base.

    https://git-scm.com/docs/gitformat-pack
    """
    kinds = {"commit": 1, "tree": 2, "blob": 3}
    parts = [_header(kinds[kind], len(content)) + zlib.compress(content, 1) for kind, content in objects]
    parts += [_header(7, len(delta)) + bytes.fromhex(base) + zlib.compress(delta) for base, delta in deltas]
    packed = b"".join([b"PACK", struct.pack(">II", 2, len(parts)), *parts])
    return packed + hashlib.sha1(packed).digest()


def repeating(base: bytes, times: int, end: bytes = b"") -> bytes:
    """A delta that says a base over and over, in seven bytes each time, and an end of its own."""
    assert 0 < len(base) <= LONGEST_COPY and len(end) < 128
    copy = b"\xf0" + struct.pack("<I", len(base))[:3]
    insert = bytes([len(end)]) + end if end else b""
    return b"".join([*_number(len(base)), *_number(len(base) * times + len(end)), copy * times, insert])


def _tree_content(entries: Iterable[Entry]) -> bytes:
    return b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)


def _header(kind: int, size: int) -> bytes:
    first, rest = (kind << 4) | (size & 15), size >> 4
    found = bytearray()
    while rest:
        found.append(first | 128)
        first, rest = rest & 127, rest >> 7
    return bytes([*found, first])


def _number(value: int) -> Iterator[bytes]:
    while value > 127:
        yield bytes([value & 127 | 128])
        value >>= 7
    yield bytes([value])
