"""Files and their names: os, os.path, pathlib, shutil, glob, io, tempfile, zipfile, tarfile.

From the standard library's documentation: the pages of those modules. `os.path.basename` gives `..` for `..`:
the name of the folder above, but no way to another file.
"""

from __future__ import annotations

from checks.frameworks.libraries.conditions import absent_or, both, constant_is, is_text, no
from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of, own, sinks
from checks.semantics.invocation import Invocation
from checks.semantics.library import (
    Check,
    Entry,
    Library,
    Sink,
    escapes,
    gives,
    passes,
    sink,
    source,
)
from checks.semantics.values import Value, all_taints

_FILE = "io.TextIOWrapper"
_NAMED = sink("path", (0, "path"))
_SAFE_FILTERS = ("data", "tar")


def _opened(call: Invocation) -> Value | None:
    """A zip archive or tape that is opened for writing holds nothing that others chose."""
    mode = call.constant((1, "mode"))
    return Value(type="builtins.object") if isinstance(mode, str) and mode[:1] in ("w", "x") else None


def _common(call: Invocation) -> Value | None:
    """What paths have in common: where that is the folder, a normalised path is in it."""
    given = call.argument((0, "paths"))
    found = [item for item in ((given and given.items) or {}).values() if all_taints(item)]
    if len(found) != 1 or not all("normal-path" in taint.clean for taint in found[0].taints):
        return None
    return Value(type="builtins.str", taints=all_taints(found[0]), facts={"inside": found[0]})


_OS = {
    **each(
        "chdir chflags chmod chown lchmod lchown mkdir makedirs mkfifo open remove removedirs"
        " rmdir truncate"
        " unlink utime",
        _NAMED,
    ),
    **each("listdir readlink scandir", sink("path", (0, "path"))),
    **each("stat lstat statvfs walk fwalk", sink("path", 0)),
    **each("link rename renames replace symlink", sinks(Sink("path", (0, "src")), Sink("path", (1, "dst")))),
    **each("fsdecode fsencode fspath", passes(0, returns="builtins.str")),
    **each("getcwd getlogin strerror urandom uname ctermid", TEXT),
    **each(
        "close cpu_count dup dup2 fstat fsync getpid getppid getuid getgid isatty umask wait waitpid", NUMBER
    ),
    **each("kill killpg nice pipe putenv unsetenv setsid", NOTHING),
    **each("_exit abort", Entry(ends=True)),
    "environ": source("environment", "os._Environ"),
    "environb": source("environment", "os._Environ"),
    "getenv": Entry(returns="builtins.str", source="environment", passes=((1, "default"),)),
    "getenvb": Entry(returns="builtins.bytes", source="environment", passes=((1, "default"),)),
    "access": TRUTH,
    "fdopen": gives(_FILE),
    "get_terminal_size": NOTHING,
    "read": source("file", "builtins.bytes"),
    "write": sink("write", 1),
    **each("curdir devnull extsep linesep name pardir pathsep sep altsep", TEXT),
    "terminal_size": NOTHING,
}

_ENVIRON = {
    **each("get pop setdefault", Entry(returns="builtins.str", passes=(-1, 1))),
    **each("items keys values", own("builtins.list")),
    "__getitem__": own("builtins.str"),
    "copy": own("builtins.dict"),
    "update": NOTHING,
}

_OS_PATH = {
    **each(
        "exists isabs isdir isfile isjunction islink ismount lexists samefile sameopenfile samestat", TRUTH
    ),
    **each("getatime getctime getmtime getsize", NUMBER),
    **each("dirname expanduser expandvars normcase", passes(0, returns="builtins.str")),
    **each("abspath normpath", escapes("normal-path")),
    # It begins with one slash: no host stands in it.
    "realpath": escapes("normal-path", "redirect", "url"),
    **each("join relpath", passes(returns="builtins.str")),
    "commonpath": Entry(returns="builtins.str", passes=(0,), apply=_common),
    "commonprefix": passes(0, returns="builtins.str"),
    **each("split splitdrive splitroot", passes(0, returns="builtins.tuple")),
    "basename": Entry(returns="builtins.str", passes=(0,), cleans=frozenset({"path"})),
    "splitext": passes(0, returns="builtins.tuple"),
    "supports_unicode_filenames": TRUTH,
}

_PURE_PATH = {
    **each("as_posix as_uri __str__ __fspath__", own("builtins.str")),
    **each("anchor drive root", own("builtins.str")),
    **each("name stem suffix", own("builtins.str", "path")),
    **each("parts suffixes", own("builtins.list")),
    "parents": Entry(returns="builtins.list", passes=(-1,), part_of=-1),
    "parent": own("self"),
    **each("is_absolute is_reserved match full_match", TRUTH),
    # Both compare the parts as they stand: `..` has to be gone before.
    "is_relative_to": Entry(
        returns="builtins.bool", checks=(Check(-1, frozenset({"path"}), after="normal-path"),)
    ),
    "relative_to": Entry(
        returns="self",
        passes=(-1,),
        checks=(Check(-1, frozenset({"path"}), "returns", after="normal-path"),),
    ),
    **each(
        "joinpath __truediv__ __rtruediv__ with_name with_stem with_suffix with_segments",
        passes(returns="self"),
    ),
}

_AT = Sink("path", -1)
_PATH = {
    **each("absolute expanduser readlink", own("self")),
    "resolve": own("self", "normal-path", "redirect", "url"),
    **each("cwd home", gives("pathlib.Path")),
    **each(
        "exists is_block_device is_char_device is_dir is_fifo is_file is_junction is_mount is_socket"
        " is_symlink",
        TRUTH,
    ),
    **each("samefile", TRUTH),
    **each("group owner", TEXT),
    **each("chmod lchmod mkdir rmdir touch unlink", sinks(_AT)),
    **each("lstat stat", sinks(_AT, returns="os.stat_result")),
    **each("glob iterdir rglob walk", sinks(_AT, returns="builtins.list")),
    **each("hardlink_to rename replace symlink_to", sinks(_AT, Sink("path", 0))),
    "open": sinks(_AT, returns=_FILE),
    "read_bytes": sinks(_AT, returns="builtins.bytes", source="file"),
    "read_text": sinks(_AT, returns="builtins.str", source="file"),
    "write_bytes": sinks(_AT, Sink("write", (0, "data"))),
    "write_text": sinks(_AT, Sink("write", (0, "data"))),
}

_BOTH = sinks(Sink("path", (0, "src")), Sink("path", (1, "dst")), returns="builtins.str")
_SHUTIL = {
    **each("copy copy2 copyfile copymode copystat copytree move", _BOTH),
    "rmtree": sink("path", (0, "path")),
    "chown": sink("path", (0, "path")),
    "copyfileobj": Entry(sinks=(Sink("write", (0, "fsrc")),)),
    "disk_usage": NOTHING,
    "get_archive_formats": NOTHING,
    "ignore_patterns": NOTHING,
    "make_archive": sinks(
        Sink("path", (0, "base_name")), Sink("path", (2, "root_dir")), returns="builtins.str"
    ),
    "unpack_archive": sinks(
        Sink("archive", (0, "filename")), Sink("path", (0, "filename")), Sink("path", (1, "extract_dir"))
    ),
    "which": passes(0, returns="builtins.str"),
    "get_terminal_size": NOTHING,
}

_STREAM = {
    **each("close flush seek truncate detach", NOTHING),
    **each("closed isatty readable seekable writable", TRUTH),
    **each("fileno tell", NUMBER),
    **each("read readline", source("file", "builtins.str")),
    "readlines": source("file", "builtins.list"),
    "__iter__": source("file", "builtins.str"),
    "write": Entry(returns="builtins.int", sinks=(Sink("write", 0),)),
    "writelines": Entry(sinks=(Sink("write", 0),)),
}
_IN_MEMORY = {
    **each("read readline getvalue", own()),
    "readlines": own("builtins.list"),
    "__iter__": own(),
    "write": Entry(returns="builtins.int", stores=(0,)),
    "writelines": Entry(stores=(0,)),
}

_TEMPFILE = {
    **each("NamedTemporaryFile SpooledTemporaryFile TemporaryFile", gives(_FILE)),
    "TemporaryDirectory": gives("builtins.str"),
    "mkdtemp": TEXT,
    "mkstemp": gives("builtins.tuple"),
    "mktemp": TEXT,
    "gettempdir": TEXT,
    "gettempprefix": TEXT,
    "tempdir": TEXT,
}

_MEMBERS = both(no(constant_is((2, "filter"), *_SAFE_FILTERS)), no(constant_is("filter", *_SAFE_FILTERS)))
_COMPRESSED = Sink("path", (0, "filename"), is_text((0, "filename")), or_file=True)
_ARCHIVES = {
    "zipfile.ZipFile": Entry(
        returns="zipfile.ZipFile",
        sinks=(Sink("path", (0, "file"), is_text((0, "file")), or_file=True),),
        passes=(0,),
        apply=_opened,
    ),
    "zipfile.is_zipfile": TRUTH,
    "zipfile.ZipInfo": passes(0, returns="zipfile.ZipInfo"),
    **of(
        "zipfile.ZipFile",
        {
            # Members' names are made harmless by `extract`: "absolute paths and `..` components are removed".
            "extract": sink("path", (1, "path")),
            "extractall": sink("path", (0, "path")),
            **each("close printdir setpassword testzip", NOTHING),
            **each("infolist namelist", own("builtins.list")),
            "getinfo": own("zipfile.ZipInfo"),
            "open": own("io.BufferedIOBase"),
            "read": own("builtins.bytes"),
            "write": sink("path", (0, "filename")),
            "writestr": Entry(sinks=(Sink("write", (1, "data")),)),
            "comment": own("builtins.bytes"),
        },
    ),
    **of("zipfile.ZipInfo", {"filename": own("builtins.str"), "file_size": NUMBER, "is_dir": TRUTH}),
    "tarfile.open": Entry(
        returns="tarfile.TarFile", sinks=(Sink("path", (0, "name")),), passes=((0, "name"), (2, "fileobj"))
    ),
    "tarfile.TarFile": passes((0, "name"), (2, "fileobj"), returns="tarfile.TarFile"),
    "tarfile.TarFile.open": passes((0, "name"), (2, "fileobj"), returns="tarfile.TarFile"),
    "tarfile.is_tarfile": TRUTH,
    **of(
        "tarfile.TarFile",
        {
            "extract": sinks(Sink("archive", -1, _MEMBERS), Sink("path", (1, "path"))),
            "extractall": sinks(Sink("archive", -1, _MEMBERS), Sink("path", (0, "path"))),
            **each("close list", NOTHING),
            **each("getmembers getnames", own("builtins.list")),
            **each("getmember next", own("tarfile.TarInfo")),
            "__iter__": own("tarfile.TarInfo"),
            "extractfile": own("io.BufferedIOBase"),
            "add": sink("path", (0, "name")),
            "addfile": NOTHING,
        },
    ),
    **of("tarfile.TarInfo", {**each("name linkname path", own("builtins.str")), **each("size mode", NUMBER)}),
    **of("tarfile.TarInfo", each("isfile isdir issym islnk isreg isdev", TRUTH)),
    "gzip.open": sinks(_COMPRESSED, returns=_FILE),
    "gzip.GzipFile": sinks(_COMPRESSED, returns=_FILE),
    "bz2.open": sinks(_COMPRESSED, returns=_FILE),
    "lzma.open": sinks(_COMPRESSED, returns=_FILE),
    **each(
        "gzip.compress gzip.decompress bz2.compress bz2.decompress lzma.compress lzma.decompress", passes(0)
    ),
    **each("zlib.compress zlib.decompress", passes(0, returns="builtins.bytes")),
    **each("zlib.crc32 zlib.adler32", NUMBER),
}

library = Library(
    "standard.files",
    entries={
        **of("os", _OS),
        **of("os._Environ", _ENVIRON),
        **of("os.path", _OS_PATH),
        **each("pathlib.Path pathlib.PosixPath pathlib.WindowsPath", passes(returns="pathlib.Path")),
        **each(
            "pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath",
            passes(returns="pathlib.PurePath"),
        ),
        **of("pathlib.PurePath", _PURE_PATH),
        **of("pathlib.Path", _PATH),
        **of("shutil", _SHUTIL),
        **of(_FILE, {**_STREAM, "buffer": gives("io.BufferedIOBase"), "reconfigure": NOTHING}),
        **of(_FILE, each("encoding errors name newlines", TEXT)),
        **of(
            "io.BufferedIOBase",
            {**_STREAM, **each("read read1", source("file", "builtins.bytes")), "readinto": NUMBER},
        ),
        "io.open": sink("path", (0, "file"), returns=_FILE),
        "io.StringIO": passes(0, returns="io.StringIO"),
        "io.BytesIO": passes(0, returns="io.BytesIO"),
        "io.TextIOWrapper": passes(0, returns=_FILE),
        **of("io.StringIO", _IN_MEMORY),
        **of("io.BytesIO", {**_IN_MEMORY, **each("getbuffer read1", own("builtins.bytes"))}),
        "codecs.open": sink("path", (0, "filename"), when=is_text((0, "filename")), returns=_FILE),
        **of("tempfile", _TEMPFILE),
        **_ARCHIVES,
        **each("glob.glob glob.iglob", sink("path", (0, "pathname"), returns="builtins.list")),
        "glob.escape": passes(0, returns="builtins.str"),
        **each("fnmatch.fnmatch fnmatch.fnmatchcase", TRUTH),
        "fnmatch.filter": passes(0, returns="builtins.list"),
        "fnmatch.translate": Entry(returns="builtins.str", passes=(0,), cleans=frozenset({"regex"})),
        "fileinput.input": sink("path", (0, "files"), returns=_FILE, passes=()),
        "linecache.getline": Entry(
            returns="builtins.str", source="file", sinks=(Sink("path", (0, "filename")),)
        ),
        **each("mimetypes.guess_type mimetypes.guess_extension mimetypes.guess_all_extensions", NOTHING),
        "filecmp.cmp": sinks(Sink("path", (0, "f1")), Sink("path", (1, "f2")), returns="builtins.bool"),
        "mmap.mmap": source("file", "io.BufferedIOBase"),
        "*.extractall": Entry(sinks=(Sink("archive", -1, absent_or("filter")),)),
    },
    bases={
        "pathlib.Path": ("pathlib.PurePath",),
        "io.StringIO": ("io.TextIOWrapper",),
        "io.BytesIO": ("io.BufferedIOBase",),
        "io.BufferedReader": ("io.BufferedIOBase",),
        "io.BufferedWriter": ("io.BufferedIOBase",),
    },
    aliases={"posixpath.": "os.path.", "ntpath.": "os.path.", "_io.": "io.", "pathlib._local.": "pathlib."},
)
