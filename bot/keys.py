"""Under which keys an application of ours holds what its handlers need."""

from __future__ import annotations

from aiohttp import web

from bot.config import Config

CONFIG = web.AppKey("config", Config)
