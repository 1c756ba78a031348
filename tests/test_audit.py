"""The audit of dependencies looks up all of them, finds what is known, and never passes for having looked at nothing."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import tomllib

import pytest

from bot.settings import PROJECT
from tests.fakes.osv import LEAK, FakeOsv

FINE, KNOWN, NOT_DONE, UNREACHABLE = 0, 1, 2, 75


async def audit(service: str, **environment: str) -> tuple[int, str]:
    """Run it; gives the exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        ".ci/audit.py",
        cwd=PROJECT,
        env=os.environ | {"AUDIT_SERVICE": service, "UV_HTTP_RETRIES": "0"} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


async def test_nothing_known() -> None:
    """Every package of the lock and of the build hook is asked about, in the version that is used."""
    async with FakeOsv() as osv:
        code, said = await audit(osv.url)
    lock = tomllib.loads((PROJECT / "uv.lock").read_text())
    locked = {
        (package["name"], package["version"]) for package in lock["package"] if package["name"] != "moi"
    }
    asked = {
        (query["package"]["name"], query["version"])
        for query in osv.asked
        if query["package"]["ecosystem"] == "PyPI"
    }
    npm = {query["package"]["name"] for query in osv.asked if query["package"]["ecosystem"] == "npm"}

    assert code == FINE, said
    assert asked == locked
    assert {"botframework-webchat", "axe-core"} <= npm
    assert f"audited {len(locked)} Python" in said


@pytest.mark.parametrize("leaky", ["pyyaml", "botframework-webchat"])
async def test_a_known_leak(leaky: str) -> None:
    """A known leak fails the audit and is named, in a package from PyPI and in one from npm."""
    async with FakeOsv(leaky) as osv:
        code, said = await audit(osv.url)

    assert code == KNOWN
    assert leaky in said
    assert LEAK in said


async def test_a_service_that_fails() -> None:
    """A service that answers with an error was not asked anything, so the audit fails."""
    async with FakeOsv() as osv:
        osv.broken = True
        code, said = await audit(osv.url)

    assert code == NOT_DONE
    assert "NOT AUDITED" in said


async def test_a_tool_that_fails() -> None:
    """Without a uv that can audit, nothing was audited, so the audit fails."""
    async with FakeOsv() as osv:
        code, said = await audit(osv.url, UV=sys.executable)

    assert code == NOT_DONE
    assert "NOT AUDITED" in said


async def test_nobody_there() -> None:
    """A service that cannot be reached has a code of its own, and says loudly that nothing was done."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, said = await audit(f"http://127.0.0.1:{port}/")

    assert code == UNREACHABLE
    assert "NOT AUDITED" in said
