"""What the tables let through and what they stop, as the interpreter sees it: small views and what reaches a sink."""

from __future__ import annotations

import pytest

from checks.frameworks.world import world_of
from checks.semantics.flows import flows
from tests.files import file_of

IMPORTS = """\
import base64, csv, hashlib, html, io, json, logging, os, pickle, re, shlex, shutil, sqlite3, subprocess, urllib.parse
import traceback, uuid, xml.etree.ElementTree as ET
from pathlib import Path
import asyncpg, bcrypt, bleach, flask, httpx, jinja2, jwt, ldap, ldap3, markupsafe, openpyxl, pandas, paramiko, psycopg
import psycopg2, pymongo, requests, sqlalchemy, yaml
from psycopg import sql
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import default_storage
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection
from django.db.models.expressions import RawSQL
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import Template
from django.utils.html import escape, format_html, strip_tags
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.utils.text import get_valid_filename, slugify
from lxml import etree
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from werkzeug.utils import safe_join, secure_filename
logger = logging.getLogger(__name__)
"""


def reached(body: str, label: str = "request") -> set[str]:
    """The kinds of sinks that data of a label reaches in a view; `q` is a text of the request."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    source = f"{IMPORTS}\n\ndef view(request: HttpRequest):\n    q = request.GET.get('q')\n{lines}"
    file = file_of(source)
    facts = world_of(file.project).facts(file)
    return {flow.kind for flow in flows(facts.reaches) if flow.label == label}


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        # the standard library
        ("open(q)", {"path"}),
        ("Path('/srv', q).read_text()", {"path"}),
        ("shutil.rmtree(os.path.join('/srv', q))", {"path"}),
        ("os.system('ls ' + q)", {"shell"}),
        ("subprocess.run('ls ' + q, shell=True)", {"shell"}),
        ("subprocess.run(['sh', '-c', q])", {"shell"}),
        ("subprocess.run([q, 'x'])", {"command"}),
        ("eval(q)", {"code"}),
        ("pickle.loads(request.body)", {"deserialize"}),
        ("pickle.loads(base64.b64decode(q))", {"deserialize"}),
        ("re.search(q, 'text')", {"regex"}),
        ("logger.info('asked for %s', q)", {"log"}),
        ("csv.writer(open('x')).writerow([q])", {"csv"}),
        ("sqlite3.connect('x').cursor().execute(f'SELECT {q}')", {"sql"}),
        ("sqlite3.connect('x').execute('SELECT ' + q)", {"sql"}),
        ("ET.fromstring(request.body)", {"xml-expansion"}),
        ("hashlib.md5(q.encode())", {"hash-password"}),
        ("os.system(html.unescape(shlex.quote(q)) + urllib.parse.unquote(urllib.parse.quote(q)))", {"shell"}),
        # Django
        ("return redirect(q)", {"redirect"}),
        ("return HttpResponseRedirect(redirect_to=q)", {"redirect"}),
        ("return HttpResponse('<p>' + q)", {"html", "response"}),
        ("return HttpResponse(q, content_type='text/plain')", {"response"}),
        ("return JsonResponse({'q': q})", {"response"}),
        ("mark_safe(q)", {"html"}),
        ("format_html('<b>' + q)", {"html"}),
        ("mark_safe(strip_tags(q))", {"html"}),
        ("Template(q)", {"template"}),
        ("with connection.cursor() as cursor:\n    cursor.execute('SELECT %s' % q)", {"sql"}),
        ("RawSQL(q, [])", {"sql"}),
        ("send_mail('a', 'b', 'c@example.com', ['d@example.com'], html_message='<p>' + q)", {"html-email"}),
        ("mail = EmailMultiAlternatives('a')\nmail.attach_alternative(q, 'text/html')", {"html-email"}),
        ("request.session['next'] = q", {"session-value"}),
        ("cache.get('page' + q)", {"cache-key"}),
        ("response = HttpResponse()\nresponse['X-Name'] = q", {"response-header"}),
        ("response = HttpResponse()\nresponse.set_cookie('name', q)", {"cookie"}),
        ("open(request.FILES['f'].content_type)", {"path"}),
        # databases
        ("create_engine('x').connect().execute(text('SELECT ' + q))", {"sql"}),
        ("with Session() as session:\n    session.execute('SELECT ' + q)", {"sql"}),
        ("psycopg.connect('x').cursor().execute('SELECT ' + q)", {"sql"}),
        ("psycopg2.connect('x').cursor().execute('SELECT ' + q)", {"sql"}),
        ("psycopg.connect('x').execute(sql.SQL('SELECT ' + q))", {"sql"}),
        ("unknown().execute(f'SELECT {q}')", {"sql"}),
        # clients, formats, keys
        ("requests.get(q)", {"url"}),
        ("requests.Session().request('GET', url=q)", {"url"}),
        ("with httpx.Client() as client:\n    client.post(q)", {"url"}),
        ("ldap3.Connection('x').search('dc=x', '(uid=' + q + ')')", {"ldap"}),
        ("ldap.initialize('x').search_s('dc=x', 2, '(uid=%s)' % q)", {"ldap"}),
        ("paramiko.SSHClient().exec_command('ls ' + q)", {"shell"}),
        ("yaml.load(q, Loader=yaml.Loader)", {"deserialize"}),
        ("etree.fromstring(request.body)", {"xml"}),
        ("etree.parse(io.BytesIO(request.body)).xpath('//a[' + q + ']')", {"xml", "xpath"}),
        ("jinja2.Environment().from_string(q)", {"template"}),
        ("HttpResponse(jinja2.Environment().get_template('a').render(q=q))", {"html", "response"}),
        ("openpyxl.Workbook().active.append([q])", {"csv"}),
        ("pandas.read_pickle(q)", {"deserialize", "path"}),
        ("open(jwt.decode(q, options={'verify_signature': False})['file'])", {"path"}),
        ("markupsafe.Markup('<b>' + q)", {"html"}),
        ("flask.render_template_string(q)", {"response", "template"}),
        ("pymongo.MongoClient()['a']['b'].find_one(json.loads(request.body))", {"nosql"}),
        ("pymongo.MongoClient().a.b.find_one(json.loads(request.body))", {"nosql"}),
        ("float(q)", {"nan"}),
        ("setattr(request, q, 1)", {"attribute"}),
        ("for x in request.GET.getlist('a'):\n    open(x)", {"path"}),
        ("for k, v in request.POST.items():\n    open(v)", {"path"}),
        ("open(request.GET.dict()['a'])", {"path"}),
        ("open(request.body.decode().split(',')[0])", {"path"}),
        ("f = request.FILES['f']\nopen('/srv/x', 'wb').write(f.read())", {"write"}),
        ("for line in open(q):\n    pass", {"path"}),
        ("p = (Path('/srv') / q)\np.read_text()", {"path"}),
        ("p = Path('/srv').joinpath(q)\nwith p.open() as f:\n    pass", {"path"}),
        ("return redirect(request.META.get('HTTP_REFERER'))", {"redirect"}),
        ("return HttpResponse(q.upper().strip() + 'x')", {"html", "response"}),
        ("return HttpResponse('%s' % urllib.parse.quote(q))", {"response"}),
        ("return HttpResponse(json.dumps({'a': q}))", {"html", "response"}),
        ("return HttpResponse(json.dumps({'a': q}), content_type='application/json')", {"response"}),
        ("return render(request, 'a.html', {'q': q})", {"context", "response"}),
        ("from flask import request\nopen(request.args.get('x'))", {"path"}),
        ("open(flask.request.args['x'])", {"path"}),
        ("open(flask.request.files['x'].filename)", {"path"}),
        ("flask.request.files['x'].save('/srv/' + flask.request.files['x'].filename)", {"path", "write"}),
        (
            "flask.request.files['x'].save('/srv/' + secure_filename(flask.request.files['x'].filename))",
            {"write"},
        ),
        ("return flask.make_response(flask.render_template('a.html', q=q))", {"response"}),
        ("return flask.make_response('<p>' + q)", {"html", "response"}),
        ("flask.session['a'] = q", {"session-value"}),
        ("return flask.Response(q, mimetype='text/plain')", {"response"}),
        ("return flask.jsonify(q=q)", {"response"}),
        ("return flask.send_file(q)", {"path", "response-file"}),
        ("with connection.schema_editor() as e:\n    e.execute('DROP ' + q)", {"sql"}),
        ("from django.contrib.auth.models import User\nUser.objects.raw('SELECT ' + q)", {"sql"}),
        (
            "from django.contrib.auth.models import User\nUser.objects.filter(a=1).extra(where=['a=' + q])",
            {"sql"},
        ),
        ("from rest_framework.response import Response\nreturn Response({'q': q})", {"response"}),
        ("etree.parse(q)", {"path", "xml"}),
        ("h = hashlib.new('md5')\nh.update(q.encode())", {"hash-password"}),
        ("asyncpg.connect('x').fetch('SELECT ' + q)", {"sql"}),
        ("conn = psycopg2.connect('x')\nwith conn.cursor() as cur:\n    cur.execute(f'SELECT {q}')", {"sql"}),
        (
            "engine = create_engine('x')\nwith engine.begin() as c:\n    c.execute(text(f'SELECT {q}'))",
            {"sql"},
        ),
        ("sqlalchemy.select(text(q))", {"sql"}),
        (
            "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndb.session.execute(db.text('SELECT ' + q))",
            {"sql"},
        ),
        (
            "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndb.session.query(1).filter('a = %s' % q)",
            {"sql"},
        ),
        ("import boto3\nboto3.client('s3').download_file('b', q, q)", {"path"}),
        ("requests.get('https://' + q)", {"url"}),
        ("from urllib.request import urlopen\nurlopen(q)", {"url"}),
        ("from urllib.request import urlopen, Request\nurlopen(Request(q))", {"url"}),
        ("import tarfile\ntarfile.open(fileobj=request.FILES['f']).extractall('/srv')", {"archive"}),
        ("import importlib\nimportlib.import_module(q)", {"code"}),
        (
            "from django.core.mail import send_mail\nsend_mail(q, 'b', 'c@example.com', ['d@example.com'])",
            {"response-header"},
        ),
        ("import asyncio\nasyncio.create_subprocess_shell(q)", {"shell"}),
        ("from django.contrib.auth.models import User\nUser.objects.get(pk=q)", {"object-key"}),
        ("from django.shortcuts import get_object_or_404\nget_object_or_404(1, pk=int(q))", {"object-key"}),
        (
            "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\ndb.session.get(db.Model, q)",
            {"object-key"},
        ),
    ],
)
def test_request_data_reaches(body: str, kinds: set[str]) -> None:
    assert reached(body) == kinds


@pytest.mark.parametrize(
    "body",
    [
        "open(str(int(q)))",
        "open(str(uuid.UUID(q)))",
        "open('/srv/' + get_valid_filename(q))",
        "open('/srv/' + os.path.basename(q))",
        "open(safe_join('/srv', q))",
        "open('/srv/' + request.FILES['f'].name)",
        "open('/srv/' + hashlib.sha256(b'x').hexdigest())",
        "os.system('ls ' + shlex.quote(q))",
        "subprocess.run(['ls', '--', q])",
        "subprocess.run(['ls', q], shell=False)",
        "re.search(re.escape(q), 'text')",
        "re.search('a+', q)",
        "if url_has_allowed_host_and_scheme(q, allowed_hosts=None):\n    return redirect(q)",
        "connection.cursor().execute('SELECT %s', [q])",
        "row = connection.cursor().execute('SELECT %s', [q]).fetchone()\nconnection.cursor().execute(row[0])",
        "psycopg.connect('x').execute(sql.SQL('SELECT {}').format(sql.Identifier(q)))",
        "create_engine('x').connect().execute(text('SELECT :q'), {'q': q})",
        "mark_safe(escape(q))",
        "mark_safe(bleach.clean(q))",
        "format_html('<b>{}</b>', q)",
        "mark_safe(slugify(q))",
        "markupsafe.Markup('<b>%s</b>') % q",
        "requests.get('https://example.com', params={'q': q})",
        "etree.fromstring(request.body, etree.XMLParser(resolve_entities=False))",
        "yaml.safe_load(q)",
        "yaml.load(q, Loader=yaml.SafeLoader)",
        "json.loads(request.body)",
        "open(jwt.decode(q, 'key', algorithms=['HS256'])['file'])",
        "default_storage.open(q)",
        "open('/srv/' + request.META['REMOTE_ADDR'])",
        "open('/srv/' + request.META.get('REMOTE_ADDR'))",
        "open('/srv/' + request.user.username)",
        "open('/srv/' + request.method)",
        "unknown().execute(q)",
        "ldap3.Connection('x').search('dc=x', '(uid=' + ldap3.utils.conv.escape_filter_chars(q) + ')')",
        "ldap.initialize('x').search_s('dc=x', 2, ldap.filter.filter_format('(uid=%s)', [q]))",
        "logger.info('asked for %s', q.replace('\\r', '').replace('\\n', ''))",
        "open('/srv/' + bcrypt.hashpw(q, b'x').decode())",
        "open(requests.get('https://example.com', params={'q': q}).text)",
        "pymongo.MongoClient().a.b.find_one({'name': q})",
        "from django.core.validators import validate_slug\nvalidate_slug(q)\nopen(q)",
        "from django.core.validators import URLValidator\nURLValidator()(q)\nlogger.info(q)",
        "for f in request.FILES.getlist('f'):\n    open('/srv/' + f.name)",
        "os.path.exists(q)",
        "name = os.path.realpath(os.path.join('/srv', q))\nif not name.startswith('/srv/'):\n    return\nopen(name)",
        "p = (Path('/srv') / q).resolve()\nif not p.is_relative_to('/srv'):\n    return\np.read_text()",
        "return redirect(request.get_full_path())",
        "return redirect(request.path)",
        "open(str(flask.request.args.get('x', type=int)))",
        "return flask.redirect(flask.request.url)",
        "return flask.send_from_directory('/srv', q)",
        "from django.contrib.auth.models import User\nopen(User.objects.get(name=q).first_name)",
        "from django.contrib.auth.hashers import make_password\nopen(make_password(q))",
        "requests.get(f'https://example.com/{q}')",
        "if urllib.parse.urlparse(q).netloc != 'example.com':\n    return\nrequests.get(q)",
        "import tarfile\ntarfile.open(fileobj=request.FILES['f']).extractall('/srv', filter='data')",
        "import zipfile\nzipfile.ZipFile(request.FILES['f']).extractall('/srv')",
    ],
)
def test_request_data_stops(body: str) -> None:
    assert reached(body) == set()


@pytest.mark.parametrize(
    ("body", "label", "kinds"),
    [
        ("return HttpResponse(traceback.format_exc(), content_type='text/plain')", "exception", {"response"}),
        ("logger.info(settings.SECRET_KEY)", "secret", {"log"}),
        ("open(os.environ['HOME'])", "environment", {"path"}),
        ("open(requests.get('https://example.com').text)", "remote", {"path"}),
        ("open(open('names').read())", "file", {"path"}),
        ("open(input())", "local", {"path"}),
        ("return redirect('https://' + request.get_host())", "host", {"redirect"}),
    ],
)
def test_other_sources_have_labels_of_their_own(body: str, label: str, kinds: set[str]) -> None:
    assert reached(body, label) == kinds
