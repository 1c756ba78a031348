"""What the Bot Framework says to a bot, and the settings with which Moi believes it."""

from __future__ import annotations

from typing import Any

from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity


def message(service_url: str, person: int, number: str, text: str) -> dict[str, Any]:
    """A message of one person in a chat of their own; `number` tells it from the other messages of that person."""
    return {
        "type": "message",
        "id": f"{person}-{number}",
        "timestamp": "2026-11-24T08:00:00.000Z",
        "serviceUrl": service_url,
        "channelId": "msteams",
        "from": {"id": f"29:{person}", "name": "Een collega", "aadObjectId": f"person-{person}"},
        "recipient": {"id": "28:moi", "name": "Moi"},
        "conversation": {"id": f"a:{person}", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "locale": "nl-NL",
        "text": text,
    }


def login(identity: FakeIdentity) -> dict[str, str]:
    """The settings of a Moi that trusts this identity, and is not in development."""
    return {
        "MOI_APP_ID": APP_ID,
        "MOI_APP_PASSWORD": PASSWORD,
        "MOI_TENANT_ID": TENANT,
        "MOI_AUTHORITY": identity.authority,
        "MOI_METADATA_URL": identity.metadata_url,
        "MOI_SECRET": "KvY2cXq8ZtR5wN1mJ7uLh4sPbG9dEa3f",
        "MOI_DEVELOPMENT": "false",
        "MOI_LOG_LEVEL": "ERROR",
    }
