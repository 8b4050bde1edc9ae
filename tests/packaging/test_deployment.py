"""The image, the composition and the Kubernetes manifests say what a careful operator asks of them.

None of them is built or run here: that needs a registry. Their text is held against what it promises.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from aiohttp.web import RouteDef

from bot.pages import sign_in, status
from bot.pages.frame import STATIC

ROOT = Path(__file__).parent.parent.parent
MANIFESTS = ROOT / "deploy" / "kubernetes"
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SETTINGS = set(re.findall(r"`(RUBRICATE_\w+)`", (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")))


def documents() -> list[dict[str, Any]]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(MANIFESTS.glob("*.yaml")))
    return [document for text in texts for document in yaml.safe_load_all(text)]


DEPLOYMENTS = {each["metadata"]["name"]: each["spec"] for each in documents() if each["kind"] == "Deployment"}


def container(name: str) -> Mapping[str, Any]:
    (found,) = DEPLOYMENTS[name]["template"]["spec"]["containers"]
    assert isinstance(found, dict)
    return found


def stages() -> list[str]:
    return re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]


# The image


def test_the_image_is_built_in_one_stage_and_runs_in_another() -> None:
    build, final = stages()
    assert "pip install" in build
    assert "pip" not in final
    assert "COPY --from=build" in final


def test_the_image_installs_only_what_is_pinned_with_its_hash() -> None:
    installs = re.findall(r"pip install(?:[^\n]*\\\n)*[^\n]*", DOCKERFILE)
    assert len(installs) == 2
    assert "--require-hashes --only-binary :all: -r requirements/app.txt" in installs[0]
    assert "--no-deps" in installs[1]
    assert "PIP_BUILD_CONSTRAINT=requirements/dev.txt" in DOCKERFILE
    assert ":latest" not in DOCKERFILE
    assert "ADD " not in DOCKERFILE


def test_the_image_runs_as_nobody_special() -> None:
    (user,) = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
    assert user == "10001:10001"
    assert DOCKERFILE.index("USER ") > DOCKERFILE.index("apt-get")
    assert DOCKERFILE.index("USER ") < DOCKERFILE.index("ENTRYPOINT")


def test_the_image_holds_git_and_asks_itself_for_its_health() -> None:
    final = stages()[1]
    assert re.search(r"apt-get install --yes --no-install-recommends .*\bgit\b", final)
    assert "rm -rf /var/lib/apt/lists/*" in final
    assert "/readyz" in final


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = {line.removeprefix("!") for line in lines if line.startswith("!")}
    copied = [
        part
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for part in line.split()[:-1]
    ]
    assert all((ROOT / each).exists() for each in copied)
    assert set(copied) == kept


# The composition


def test_the_composition_is_valid() -> None:
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")
    done = subprocess.run(
        [*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_composition_has_a_server_a_worker_and_a_database_without_secrets_in_it() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    assert set(services) == {"serve", "worker", "database"}
    for name in ("serve", "worker"):
        assert services[name]["command"] == [name]
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert set(services[name]["environment"]) <= SETTINGS
    assert "RUBRICATE_WEBHOOK_SECRET" not in services["worker"]["environment"]
    assert services["serve"]["ports"] == ["127.0.0.1:8000:8000"]
    assert len(re.findall(r"(?:PASSWORD|SECRET): \$\{\w+:\?\}", text)) == 2


# Kubernetes


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_pods_run_without_rights(name: str) -> None:
    pod = DEPLOYMENTS[name]["template"]["spec"]
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] == 10001
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container(name)["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_pods_have_limits_and_probes_at_addresses_that_there_are(name: str) -> None:
    found = container(name)
    assert set(found["resources"]["limits"]) == {"cpu", "memory", "ephemeral-storage"}
    assert set(found["resources"]["requests"]) == {"cpu", "memory", "ephemeral-storage"}
    health = (ROOT / "bot" / "health.py").read_text(encoding="utf-8")
    for probe, path in (
        ("livenessProbe", "/healthz"),
        ("readinessProbe", "/readyz"),
        ("startupProbe", "/healthz"),
    ):
        assert found[probe]["httpGet"] == {"path": path, "port": "http"}
        assert f'"{path}"' in health


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_what_pods_write_and_read_is_mounted(name: str) -> None:
    pod, found = DEPLOYMENTS[name]["template"]["spec"], container(name)
    mounts = {mount["mountPath"]: mount["name"] for mount in found["volumeMounts"]}
    assert set(mounts) == {"/data", "/tmp", "/etc/rubricate"}
    assert set(mounts.values()) == {volume["name"] for volume in pod["volumes"]}
    assert DEPLOYMENTS[name]["selector"]["matchLabels"].items() <= (
        DEPLOYMENTS[name]["template"]["metadata"]["labels"].items()
    )


@pytest.mark.parametrize("name", sorted(DEPLOYMENTS))
def test_pods_take_secrets_from_a_secret_and_settings_that_there_are(name: str) -> None:
    names = {each["name"]: each for each in container(name)["env"]}
    assert set(names) <= SETTINGS
    for secret in {"RUBRICATE_WEBHOOK_SECRET", "RUBRICATE_DATABASE_URL"} & set(names):
        assert "secretKeyRef" in names[secret]["valueFrom"]
    assert ("RUBRICATE_WEBHOOK_SECRET" in names) == (name == "rubricate-serve")


def test_the_kustomization_names_every_manifest() -> None:
    listed = yaml.safe_load((MANIFESTS / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    assert set(listed) == {path.name for path in MANIFESTS.glob("*.yaml")} - {"kustomization.yaml"}


def test_webhooks_and_pages_come_in_from_outside_and_nothing_else() -> None:
    (ingress,) = [each for each in documents() if each["kind"] == "Ingress"]
    (rule,) = ingress["spec"]["rules"]
    paths = {path["path"]: path["pathType"] for path in rule["http"]["paths"]}
    pages = {each.path for each in (*sign_in.routes, *status.routes) if isinstance(each, RouteDef)}
    assert paths == dict.fromkeys({"/webhooks/github", *pages} - {"/setup"}, "Exact") | {STATIC: "Prefix"}
