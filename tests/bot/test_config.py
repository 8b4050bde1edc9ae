"""Settings: taken as given, or refused with plain lines."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot import credentials
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
        ("RUBRICATE_PUBLIC_URL", "rubricate.example.com", "is an http or https URL"),
        ("RUBRICATE_PUBLIC_URL", "https://example.com/rubricate", "has no path"),
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


# The sign-in

SIGN_IN = {
    "RUBRICATE_PUBLIC_URL": "https://rubricate.example.com/",
    "RUBRICATE_CLIENT_ID": "Iv23liabc",
    "RUBRICATE_CLIENT_SECRET": "hush-hush",
}


def test_with_its_three_settings_people_can_sign_in(env: dict[str, str]) -> None:
    config = Config.from_env(env | SIGN_IN)
    assert config.has_sign_in
    assert config.public_url == "https://rubricate.example.com"
    assert "hush-hush" not in repr(config)
    assert not Config.from_env(env).has_sign_in
    assert not Config.from_env(env | {"RUBRICATE_PUBLIC_URL": SIGN_IN["RUBRICATE_PUBLIC_URL"]}).has_sign_in


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (["RUBRICATE_CLIENT_ID"], ["RUBRICATE_CLIENT_SECRET", "RUBRICATE_PUBLIC_URL"]),
        (["RUBRICATE_CLIENT_SECRET"], ["RUBRICATE_CLIENT_ID", "RUBRICATE_PUBLIC_URL"]),
        (["RUBRICATE_CLIENT_ID", "RUBRICATE_CLIENT_SECRET"], ["RUBRICATE_PUBLIC_URL"]),
        (["RUBRICATE_CLIENT_ID", "RUBRICATE_PUBLIC_URL"], ["RUBRICATE_CLIENT_SECRET"]),
    ],
)
def test_half_a_sign_in_is_refused_with_what_it_lacks(
    env: dict[str, str], given: list[str], missing: list[str]
) -> None:
    lines = problems(env | {name: SIGN_IN[name] for name in given})
    assert [line.split(" ")[0] for line in lines] == missing
    assert all(" is not set" in line for line in lines)


def test_a_client_id_of_another_form_is_refused(env: dict[str, str]) -> None:
    (line,) = problems(env | SIGN_IN | {"RUBRICATE_CLIENT_ID": "a b"})
    assert line == "RUBRICATE_CLIENT_ID is wrong: it is the client id that GitHub shows on the App's page"


# What the set-up left


@pytest.fixture
def left(env: dict[str, str]) -> dict[str, str]:
    """An environment without credentials, whose data folder has those of the set-up."""
    folder = Path(env["RUBRICATE_DATA_DIR"])
    folder.mkdir()
    kept = {name: value for name, value in (env | SIGN_IN).items() if name in credentials.NAMES}
    credentials.write(folder, kept)
    return {
        "RUBRICATE_DATA_DIR": str(folder),
        "RUBRICATE_PUBLIC_URL": SIGN_IN["RUBRICATE_PUBLIC_URL"],
    }


def test_what_the_set_up_wrote_is_read_back(left: dict[str, str], key: str) -> None:
    config = Config.from_env(left)
    assert (config.app_id, config.private_key, config.webhook_secret) == ("42", key.strip(), "hush")
    assert config.has_sign_in


def test_a_worker_reads_it_as_well_and_needs_no_address_for_people(left: dict[str, str]) -> None:
    shared = {**left, "RUBRICATE_DATABASE_URL": "postgresql://db/jobs", "RUBRICATE_PUBLIC_URL": ""}
    assert Config.from_env(shared, worker=True).app_id == "42"


def test_the_environment_goes_before_it(left: dict[str, str]) -> None:
    config = Config.from_env(left | {"RUBRICATE_WEBHOOK_SECRET": "another", "RUBRICATE_APP_ID": " "})
    assert (config.app_id, config.webhook_secret) == ("42", "another")


def test_an_environment_that_names_another_app_has_nothing_of_it(left: dict[str, str]) -> None:
    assert problems(left | {"RUBRICATE_APP_ID": "43"}) == [
        "RUBRICATE_PRIVATE_KEY is not set",
        "RUBRICATE_WEBHOOK_SECRET is not set",
    ]


def test_a_file_that_others_can_read_is_refused(left: dict[str, str]) -> None:
    path = Path(left["RUBRICATE_DATA_DIR"]) / credentials.FILE
    path.chmod(0o640)
    assert f"{path} can be read by others than its owner: chmod 600 {path}" in problems(left)


def test_a_file_that_is_no_text_is_refused(left: dict[str, str]) -> None:
    path = Path(left["RUBRICATE_DATA_DIR"]) / credentials.FILE
    path.write_bytes(b"\xff")
    assert f"{path} can't be read: UnicodeDecodeError" in problems(left)


def test_what_is_no_credential_in_it_is_not_taken(left: dict[str, str]) -> None:
    path = Path(left["RUBRICATE_DATA_DIR"]) / credentials.FILE
    path.write_text(path.read_text() + "RUBRICATE_PORT=1\nPATH=/evil\n")
    assert Config.from_env(left).port == 8000


def test_credentials_are_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError("no space")

    values = dict.fromkeys(credentials.NAMES, "x")
    credentials.write(tmp_path, values)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        credentials.write(tmp_path, dict.fromkeys(credentials.NAMES, "y"))
    assert [path.name for path in tmp_path.iterdir()] == [credentials.FILE]
    assert credentials.read(tmp_path) == values


# A server without an App


def test_an_address_for_people_alone_asks_for_the_set_up(tmp_path: Path) -> None:
    new = {"RUBRICATE_DATA_DIR": str(tmp_path), "RUBRICATE_PUBLIC_URL": "https://rubricate.example.com"}
    assert not Config.from_env(new).is_set_up
    assert "RUBRICATE_APP_ID is not set" in problems(new | {"RUBRICATE_WEBHOOK_SECRET": "hush"})
    assert "RUBRICATE_APP_ID is not set" in problems({"RUBRICATE_DATA_DIR": str(tmp_path)})
    with pytest.raises(UserError, match="RUBRICATE_APP_ID is not set"):
        Config.from_env(new | {"RUBRICATE_DATABASE_URL": "postgresql://db/jobs"}, worker=True)
