"""Which hosts a Django project answers to, by `ALLOWED_HOSTS` of its settings for production."""

from __future__ import annotations

from checks.frameworks.homes import at_home, home_of
from checks.frameworks.hosts import hosts_in, is_too_broad
from checks.frameworks.settings import is_for_development, settings_of
from checks.semantics.roles import Role, role_of
from checks.semantics.source import File

_FILES = 20


def answers_every_host(file: File) -> bool:
    """Whether some settings for production of a file's project let every host in."""
    home = home_of(file.path, file.project)
    return file.project.once(f"answers-every-host:{home}", lambda: _search(file, home))


def _search(file: File, home: str) -> bool:
    paths = [
        path
        for path in file.project.mentioning(("ALLOWED_HOSTS",), ".py")
        if role_of(path) is Role.PRODUCTION
    ]
    for path in at_home(paths, home, file.project)[:_FILES]:
        module = file.project.file(path)
        for setting in settings_of(module) if module is not None else ():
            if setting.name != "ALLOWED_HOSTS" or setting.conditional or is_for_development(setting.node):
                continue
            if module is not None and any(is_too_broad(host) for host in hosts_in(setting.value, module)):
                return True
    return False
