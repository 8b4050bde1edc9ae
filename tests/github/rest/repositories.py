"""Repositories, their contents, references and commits, and who may do what in them."""

from __future__ import annotations

import base64
from collections import Counter
from pathlib import PurePosixPath
from urllib.parse import quote

from tests.github.contract import Json, filled
from tests.github.diff import compare
from tests.github.errors import Refusal, not_found
from tests.github.git import Git
from tests.github.model import Repository
from tests.github.rest import Answer, Call, operation

# https://docs.github.com/rest/repos/contents#get-repository-content
MAX_INLINE, MAX_RAW, MAX_ENTRIES = 1_000_000, 100_000_000, 1_000


@operation("repos/get", needs="metadata:read")
def get_repository(call: Call) -> Json:
    return call.bodies.repository(call.repository, "full-repository")


@operation("repos/get-content", needs="contents:read")
def get_content(call: Call) -> object:
    git, path = call.repository.git, call.path["path"].strip("/")
    commit = git.resolve(call.query.get("ref", call.repository.default_branch))
    if commit is None:
        raise Refusal(404, f"No commit found for the ref {call.query.get('ref')}")
    if ".." in path.split("/"):
        raise Refusal(400, "The path contains a malformed path component")
    if path:
        mode, kind, blob, _ = _entry(git, commit, path)
        if kind != "tree":
            return _file(call, path, mode, blob, commit)
    listed = git.text("ls-tree", "-z", "--long", commit, *([f"{path}/"] if path else [])).split("\0")
    return [_listed(call, line, commit) for line in listed[:MAX_ENTRIES] if line]


def _entry(git: Git, commit: str, path: str) -> tuple[str, str, str, int]:
    """(mode, kind, id, size) of a path. Raises Refusal (404) when the commit holds none."""
    listed = git.text("ls-tree", "-z", "--long", "--full-tree", commit, f":(literal){path}").split("\0")
    if not listed[0]:
        raise not_found()
    mode, kind, blob, size = listed[0].partition("\t")[0].split()
    return mode, kind, blob, 0 if size == "-" else int(size)


def _links(call: Call, path: str, blob: str, commit: str, kind: str) -> Json:
    api = f"{call.bodies.api}/repos/{call.repository.full_name}"
    web = f"{call.bodies.web}/{call.repository.full_name}"
    path = quote(path)
    url = f"{api}/contents/{path}?ref={commit}"
    git = f"{api}/git/{'trees' if kind == 'dir' else 'blobs'}/{blob}"
    html = f"{web}/{'tree' if kind == 'dir' else 'blob'}/{commit}/{path}"
    return {
        "url": url,
        "git_url": git,
        "html_url": html,
        "download_url": f"{web}/raw/{commit}/{path}" if kind == "file" else None,
        "_links": {"self": url, "git": git, "html": html},
    }


_KINDS = {"040000": "dir", "120000": "symlink", "160000": "submodule"}


def _listed(call: Call, line: str, commit: str) -> Json:
    facts, _, path = line.partition("\t")
    mode, _, blob, size = facts.split()
    kind = _KINDS.get(mode, "file")
    name = path.rsplit("/", 1)[-1]
    given = {"type": kind, "name": name, "path": path, "sha": blob, "size": 0 if size == "-" else int(size)}
    return given | _links(call, path, blob, commit, kind)


def _file(call: Call, path: str, mode: str, blob: str, commit: str) -> object:
    kind = _KINDS.get(mode, "file")
    given: Json = {"type": kind, "name": path.rsplit("/", 1)[-1], "path": path, "sha": blob, "size": 0}
    given |= _links(call, path, blob, commit, kind)
    if kind == "submodule":
        return filled("content-submodule", given)
    content = call.repository.git.run("cat-file", "blob", blob)
    if len(content) > MAX_RAW:
        error = {"resource": "Blob", "field": "data", "code": "too_large"}
        raise Refusal(403, "This API returns blobs up to 100 MB in size.", errors=[error])
    if "raw" in call.accept:
        return Answer(200, content, content_type="application/vnd.github.raw; charset=utf-8")
    given["size"] = len(content)
    if kind == "symlink":
        return filled("content-symlink", given | {"target": content.decode(errors="replace")})
    if len(content) > MAX_INLINE:
        return given | {"content": "", "encoding": "none"}
    return given | {"content": base64.encodebytes(content).decode(), "encoding": "base64"}


@operation("repos/get-collaborator-permission-level", needs="metadata:read")
def get_permission(call: Call) -> Json:
    user = call.state.users.get(call.path["username"].lower())
    if user is None:
        raise not_found()
    role = permission_of(call.repository, user.login)
    coarse = {"maintain": "write", "triage": "read"}.get(role, role)
    account = filled("nullable-collaborator", call.bodies.user(user) | {"role_name": role})
    return {"permission": coarse, "role_name": role, "user": account}


def permission_of(repository: Repository, login: str) -> str:
    if login == repository.owner.login:
        return "admin"
    return repository.collaborators.get(login, "none" if repository.private else "read")


@operation("git/get-ref", needs="contents:read")
def get_ref(call: Call) -> Json:
    name = f"refs/{call.path['ref']}"
    if not call.repository.git.text("for-each-ref", "--count=1", "refs/heads"):
        raise Refusal(409, "Git Repository is empty.")
    commit = call.repository.git.resolve(name) if name.count("/") > 1 else None
    if commit is None:
        raise not_found()
    return _ref(call, name, commit)


@operation("git/create-ref", needs="contents:write", status=201)
def create_ref(call: Call) -> Json:
    git, name, commit = call.repository.git, call.body["ref"], call.body["sha"]
    if call.repository.archived:
        raise Refusal(403, "Repository was archived so is read-only.")
    if not name.startswith("refs/") or name.count("/") < 2:
        raise Refusal(422, "Reference name must start with 'refs/' and contain at least one slash")
    if git.resolve(name) is not None:
        raise Refusal(422, "Reference already exists")
    if git.resolve(commit) != commit:
        raise Refusal(422, "Object does not exist")
    git.update_ref(name, commit)
    return _ref(call, name, commit)


def _ref(call: Call, name: str, commit: str) -> Json:
    api = f"{call.bodies.api}/repos/{call.repository.full_name}/git"
    return {
        "ref": name,
        "node_id": f"REF_{name}",
        "url": f"{api}/{name}",
        "object": {"type": "commit", "sha": commit, "url": f"{api}/commits/{commit}"},
    }


_LANGUAGES = {".py": "Python", ".html": "HTML", ".js": "JavaScript"}


@operation("repos/list-languages", needs="metadata:read")
def list_languages(call: Call) -> Json:
    """Bytes by language, of the default branch, by the names of its files."""
    git, branch = call.repository.git, call.repository.default_branch
    listed = git.text("ls-tree", "-r", "-z", "--long", branch).split("\0") if git.branch(branch) else []
    counts: Counter[str] = Counter()
    for facts, _, path in (line.partition("\t") for line in listed if line):
        language, size = _LANGUAGES.get(PurePosixPath(path).suffix), facts.split()[3]
        if language is not None and size != "-":
            counts[language] += int(size)
    return dict(counts)


@operation("repos/get-commit", needs="contents:read")
def get_commit(call: Call) -> Json:
    repository = call.repository
    commit = repository.git.resolve(call.path["ref"])
    if commit is None:
        raise Refusal(422, f"No commit found for SHA: {call.path['ref']}")
    body = call.bodies.commit(repository, commit)
    if not body["parents"]:
        return body
    files = compare(repository.git, body["parents"][0]["sha"], commit).files
    additions, deletions = (sum(getattr(file, side) for file in files) for side in ("additions", "deletions"))
    return body | {
        "files": [call.bodies.file(repository, commit, file) for file in call.page(files)],
        "stats": {"additions": additions, "deletions": deletions, "total": additions + deletions},
    }


@operation("repos/compare-commits-with-basehead", needs="contents:read")
def compare_commits(call: Call) -> object:
    git, (base_name, separator, head_name) = call.repository.git, call.path["basehead"].partition("...")
    base, head = git.resolve(base_name), git.resolve(head_name.rpartition(":")[2])
    if not separator or base is None or head is None:
        raise not_found()
    start = git.merge_base(base, head)
    if start is None:
        raise Refusal(404, f"No common ancestor between {base_name} and {head_name}.")
    diff = compare(git, base, head)
    if "diff" in call.accept:
        return Answer(200, diff.raw, content_type="application/vnd.github.diff; charset=utf-8")
    ahead, behind = git.commits(start, head, 100_000), git.commits(start, base, 100_000)
    status = "diverged" if ahead and behind else "ahead" if ahead else "behind" if behind else "identical"
    web = f"{call.bodies.web}/{call.repository.full_name}/compare/{call.path['basehead']}"
    return {
        "url": call.url,
        "html_url": web,
        "permalink_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "base_commit": call.bodies.commit(call.repository, base),
        "merge_base_commit": call.bodies.commit(call.repository, start),
        "status": status,
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [call.bodies.commit(call.repository, commit) for commit in call.page(ahead[-250:])],
        "files": [call.bodies.file(call.repository, head, file) for file in diff.files[:300]],
    }
