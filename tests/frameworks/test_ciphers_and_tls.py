"""The tables of ciphers and of TLS name what the libraries have."""

from __future__ import annotations

import ssl
from importlib import import_module

import pytest

from checks.frameworks.ciphers import CURVES, KEY_SIZES, WEAK_CIPHERS
from checks.frameworks.tls import OUTDATED, OUTDATED_WORDS, SWITCHES


def exists(name: str) -> bool:
    """Whether a dotted name can be imported."""
    module, _, last = name.rpartition(".")
    try:
        return hasattr(import_module(module), last)
    except ImportError:
        return False


@pytest.mark.parametrize("name", sorted(name for name in KEY_SIZES if ".rsa." in name or ".dsa." in name))
def test_what_makes_keys_is_there(name: str) -> None:
    assert exists(name)


def test_curves_are_known_by_their_size() -> None:
    """Newer versions of `cryptography` have dropped some of them."""
    assert exists("cryptography.hazmat.primitives.asymmetric.ec.SECP192R1")
    assert max(CURVES.values()) < 224


def test_the_versions_of_the_standard_library_are_there() -> None:
    names = [name.removeprefix("ssl.TLSVersion.") for name in OUTDATED if name.startswith("ssl.TLSVersion.")]
    assert {"SSLv3", "TLSv1", "TLSv1_1"} == set(names)
    assert all(hasattr(ssl.TLSVersion, name) for name in names)
    assert {"PROTOCOL_TLSv1", "TLSv1_1", "TLSv1_METHOD"} <= OUTDATED_WORDS
    assert "PROTOCOL_TLS_CLIENT" not in OUTDATED_WORDS


def test_each_weak_cipher_says_why() -> None:
    assert WEAK_CIPHERS["Crypto.Cipher.DES.new"] != WEAK_CIPHERS["Crypto.Cipher.DES3.new"]
    assert all(why and len(why) < 60 for why in WEAK_CIPHERS.values())
    assert "Cryptodome.Cipher.AES.new" not in WEAK_CIPHERS


def test_switches_are_keywords_with_their_values() -> None:
    assert SWITCHES["requests.Session.get"] == {"verify": frozenset({False})}
    assert SWITCHES["httpx.AsyncClient"]["verify"] == {False}
    assert "CERT_NONE" in SWITCHES["urllib3.PoolManager"]["cert_reqs"]
