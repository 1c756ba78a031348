"""Moi in the emulator of Teams (Microsoft 365 Agents Playground), without a Microsoft account.

    uv run python -m tests.playground

Then open the address that is shown. Summaries of purchases arrive in the channel "Inkoopkanaal". In a chat you are a buyer,
in that channel a colleague of Team Inkoop. The emulator is taken from npm and kept outside this project.
"""

from __future__ import annotations

import argparse
import asyncio
import json
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
from tests.playground.tool import emulator, node

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
CHANNEL = "channel-inkoop"  # As it is called in people.yml.
PATIENCE = 90  # Seconds in which a program has to be there, also on a busy machine.
INKOOP = {  # As in people.yml; there one is somebody else than in a chat.
    "id": "user-inkoop",
    "name": "Inkoper",
    "aadObjectId": "00000000-0000-0000-0000-000000000004",
    "role": "user",
}
SECRET = "only-for-trying-in-the-emulator-of-teams"


@asynccontextmanager
async def running(*command: str, env: Mapping[str, str], at: str) -> AsyncIterator[None]:
    """Run a program beside this one, wait until it answers `at` this address, and stop it at the end."""
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **env}, cwd=PROJECT)
    try:
        await _until_open(at, process)
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@asynccontextmanager
async def open_playground(*, port: int, moi_port: int) -> AsyncIterator[str]:
    """Start a login, Moi and the emulator on loopback; gives the address of the emulator."""
    page = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory(prefix="moi-playground-") as data:
        async with FakeIdentity() as identity, AsyncExitStack() as stack:
            moi = {
                "MOI_PORT": str(moi_port),
                "MOI_DATA_DIR": data,
                "MOI_DEVELOPMENT": "false",
                "MOI_APP_ID": APP_ID,
                "MOI_APP_PASSWORD": PASSWORD,
                "MOI_TENANT_ID": TENANT,
                "MOI_SECRET": SECRET,
                "MOI_AUTHORITY": identity.authority,
                "MOI_METADATA_URL": identity.metadata_url,
                "MOI_CHANNEL_SERVICE_URL": f"{page}/_connector",
                "MOI_CHANNEL_CONVERSATION": CHANNEL,
                "MOI_ROLE_MEMBERS": json.dumps({"inkoop": [INKOOP["aadObjectId"]]}),
                # Whoever tries a campaign does so when it suits them.
                "MOI_CAMPAIGN_FIRST_HOUR": "0",
                "MOI_CAMPAIGN_LAST_HOUR": "24",
                "MOI_CAMPAIGN_DAYS": "7",
            }
            emulated = {
                "M365_AGENTS_PLAYGROUND_CONFIG_PATH": str(HERE / "people.yml"),
                "BROWSER": "none",
            }
            address = f"http://127.0.0.1:{moi_port}"
            # First Moi, because the emulator tells at once that it was added.
            await stack.enter_async_context(
                running(sys.executable, "app.py", env=moi, at=f"{address}/healthz")
            )
            door = await stack.enter_async_context(
                open_signing_door(identity, f"{address}/api/messages", INKOOP)
            )
            options = ("-e", door, "-c", "msteams", "-p", str(port), "--dt", "true")
            await stack.enter_async_context(
                running(node(), emulator(), "start", *options, env=emulated, at=page)
            )
            yield page


async def _until_open(address: str, process: asyncio.subprocess.Process) -> None:
    async with ClientSession() as session, asyncio.timeout(PATIENCE):
        while process.returncode is None:
            with suppress(ClientError):
                async with session.get(address):
                    return
            await asyncio.sleep(0.2)
        raise RuntimeError(f"what should answer at {address} stopped with exit code {process.returncode}")


async def main() -> None:
    """Start everything and keep it until Ctrl-C, or until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m tests.playground", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=56150, help="port of the emulator")
    parser.add_argument("--moi-port", type=int, default=3979, help="port of Moi")
    said = parser.parse_args()
    stop = asyncio.Event()
    for told in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(told, stop.set)
    async with open_playground(port=said.port, moi_port=said.moi_port) as page:
        print(f"Open {page}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
