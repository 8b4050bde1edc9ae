"""Which hosts a Django project answers to, by `ALLOWED_HOSTS` of its settings for production."""

from __future__ import annotations

from checks.frameworks.hosts import hosts_in, is_too_broad
from checks.frameworks.settings import is_for_development, settings_of
from checks.semantics.roles import Role, role_of
from checks.semantics.source import File

_FILES = 20


def answers_every_host(file: File) -> bool:
    """Whether some settings of the project for production let every host in."""
    return file.project.once("answers-every-host", lambda: _search(file))


def _search(file: File) -> bool:
    paths = file.project.mentioning(("ALLOWED_HOSTS",), ".py")
    for path in [path for path in paths if role_of(path) is Role.PRODUCTION][:_FILES]:
        home = file.project.file(path)
        for setting in settings_of(home) if home is not None else ():
            if setting.name != "ALLOWED_HOSTS" or setting.conditional or is_for_development(setting.node):
                continue
            if home is not None and any(is_too_broad(host) for host in hosts_in(setting.value, home)):
                return True
    return False
