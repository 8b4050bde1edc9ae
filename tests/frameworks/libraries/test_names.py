"""The tables' names against the libraries themselves: each that is installed here has what a table says of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from checks.frameworks.libraries import all_libraries
from checks.semantics.library import Knowledge
from tests.frameworks.libraries.existence import is_installed

LIBRARIES = all_libraries()
KNOWLEDGE = Knowledge(LIBRARIES)
INVENTED = {
    "django.http.request.Uploads": "uploaded files by name",
    "hashlib.HASH": "what has no public name",
    "http.server.Input": "the body of a request",
    "http.server.Output": "the body of a response",
    "jinja2.EscapedTemplate": "a template of an environment that escapes",
    "jinja2.EscapingEnvironment": "an environment that was told to escape",
    "ruamel.yaml.UnsafeYAML": 'one made with `typ="unsafe"`',
    "werkzeug.wsgi.InputStream": "the body of a request",
}
"""Types that no library has under that name, and what they stand for."""
_NEWER = "Python has it since 3.12 or later"
_SYSTEM = "other systems have it"
_OLDER = "older versions have it"
_SHAPE = "one shape is written for all drivers"
_DRIVER = "the driver's cursor has it"
_GIVEN = "the application, a middleware or a metaclass puts it there"
OTHERWISE = {
    "Crypto.Cipher.Cipher": "ciphers share no class",
    "Crypto.Hash.Hash": "digests share no class",
    "PIL.ImageMath.eval": _OLDER,
    "aiomysql.Cursor.": _SHAPE,
    "aiopg.Cursor.": _SHAPE,
    "aiosqlite.Cursor.": _SHAPE,
    "boto3.S3": "clients are made while it runs",
    "copy.replace": _NEWER,
    "itertools.batched": _NEWER,
    "os.chflags": _SYSTEM,
    "os.lchmod": _SYSTEM,
    "os.path.isjunction": _NEWER,
    "os.path.splitroot": _NEWER,
    "os.startfile": _SYSTEM,
    "pathlib.Path.is_junction": _NEWER,
    "pathlib.Path.walk": _NEWER,
    "pathlib.PurePath.full_match": _NEWER,
    "pathlib.PurePath.with_segments": _NEWER,
    "uuid.uuid6": _NEWER,
    "uuid.uuid7": _NEWER,
    "uuid.uuid8": _NEWER,
    "defusedxml.lxml.": "it asks for lxml",
    "django.conf.settings.SECRET_KEY": _GIVEN,
    "django.contrib.admin.ModelAdmin.empty_value_display": "a project's class may give it",
    "django.core.mail.outbox": "it is there while tests run",
    "django.db.backends.utils.CursorWrapper.": _DRIVER,
    "django.db.models.Manager.": "managers of relations have it",
    "django.db.models.Model.get_absolute_url": _GIVEN,
    "django.http.HttpRequest.auser": _GIVEN,
    "django.http.HttpRequest.csp_nonce": _GIVEN,
    "django.http.HttpRequest.current_app": _GIVEN,
    "django.http.HttpRequest.session": _GIVEN,
    "django.http.HttpRequest.site": _GIVEN,
    "django.http.HttpRequest.urlconf": _GIVEN,
    "django.shortcuts.render_to_response": _OLDER,
    "django.utils.encoding.": _OLDER,
    "django.utils.http.": _OLDER,
    "django.utils.timezone.utc": _OLDER,
    "django.utils.translation.u": _OLDER,
    "flask.Flask.before_first_request": _OLDER,
    "flask.helpers.safe_join": _OLDER,
    "flask_sqlalchemy.model.Model.": _GIVEN,
    "http.client.HTTPResponse.url": "`urlopen` puts it there",
    "lxml.etree.CarefulParser": "a parser that was told to read no entities",
    "motor.motor_tornado.": "it asks for Tornado",
    "pymongo.MongoClient.admin": "attributes are databases",
    "pymongo.collection.Collection.": _OLDER,
    "pymongo.cursor.Cursor.count": _OLDER,
    "pymongo.database.Database.eval": _OLDER,
    "pymysql.connections.Connection.escape_string": _OLDER,
    "pymysql.cursors.Cursor.setoutputsize": _SHAPE,
    "pymysql.escape_string": _OLDER,
    "psycopg.Cursor.callproc": _DRIVER,
    "psycopg.Cursor.lastrowid": _DRIVER,
    "psycopg2.sql.Composed.as_bytes": _SHAPE,
    "redis.Redis.execute": "pipelines have it",
    "rest_framework.authtoken.models.Token.objects": _GIVEN,
    "rest_framework.request.Request.version": _GIVEN,
    "sqlalchemy.engine.Engine.": _OLDER,
    "sqlalchemy.engine.Result.": "results of statements that write have it",
    "sqlalchemy.engine.Connection.stream": "asynchronous connections have it",
    "sqlalchemy.ext.asyncio.": "it asks for greenlet",
    "sqlalchemy.orm.Session.": "asynchronous and scoped sessions have it",
    "sqlite3.Connection.": "where SQLite was built with extensions",
    "sqlite3.Cursor.callproc": _DRIVER,
    "werkzeug.datastructures.Authorization.": "it looks them up in its parameters",
    "werkzeug.datastructures.FileStorage.": "the stream behind it has it",
    "werkzeug.security.safe_str_cmp": _OLDER,
    "werkzeug.urls.": _OLDER,
    "wtforms.Form.csrf_token": "forms that are protected have it",
    "wtforms.TextField": _OLDER,
}
"""The beginnings of names that are there in some versions only, or only once something has run, and why."""
TOPS = sorted({name.partition(".")[0] for library in LIBRARIES for name in library.entries if name[0] != "*"})
INSTALLED = [top for top in TOPS if is_installed(top)]


def _asked() -> dict[str, list[str]]:
    """The names to look for, each with what else it may be found as: a member of what its
    owner gives or of a class that derives from it, an alias."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for library in LIBRARIES:
        for alias, meant in library.aliases.items():
            aliases[meant].append(alias)
    asked = {}
    derived: dict[str, list[str]] = defaultdict(list)
    for library in LIBRARIES:
        for owner in library.bases:
            for base in KNOWLEDGE.ancestors(owner)[1:]:
                derived[base].append(owner)
    for name in (name for library in LIBRARIES for name in library.entries):
        plain = name.removesuffix("=")
        if name[0] == "*" or name[-1] == "*" or plain.startswith(tuple(INVENTED)):
            continue
        head, _, last = plain.rpartition(".")
        entry = KNOWLEDGE.entry(head)
        others = [f"{entry.returns}.{last}"] if entry is not None and entry.returns else []
        others += [f"{owner}.{last}" for owner in derived[head]]
        for end in range(len(plain)):
            if plain[end] == ".":
                others += [alias + plain[end + 1 :] for alias in aliases.get(plain[: end + 1], ())]
        asked[plain] = others + aliases.get(plain, [])
    return asked


@cache
def _answer() -> dict[str, bool]:
    program = Path(__file__).parent / "existence.py"
    ran = subprocess.run(
        [sys.executable, "-I", str(program)],
        input=json.dumps(_asked()),
        capture_output=True,
        text=True,
        check=True,
        timeout=110,
    )
    answer: dict[str, bool] = json.loads(ran.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize("top", INSTALLED)
def test_what_a_table_names_is_there(top: str) -> None:
    names = {name: there for name, there in _answer().items() if name.partition(".")[0] == top}
    missing = {name for name, there in names.items() if not there}
    assert sorted(name for name in missing if not name.startswith(tuple(OTHERWISE))) == []


def test_what_is_invented_is_given() -> None:
    types = {entry.returns for library in LIBRARIES for entry in library.entries.values()}
    bases = {base for library in LIBRARIES for base in library.bases}
    assert INVENTED.keys() <= types | bases
