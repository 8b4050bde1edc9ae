"""Flask-Talisman, which gives a Flask application its security headers: what it is told to leave out."""

from __future__ import annotations

from checks.frameworks.environment import unset_value
from checks.frameworks.settings import depends_on_debug, is_for_development, is_under_debug
from checks.semantics.constants import Constant
from checks.semantics.definitions import origin
from checks.semantics.source import Call, File

CALLS = ("flask_talisman.Talisman", "flask_talisman.talisman.Talisman", "*.init_app")
"""What sets it up; `is_talisman` tells its `init_app` from that of other extensions."""

_INIT = ("flask_talisman.Talisman.init_app", "flask_talisman.talisman.Talisman.init_app")


def is_talisman(call: Call, file: File) -> bool:
    """Whether a call sets Flask-Talisman up for production."""
    if is_for_development(call.node) or is_under_debug(call.node):
        return False
    if not call.name.endswith(".init_app"):
        return True
    return call.name in _INIT or origin(call.name, file) in _INIT


def told(option: str, call: Call, file: File) -> Constant | None:
    """What Flask-Talisman is told by an option, `None` where it is left at its default or depends on debug mode."""
    given = call.argument(None, option)
    if given is None or not is_talisman(call, file) or depends_on_debug(given):
        return None
    return unset_value(given, file)
