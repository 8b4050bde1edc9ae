"""Each extra does what it promises in an environment that holds only it."""

from __future__ import annotations

import json
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.packaging.conftest import OUTSIDE, Environment, fill
from tests.repository import Repository

LOUD = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com')\n"
RULE = "performance/http-timeout-missing"
BASE = {"click", "libcst", "markdown-it-py", "mdurl", "packaging", "pygments", "pyyaml", "rich", "rubricate"}

# Packages are installed, which takes a while on a busy machine.
pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/rates.py").write_text(LOUD)
    return tmp_path / "project"


def test_the_base_finds_explains_and_mends(install: Environment, wheel: Path, project: Path) -> None:
    assert fill(install, wheel) - {"pyyaml-ft"} == BASE, "libcst takes another YAML for Python 3.13"
    assert RULE in install.run("rubricate", "scan", "--fail-on", "medium", cwd=project, code=1)
    assert "never" in install.run("rubricate", "explain", RULE, cwd=project)
    install.run("rubricate", "fix", cwd=project)
    assert "timeout=10" in (project / "rates.py").read_text()
    assert RULE not in install.run("rubricate", "scan", "--fail-on", "medium", cwd=project)
    for form in ("json", "sarif", "markdown", "html", "github"):
        install.run("rubricate", "scan", "--format", form, "--output", f"../report.{form}", cwd=project)
    install.run("rubricate", "init", cwd=project)
    assert "rubricate" in install.run("python", "-I", "-m", "checks", "--version", cwd=project)
    _review(install, project)
    _name_the_missing_extra(install, project)


def _review(base: Environment, project: Path) -> None:
    repository = Repository(project)
    repository.commit({"rates.py": LOUD.replace("com')", "com', timeout=5)")})
    repository.commit({"rates.py": LOUD})
    said = base.run("rubricate", "review", "--base", "HEAD~1", "--fail-on", "medium", cwd=project, code=1)
    assert RULE in said


def _name_the_missing_extra(base: Environment, project: Path) -> None:
    said = base.run("rubricate", "serve", cwd=project, code=2)
    assert 'pip install "rubricate[bot]"' in said and said.count("\n") == 1, said
    assert "needs the extra `bot`" in base.run("rubricate", "--help", cwd=project)


def test_deps_brings_the_tools_for_dependencies(install: Environment, wheel: Path, tmp_path: Path) -> None:
    installed = fill(install, wheel, "deps")
    assert installed >= BASE | {"pip-audit", "uv"} and not installed & {"aiohttp", "gidgethub", "dbos"}
    assert "pip-audit" in install.run("pip-audit", "--version", cwd=tmp_path)
    assert "uv" in install.run("uv", "--version", cwd=tmp_path)


def test_action_reviews_an_event(install: Environment, wheel: Path, tmp_path: Path) -> None:
    installed = fill(install, wheel, "action")
    assert installed >= BASE | {"aiohttp", "gidgethub"} and not installed & {"dbos", "jinja2"}
    repository = Repository(tmp_path / "workspace")
    before = repository.commit({"README.md": "# Shop\n"})
    after = repository.commit({"rates.py": LOUD})
    push = {
        "ref": "refs/heads/main",
        "before": before,
        "after": after,
        "repository": {"default_branch": "main"},
    }
    (tmp_path / "event.json").write_text(json.dumps(push))
    env = OUTSIDE | {
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
        "GITHUB_REPOSITORY": "octo/shop",
        "GITHUB_SHA": after,
        "GITHUB_WORKSPACE": str(repository.root),
        "RUNNER_TEMP": str(tmp_path),
        "INPUT_FAIL_ON": "medium",
    }
    command = [f"{install.bin}/python", "-I", "-m", "action"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"title={RULE}" in done.stdout
    assert "fail" in (tmp_path / "outputs").read_text()


def test_bot_serves(install: Environment, wheel: Path, tmp_path: Path) -> None:
    fill(install, wheel, "bot")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    env = OUTSIDE | {
        "RUBRICATE_APP_ID": "1",
        "RUBRICATE_PRIVATE_KEY": _private_key(),
        "RUBRICATE_WEBHOOK_SECRET": "a secret of this test",
        "RUBRICATE_DATA_DIR": str(tmp_path / "data"),
        "RUBRICATE_PORT": str(port),
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [install.bin / "rubricate", "serve"], cwd=tmp_path, env=env, stdout=output, stderr=output
        )
    try:
        assert _health(f"http://127.0.0.1:{port}/readyz", server) == 200, log.read_text()
    finally:
        server.terminate()
        assert server.wait(timeout=30) in (0, -15), log.read_text()


def _health(url: str, server: subprocess.Popen[bytes]) -> int:
    """The status once the server is ready; it says 503 until then."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.2)
    return 0


def _private_key() -> str:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
