"""Asks whether a known leak is in what Moi is made of: every package in uv.lock, and what the page takes from npm.

The answer comes from OSV (osv.dev), or from a service that speaks like it at AUDIT_SERVICE. Exit codes: 0 all was asked and nothing
is known; 1 something is known; 2 too little was asked to say anything; 75 the service cannot be reached, so nothing was asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PROJECT = Path(__file__).resolve().parent.parent
SERVICE = "https://api.osv.dev/"
FEWEST = 50  # Fewer than these were never in uv.lock, so then the audit itself is broken.
SECONDS = 20
FINE, KNOWN, NOT_DONE, UNREACHABLE = 0, 1, 2, 75
FROM_NPM = re.compile(r'^ +"(@?[\w./-]+)@(\d[\w.]*)",$', re.MULTILINE)


def main() -> int:
    """Audit, and say in a line what was done."""
    service = os.environ.get("AUDIT_SERVICE") or SERVICE
    problem = unreachable(service)
    if problem:
        print(f"NOT AUDITED: {service} cannot be reached ({problem}).", file=sys.stderr)
        return UNREACHABLE
    python, from_npm = audit_python(service), audit_npm(service)
    if python is None or from_npm is None:
        return NOT_DONE
    if python[0] < FEWEST or not from_npm[0]:
        print(f"NOT AUDITED: only {python[0]} Python and {from_npm[0]} npm packages.", file=sys.stderr)
        return NOT_DONE
    known = python[1] + from_npm[1]
    for line in known:
        print(line)
    print(f"audited {python[0]} Python and {from_npm[0]} npm packages: {len(known)} known problems")
    return KNOWN if known else FINE


def unreachable(service: str) -> str:
    """Why nobody answers there; empty when somebody does, whatever they answer."""
    try:
        urlopen(service, timeout=SECONDS).close()  # noqa: S310  (the address is ours)
    except HTTPError:
        return ""
    except (OSError, HTTPException) as error:
        return str(getattr(error, "reason", error))
    return ""


def audit_python(service: str) -> tuple[int, list[str]] | None:
    """How many packages of uv.lock were looked up, and what is known of them; None when uv could not do it."""
    uv = os.environ.get("UV") or shutil.which("uv") or "uv"
    features = ["--preview-features", "audit", "--preview-features", "json-output"]
    command = [uv, "audit", "--locked", *features, "--output-format", "json", "--service-url", service]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)  # noqa: S603
    try:
        said = json.loads(done.stdout)
        audited = int(said["summary"]["audited_packages"])
    except (ValueError, KeyError, TypeError):
        print(f"NOT AUDITED: uv audit failed.\n{done.stderr}", file=sys.stderr)
        return None
    known = [
        f"{found['dependency']['name']} {found['dependency']['version']}: {found['display_id']} {found['link']}"
        for found in said["vulnerabilities"]
    ]
    known += [f"{json.dumps(found)}" for found in said["adverse_statuses"]]
    return audited, known


def audit_npm(service: str) -> tuple[int, list[str]] | None:
    """The same for the packages that the build hook takes from npm; what they bundle is not in it."""
    packages = FROM_NPM.findall((PROJECT / "hatch_build.py").read_text())
    queries = [
        {"package": {"name": name, "ecosystem": "npm"}, "version": version} for name, version in packages
    ]
    body = json.dumps({"queries": queries}).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{service.rstrip('/')}/v1/querybatch", body, headers)  # noqa: S310  (the address is ours)
    try:
        with urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            results: list[dict[str, Any]] = json.load(answer)["results"]
    except (OSError, HTTPException, ValueError, KeyError) as error:
        print(f"NOT AUDITED: npm packages ({error}).", file=sys.stderr)
        return None
    known = [
        f"{name} {version}: {leak['id']}"
        for (name, version), result in zip(packages, results, strict=True)
        for leak in result.get("vulns") or ()
    ]
    return len(packages), known


if __name__ == "__main__":
    sys.exit(main())
