"""Settings: taken as given, or refused with plain lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.config import Config
from checks.errors import UserError

NO_ENCRYPTION = serialization.NoEncryption()


@pytest.fixture(scope="module")
def key() -> str:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return made.private_bytes(serialization.Encoding.PEM, form, NO_ENCRYPTION).decode()


@pytest.fixture
def env(key: str, tmp_path: Path) -> dict[str, str]:
    return {
        "RUBRICATE_APP_ID": "42",
        "RUBRICATE_PRIVATE_KEY": key,
        "RUBRICATE_WEBHOOK_SECRET": "hush",
        "RUBRICATE_DATA_DIR": str(tmp_path / "data"),
    }


def problems(env: dict[str, str]) -> list[str]:
    with pytest.raises(UserError) as caught:
        Config.from_env(env)
    return str(caught.value).split("\n")


def test_the_four_required_settings_are_enough(env: dict[str, str], tmp_path: Path) -> None:
    config = Config.from_env(env)
    assert (config.github_url, config.api_url) == ("https://github.com", "https://api.github.com")
    assert (config.host, config.port) == ("127.0.0.1", 8000)
    assert config.database == f"sqlite:///{tmp_path}/data/jobs.sqlite3"
    assert config.data_dir.stat().st_mode & 0o077 == 0


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert problems({}) == [
        "RUBRICATE_APP_ID is not set",
        "RUBRICATE_PRIVATE_KEY is not set",
        "RUBRICATE_WEBHOOK_SECRET is not set",
        "RUBRICATE_DATA_DIR is not set: it is the folder for clones and the embedded database",
    ]


def test_the_key_may_be_a_files_path(env: dict[str, str], key: str, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(key)
    assert Config.from_env(env | {"RUBRICATE_PRIVATE_KEY": str(tmp_path / "key.pem")}).private_key == key


def test_the_key_may_be_one_line_with_written_out_line_ends(env: dict[str, str], key: str) -> None:
    one_line = key.strip().replace("\n", "\\n")
    assert Config.from_env(env | {"RUBRICATE_PRIVATE_KEY": one_line}).private_key == key.strip()


def test_a_key_of_another_kind_is_refused(env: dict[str, str]) -> None:
    made = ec.generate_private_key(ec.SECP256R1())
    pem = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, NO_ENCRYPTION
    ).decode()
    (line,) = problems(env | {"RUBRICATE_PRIVATE_KEY": pem})
    assert line == "RUBRICATE_PRIVATE_KEY is wrong: it holds no unencrypted RSA private key in PEM form"


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("RUBRICATE_APP_ID", "my-app", "is the number that GitHub shows"),
        ("RUBRICATE_PRIVATE_KEY", "/nowhere/key.pem", "is neither PEM text nor the path of a readable file"),
        ("RUBRICATE_PORT", "eighty", "is a number from 0 to 65,535"),
        ("RUBRICATE_PORT", "70000", "is a number from 0 to 65,535"),
        ("RUBRICATE_GITHUB_URL", "github.example.com", "is an http or https URL"),
        ("RUBRICATE_GITHUB_API_URL", "ftp://github.example.com", "is an http or https URL"),
        ("RUBRICATE_GITHUB_URL", "https://user:pass@github.example.com", "without user"),
        ("RUBRICATE_GITHUB_URL", "https://[", "is an http or https URL"),
        ("RUBRICATE_DATABASE_URL", "mysql://there/db", "is a postgresql:// URL"),
        ("RUBRICATE_DATA_DIR", "/proc/nothing", "can't be made"),
        ("RUBRICATE_REVIEWS_AT_ONCE", "0", "is a number from 1"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(
    env: dict[str, str], name: str, value: str, complaint: str
) -> None:
    (line,) = problems(env | {name: value})
    assert line.startswith(f"{name} is wrong: ")
    assert complaint in line


def test_no_secret_is_shown(env: dict[str, str], key: str) -> None:
    shown = repr(Config.from_env(env | {"RUBRICATE_DATABASE_URL": "postgresql://rubricate:pw@db/jobs"}))
    assert "hush" not in shown
    assert "pw@db" not in shown
    assert key.split("\n")[1] not in shown


def test_a_url_loses_its_last_slash(env: dict[str, str]) -> None:
    assert (
        Config.from_env(env | {"RUBRICATE_GITHUB_URL": "https://ghe.example.com/"}).github_url
        == "https://ghe.example.com"
    )
