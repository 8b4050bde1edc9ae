"""Code scanning: SARIF files, within GitHub's limits."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import uuid

from tests.github.contract import Json
from tests.github.errors import Refusal
from tests.github.model import Sarif
from tests.github.rest import Call, found, operation

# https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
MAX_COMPRESSED, MAX_RUNS, MAX_RESULTS, MAX_RULES, MAX_TAGS, MAX_LOCATIONS = (
    10_000_000,
    20,
    25_000,
    25_000,
    20,
    1_000,
)


@operation("code-scanning/upload-sarif", needs="security_events:write", status=202)
def upload(call: Call) -> Json:
    try:
        compressed = base64.b64decode(call.body["sarif"], validate=True)
        if len(compressed) > MAX_COMPRESSED:
            raise Refusal(413, "SARIF upload is too large")
        document = json.loads(gzip.decompress(compressed))
    except (binascii.Error, ValueError, OSError, EOFError):
        raise Refusal(400, "Invalid SARIF. The file must be gzip-compressed JSON in base64") from None
    if call.repository.git.resolve(call.body["commit_sha"]) is None:
        raise Refusal(404, "No commit found for the given commit_sha")
    fault = _fault(document)
    if fault is not None:
        raise Refusal(400, f"Invalid SARIF. {fault}")
    sarif = Sarif(str(uuid.uuid4()), call.repository, call.body["commit_sha"], call.body["ref"], document)
    call.repository.sarifs.append(sarif)
    return {"id": sarif.id, "url": f"{call.url}/{sarif.id}"}


def _fault(document: Json) -> str | None:
    runs = document.get("runs") if isinstance(document, dict) else None
    if not isinstance(runs, list) or document.get("version") != "2.1.0":
        return "The file is no SARIF 2.1.0 log"
    if len(runs) > MAX_RUNS:
        return f"The file holds {len(runs)} runs; the maximum is {MAX_RUNS}"
    for run in runs:
        rules = run["tool"]["driver"].get("rules", [])
        results = run.get("results") or []
        if len(results) > MAX_RESULTS or len(rules) > MAX_RULES:
            return f"A run holds {len(results)} results and {len(rules)} rules; the maximum is {MAX_RESULTS} of each"
        if any(len(rule.get("properties", {}).get("tags", ())) > MAX_TAGS for rule in rules):
            return f"A rule has more than {MAX_TAGS} tags"
        if any(len(result.get("locations", ())) > MAX_LOCATIONS for result in results):
            return f"A result has more than {MAX_LOCATIONS} locations"
    return None


@operation("code-scanning/get-sarif", needs="security_events:read")
def get(call: Call) -> Json:
    found(call.repository.sarifs, lambda one: one.id == call.path["sarif_id"])
    analyses = f"{call.url.partition('/sarifs/')[0]}/analyses"
    return {"processing_status": "complete", "analyses_url": analyses, "errors": None}
