"""Classes of the tables in a project's own: forms, serializers, views, sessions, and what reaches a sink by them."""

from __future__ import annotations

import pytest

from checks.frameworks.world import world_of
from checks.semantics.flows import flows
from tests.files import file_of

PROGRAMS: dict[str, tuple[str, set[str]]] = {
    "a form's cleaned data": (
        """
from django import forms
class F(forms.Form):
    x = forms.CharField()
def view(request):
    form = F(request.POST)
    if form.is_valid():
        open(form.cleaned_data['x'])
""",
        {"path"},
    ),
    "a model form's row": (
        """
from django import forms
class F(forms.ModelForm):
    pass
def view(request):
    form = F(request.POST, instance=None)
    if form.is_valid():
        obj = form.save()
        open(obj.name)
        open(form.instance.name)
""",
        set(),
    ),
    "a serializer": (
        """
from rest_framework import serializers
from rest_framework.views import APIView
from rest_framework.response import Response
class S(serializers.ModelSerializer):
    pass
class V(APIView):
    def post(self, request):
        s = S(data=request.data)
        s.is_valid(raise_exception=True)
        obj = s.save()
        open(obj.name)
        open(s.validated_data['x'])
        return Response(s.data)
""",
        {"path"},
    ),
    "a view set": (
        """
from rest_framework.viewsets import ModelViewSet
class V(ModelViewSet):
    def list(self, request):
        open(self.request.query_params.get('x'))
""",
        {"path"},
    ),
    "a function of an API": (
        """
from rest_framework.decorators import api_view
@api_view(['POST'])
def v(request):
    eval(request.data['x'])
""",
        {"code"},
    ),
    "a generic view": (
        """
from django.views.generic import ListView
class V(ListView):
    def get_queryset(self):
        return Order.objects.extra(where=["a=" + self.request.GET['x']])
""",
        {"sql"},
    ),
    "a view's own arguments": (
        """
from django.views import View
class V(View):
    def get(self, request, name):
        open(self.kwargs['name'])
""",
        {"path"},
    ),
    "a form of WTForms": (
        """
from flask_wtf import FlaskForm
from wtforms import StringField, IntegerField
from flask import redirect, Flask
app = Flask(__name__)
class F(FlaskForm):
    next = StringField()
    n = IntegerField()
@app.route('/')
def v():
    form = F()
    open(str(form.n.data))
    return redirect(form.next.data)
""",
        {"redirect"},
    ),
    "a logger of a class": (
        """
import logging
class Base:
    logger = logging.getLogger(__name__)
def v(request):
    Base.logger.info(request.GET['x'])
""",
        {"log"},
    ),
    "an unknown helper": (
        """
from django.http import HttpRequest
from .models import thing
def v(request: HttpRequest):
    r = thing(request.GET['x'])
    open(r)
""",
        {"path"},
    ),
    "what redis keeps": (
        """
import redis
from django.http import HttpRequest
def v(request: HttpRequest):
    r = redis.Redis()
    r.set('a', request.GET['x'])
    open(r.get('a'))
""",
        set(),
    ),
    "an annotated session": (
        """
from sqlalchemy.ext.asyncio import AsyncSession
from flask import request
async def v(session: AsyncSession):
    await session.execute(f"SELECT {request.args['a']}")
""",
        {"sql"},
    ),
    "a session maker": (
        """
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker
from flask import request
engine = sa.create_engine('x')
Session = sessionmaker(bind=engine)
def v():
    with Session() as session:
        rows = session.query(User).filter(sa.text("a=" + request.args['a'])).all()
        open(rows[0].name)
""",
        {"sql"},
    ),
    "a cursor of another class": (
        """
from flask import request
import psycopg2.extras
def v():
    conn = psycopg2.connect('x')
    cur = conn.cursor(cursor_factory=psycopg2.extras.RealDictCursor)
    cur.execute("SELECT " + request.args['a'])
    row = cur.fetchone()
    open(row['name'])
""",
        {"sql"},
    ),
    "markup that escapes": (
        """
from flask import request
from markupsafe import Markup, escape
def v():
    return Markup('<b>{}</b>').format(request.args['a']) + Markup(escape(request.args['a']))
""",
        set(),
    ),
    "a client under async with": (
        """
from aiohttp import ClientSession
from flask import request
async def v():
    async with ClientSession() as s:
        async with s.get(request.args['u']) as r:
            return await r.text()
""",
        {"url"},
    ),
}
"""Programs by what they show, with the kinds of sinks that request data reaches."""


@pytest.mark.parametrize("name", PROGRAMS)
def test_request_data_reaches(name: str) -> None:
    source, kinds = PROGRAMS[name]
    file = file_of(source)
    facts = world_of(file.project).facts(file)
    assert {flow.kind for flow in flows(facts.reaches) if flow.label == "request"} == kinds
