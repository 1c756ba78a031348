"""Moi in the emulator of Teams (Microsoft 365 Agents Playground), without a Microsoft account.

The emulator is a tool under a licence of its own, so install it outside this project and say where it is:

    npm install --prefix ~/playground @microsoft/m365agentsplayground
    uv run python -m tests.playground ~/playground/node_modules/.bin/agentsplayground

Then open the address that is shown. Summaries of purchases arrive in the channel "Inkoopkanaal".
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path

from aiohttp import ClientError, ClientSession

from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity
from tests.playground.signing import open_signing_door

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
CHANNEL = "channel-inkoop"  # As it is called in people.yml.
SECRET = "only-for-trying-in-the-emulator-of-teams"


@asynccontextmanager
async def running(*command: str, env: Mapping[str, str]) -> AsyncIterator[None]:
    """Run a program beside this one, and stop it at the end."""
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env}, cwd=PROJECT)
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@asynccontextmanager
async def open_playground(program: str, *, port: int, moi_port: int) -> AsyncIterator[str]:
    """Start a login, Moi and the emulator on loopback; gives the address of the emulator."""
    page = f"http://localhost:{port}"
    async with FakeIdentity() as identity:
        moi = {
            "MOI_PORT": str(moi_port),
            "MOI_DATA_DIR": tempfile.mkdtemp(prefix="moi-playground-"),
            "MOI_DEVELOPMENT": "false",
            "MOI_APP_ID": APP_ID,
            "MOI_APP_PASSWORD": PASSWORD,
            "MOI_TENANT_ID": TENANT,
            "MOI_SECRET": SECRET,
            "MOI_AUTHORITY": identity.authority,
            "MOI_METADATA_URL": identity.metadata_url,
            "MOI_CHANNEL_SERVICE_URL": f"{page}/_connector",
            "MOI_CHANNEL_CONVERSATION": CHANNEL,
        }
        emulator = {"M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(HERE / "people.yml"), "BROWSER": "none"}
        address = f"http://127.0.0.1:{moi_port}"
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(sys.executable, "app.py", env=moi))
            await _until_open(address)  # The emulator tells at once that Moi was added.
            door = await stack.enter_async_context(open_signing_door(identity, f"{address}/api/messages"))
            options = ("-e", door, "-c", "msteams", "-p", str(port), "--dt", "true")
            await stack.enter_async_context(running(program, "start", *options, env=emulator))
            await _until_open(page)
            yield page


async def _until_open(page: str) -> None:
    async with ClientSession() as session, asyncio.timeout(30):
        while True:
            with suppress(ClientError):
                async with session.get(page):
                    return
            await asyncio.sleep(0.2)


async def main() -> None:
    """Start everything and keep it until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.playground", description=__doc__.splitlines()[0])
    parser.add_argument("program", help="the installed agentsplayground")
    parser.add_argument("--port", type=int, default=56150, help="port of the emulator")
    parser.add_argument("--moi-port", type=int, default=3979, help="port of Moi")
    said = parser.parse_args()
    async with open_playground(said.program, port=said.port, moi_port=said.moi_port) as page:
        print(f"Open {page}", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    # Being told to stop is the same as Ctrl-C: nothing is left running.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
