"""The example projects run, pass their own tests and checks, and the planted defects are where their list says."""

import ast
import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
DEFECTS = EXAMPLES / "defects"
CACHES = shutil.ignore_patterns(
    "__pycache__", ".ruff_cache", ".pytest_cache", "defects", "instance", "*.sqlite3"
)
RULES = {
    "deployment/print-instead-of-logging",
    "deployment/runs-as-root",
    "maintainability/bare-except",
    "maintainability/complex-function",
    "maintainability/mutable-default",
    "maintainability/nullable-text-field",
    "performance/existence-by-count",
    "performance/http-timeout-missing",
    "performance/n-plus-one",
    "performance/unindexed-lookup",
    "security/allowed-hosts-wildcard",
    "security/command-injection",
    "security/csrf-exempt",
    "security/csrf-token-missing",
    "security/debug-enabled",
    "security/hardcoded-secret",
    "security/hsts-missing",
    "security/insecure-cookie",
    "security/lock-mismatch",
    "security/log-injection",
    "security/mass-assignment",
    "security/open-redirect",
    "security/path-traversal",
    "security/reflected-xss",
    "security/script-context",
    "security/secret-logged",
    "security/security-middleware-missing",
    "security/sql-injection",
    "security/ssrf",
    "security/timing-unsafe-comparison",
    "security/tls-unverified",
    "security/unauthenticated-endpoint",
    "security/unescaped-markup",
    "security/unsafe-deserialization",
    "security/weak-hash",
    "security/weak-password-hasher",
    "security/weak-random",
    "testing/test-without-assertion",
}


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted defect: the line that holds it (RIGHT), or whose deletion causes it (LEFT)."""

    path: str
    rule: str
    anchor: str
    side: str


PLANTS = [Plant(**entry) for entry in json.loads((DEFECTS / "expected.json").read_text())]


def run(
    *command: str, folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command in `folder`, with nothing of this process's environment but the path."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": "../common",
        "PYTHONDONTWRITEBYTECODE": "1",
        # The projects' pytest must not load the plugins that this project happens to have
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        **(env or {}),
    }
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def run_python(
    *arguments: str, folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run this Python in `folder`."""
    return run(sys.executable, *arguments, folder=folder, env=env)


def git(folder: Path, *arguments: str) -> str:
    """Return what git prints in `folder`."""
    done = run("git", "-c", "user.name=Tester", "-c", "user.email=t@example.com", *arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples, in a repository of their own."""
    root = tmp_path_factory.mktemp("clean") / "bookshop"
    shutil.copytree(EXAMPLES, root, ignore=CACHES)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Open the shop")
    return root


@pytest.fixture(scope="module")
def planted(clean: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples with the planted defects, staged."""
    root = tmp_path_factory.mktemp("planted") / "bookshop"
    git(clean, "clone", "--quiet", "--local", ".", str(root))
    git(root, "apply", "--index", str(DEFECTS / "defects.patch"))
    return root


@pytest.fixture(params=["clean", "planted"])
def tree(request: pytest.FixtureRequest) -> Path:
    """The examples as they are, and with the planted defects."""
    root = request.getfixturevalue(request.param)
    assert isinstance(root, Path)
    return root


def production() -> dict[str, str]:
    """The environment that the shop needs in production; nothing of it is contacted."""
    return {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DJANGO_SECRET_KEY": secrets.token_urlsafe(50),
        "DJANGO_ALLOWED_HOSTS": "shop.example",
        "DATABASE_HOST": "database.example",
        "DATABASE_NAME": "shop",
        "DATABASE_USER": "shop",
        "DATABASE_PASSWORD": secrets.token_urlsafe(12),
        "CACHE_URL": "redis://cache.example/0",
        "STOCKROOM_URL": "http://stockroom.example",
        "STOCKROOM_TOKEN": secrets.token_urlsafe(12),
    }


# The projects run. The planted defects pass the projects' own tests: it takes a review to see them.


def test_the_shop_passes_its_own_tests(tree: Path) -> None:
    done = run_python("-W", "error", "manage.py", "test", folder=tree / "django")
    assert done.returncode == 0, done.stderr
    assert "\nOK" in done.stderr


@pytest.mark.parametrize("project", ["flask", "common"])
def test_the_other_projects_pass_their_own_tests(tree: Path, project: str) -> None:
    done = run_python("-m", "pytest", "-q", folder=tree / project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_the_shops_migrations_match_its_models(tree: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = run_python(
        "manage.py", "makemigrations", "--check", "--dry-run", folder=tree / "django", env=settings
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout


@pytest.mark.skipif(find_spec("alembic") is None, reason="needs alembic: pip install alembic")
def test_the_stockrooms_migrations_match_its_models(clean: Path, tmp_path: Path) -> None:
    shutil.copytree(clean, tmp_path / "bookshop")
    folder = tmp_path / "bookshop" / "flask"
    development = {"STOCKROOM_ENVIRONMENT": "development"}
    for command in (["upgrade", "head"], ["check"], ["downgrade", "base"]):
        done = run_python("-m", "alembic", *command, folder=folder, env=development)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_shop_is_ready_for_production(clean: Path) -> None:
    done = run_python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", folder=clean / "django", env=production()
    )
    assert done.returncode == 0, done.stderr
    assert "no issues (0 silenced)" in done.stdout


def test_the_planted_shop_is_not(planted: Path) -> None:
    done = run_python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        folder=planted / "django",
        env=production(),
    )
    assert done.returncode == 1
    assert "security.W018" in done.stderr  # DEBUG


@pytest.mark.parametrize("missing", ["DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_PASSWORD"])
def test_the_shop_does_not_start_without_its_settings(clean: Path, missing: str) -> None:
    environment = production()
    del environment[missing]
    done = run_python("manage.py", "check", folder=clean / "django", env=environment)
    assert done.returncode != 0
    assert f"{missing} is not set" in done.stderr


def test_the_shop_understands_what_the_stockroom_answers(clean: Path) -> None:
    """The stockroom answers for real; only the network between them is left out."""
    script = """
import django
django.setup()
from django.conf import settings
from unittest.mock import patch
from catalogue.stockroom import stock_levels
from stockroom import create_app
from stockroom.extensions import db
from stockroom.services import add_item, record_delivery

app = create_app("testing")
client = app.test_client()

class Answer:
    def __init__(self, answer):
        self.answer = answer
    def raise_for_status(self):
        assert self.answer.status_code == 200, self.answer.text
    def json(self):
        return self.answer.json

def get(url, params, headers, **options):
    path = url.removeprefix(settings.STOCKROOM_URL)
    return Answer(client.get(path, query_string=params, headers=headers))

settings.STOCKROOM_TOKEN = app.config["STOCKROOM_TOKEN"]
with app.app_context(), patch("requests.get", get):
    db.create_all()
    add_item("9780306406157", "Emma")
    record_delivery("9780306406157", 3)
    add_item("9783161484100", "Persuasion")
    print(dict(stock_levels()))
"""
    settings = {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PYTHONPATH": os.pathsep.join(str(clean / project) for project in ("common", "django", "flask")),
    }
    done = run_python("-c", script, folder=clean, env=settings)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "{'9780306406157': 3, '9783161484100': 0}\n"


def test_ruff_is_content_with_the_examples(clean: Path) -> None:
    for command in (["check", "--no-cache", "."], ["format", "--no-cache", "--check", "."]):
        done = run_python("-m", "ruff", *command, folder=clean)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    "schema, path",
    [("vendor.github-workflows", ".github/workflows/ci.yml"), ("vendor.compose-spec", "compose.yaml")],
)
def test_workflow_and_compose_file_are_valid(clean: Path, schema: str, path: str) -> None:
    done = run_python("-m", "check_jsonschema", "--builtin-schema", schema, path, folder=clean)
    assert done.returncode == 0, done.stdout


# The planted defects


def test_the_patch_applies_with_patch_too(clean: Path, tmp_path: Path) -> None:
    tool = shutil.which("patch")
    if tool is None:
        pytest.skip("needs patch: apt-get install patch")
    shutil.copytree(clean, tmp_path / "bookshop")
    done = run(tool, "-p1", "--input", str(DEFECTS / "defects.patch"), folder=tmp_path / "bookshop")
    assert done.returncode == 0, done.stdout


def test_the_planted_files_parse(planted: Path) -> None:
    changed = git(planted, "diff", "--cached", "--name-only").split()
    modules = [planted / path for path in changed if path.endswith(".py")]
    for module in modules:
        ast.parse(module.read_text(), module.name)
    assert {module.relative_to(planted).parts[0] for module in modules} == {"common", "django", "flask"}


def changed_lines(repository: Path, path: str, sign: str) -> list[str]:
    """Return the lines that the staged change adds to (`+`) or removes from (`-`) a file, stripped."""
    diff = git(repository, "diff", "--cached", "--unified=0", "--", path).splitlines()
    start = next(number for number, line in enumerate(diff) if line.startswith("@@"))
    return [line[1:].strip() for line in diff[start:] if line.startswith(sign)]


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.rule}:{plant.path}")
def test_each_defect_is_planted_on_one_line_of_the_change(planted: Path, plant: Plant) -> None:
    side, other = ("+", "-") if plant.side == "RIGHT" else ("-", "+")
    assert changed_lines(planted, plant.path, side).count(plant.anchor) == 1
    assert plant.anchor not in changed_lines(planted, plant.path, other)


def test_every_rule_has_a_defect_and_some_are_caused_by_a_deleted_line() -> None:
    assert {plant.rule for plant in PLANTS} == RULES
    deleted = {plant.rule for plant in PLANTS if plant.side == "LEFT"}
    assert deleted == {
        "performance/http-timeout-missing",
        "deployment/runs-as-root",
        "security/hsts-missing",
        "security/insecure-cookie",
        "security/open-redirect",
        "security/reflected-xss",
        "security/security-middleware-missing",
    }


def test_the_table_for_readers_lists_the_same_defects() -> None:
    rows = [line for line in (DEFECTS / "README.md").read_text().splitlines() if line.startswith("| `")]
    cells = [row.replace("\\|", "|").split(" | ")[:3] for row in rows]
    told = [tuple(cell.strip().strip("`") for cell in row) for row in cells]
    assert [(path.removeprefix("| `"), anchor, rule) for path, anchor, rule in told] == [
        (plant.path, plant.anchor, plant.rule) for plant in PLANTS
    ]


def test_harmless_changes_are_part_of_the_pull_request(planted: Path) -> None:
    changed = set(git(planted, "diff", "--cached", "--name-only").split())
    quiet = changed - {plant.path for plant in PLANTS}
    assert {"common/bookshop_common/utils/isbn.py", "django/config/middleware.py"} <= quiet
