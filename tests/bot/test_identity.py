"""Who somebody is and what they may do follows from claims as they were configured, and from nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.activities import Incoming
from bot.identity import Identity, Stranger, overage
from bot.oidc import SignInError
from bot.settings import Settings

TENANT = "99999999-8888-7777-6666-555555555555"
OID = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
ENTRA = {"sub": "pairwise", "oid": OID, "tid": TENANT, "name": "Een Collega"}
GROUP = "11111111-0000-4000-8000-000000000001"


def identity(**settings: Any) -> Identity:
    return Identity(Settings(oidc_issuer="https://login.example.nl", tenant_id=TENANT, **settings))


def test_same_id_as_in_teams() -> None:
    """Whoever signs in with Entra has the id that Teams gives them."""
    message = {
        "type": "message",
        "serviceUrl": "https://smba.example/",
        "channelId": "msteams",
        "conversation": {"id": "a:chat"},
        "from": {"id": "29:x", "name": "Een Collega", "aadObjectId": OID},
    }
    in_teams = Incoming.model_validate_json(json.dumps(message)).person()

    assert in_teams
    assert identity().person(ENTRA).id == in_teams.id


@pytest.mark.parametrize("tenant", ["another", "", 7, TENANT.upper() + "x"])
def test_other_tenant(tenant: object) -> None:
    """An account of another tenant is a stranger, whatever else it says."""
    with pytest.raises(Stranger):
        identity().person({**ENTRA, "tid": tenant, "roles": ["beheer"]})


def test_object_id_without_tenant() -> None:
    """Whoever says an object id but no tenant is not taken for a colleague in Teams."""
    claims = {name: value for name, value in ENTRA.items() if name != "tid"}

    assert identity().person(claims).id.startswith("oidc:")


@pytest.mark.parametrize("oid", ["x", "", None, 7, ["a"], f"{OID}'"])
def test_strange_object_id(oid: object) -> None:
    """An object id that is none is refused."""
    with pytest.raises(SignInError):
        identity().person({**ENTRA, "oid": oid})


@pytest.mark.parametrize("subject", ["", "x" * 256, 7, None, "a\u202eb"])
def test_strange_subject(subject: object) -> None:
    """A subject that is none is refused."""
    with pytest.raises(SignInError):
        identity().person({"sub": subject})


def test_another_provider_is_somebody_else() -> None:
    """The same name at another provider is another person."""
    other = Identity(Settings(oidc_issuer="https://elsewhere.example"))

    assert identity().person({"sub": "anna"}).id != other.person({"sub": "anna"}).id


@pytest.mark.parametrize(
    ("settings", "claims", "roles"),
    [
        ({}, {}, set()),
        ({}, {"roles": ["mvoi", "directeur", 7]}, {"mvoi"}),
        ({}, {"roles": "inkoop"}, {"inkoop"}),
        ({}, {"roles": {"inkoop": True}}, set()),
        ({}, {"groups": ["beheer"]}, set()),
        ({"roles": '{"mvoi": "x", "inkoop": ["y", "z"]}'}, {"roles": ["x", "z"]}, {"mvoi", "inkoop"}),
        ({"roles": '{"mvoi": "x"}'}, {"roles": ["mvoi", "beheer"]}, set()),
        ({"roles_claim": "groups", "roles": json.dumps({"beheer": GROUP})}, {"groups": [GROUP]}, {"beheer"}),
        ({"roles_claim": "realm_access.roles"}, {"realm_access": {"roles": ["facilitair"]}}, {"facilitair"}),
        ({"roles_claim": "https://example.nl/roles"}, {"https://example.nl/roles": ["mvoi"]}, {"mvoi"}),
    ],
    ids=lambda value: str(sorted(value) if isinstance(value, set) else value),
)
def test_roles(settings: dict[str, Any], claims: dict[str, Any], roles: set[str]) -> None:
    """Roles come from the configured claim by the configured mapping; everybody is a buyer."""
    assert identity(**settings).person(ENTRA | claims).roles == {"buyer"} | roles


@pytest.mark.parametrize("sign", [{"_claim_names": {"groups": "src1"}}, {"hasgroups": True}], ids=str)
def test_too_many_groups(sign: dict[str, Any]) -> None:
    """When Entra leaves the groups out one is a buyer, and the log tells beheer what to do, without a name."""
    with capture_logs() as said:
        person = identity(roles_claim="groups", roles={"mvoi": GROUP}).person(ENTRA | sign)
    words = json.dumps(said)

    assert overage(ENTRA | sign)
    assert person.roles == {"buyer"}
    assert "too many" in words
    assert "Collega" not in words


@pytest.mark.parametrize(("name", "shown"), [(None, ""), (7, ""), ("A\u202eB", "AB"), ("x" * 200, "x" * 100)])
def test_names(name: object, shown: str) -> None:
    """A name is shown as far as it can be read."""
    assert identity().person({**ENTRA, "name": name}).name == shown


@pytest.mark.parametrize(
    ("claims", "team", "domain"),
    [
        ({"department": "  Team  BOR ", "org": {"domein": "Fysiek"}}, "Team BOR", "Fysiek"),
        ({"department": "x" * 101, "org": "Fysiek"}, "x" * 100, None),
        ({"department": ["BOR"], "org": {"domein": 7}}, None, None),
        ({"department": " "}, None, None),
    ],
)
def test_where_they_work(claims: dict[str, Any], team: str | None, domain: str | None) -> None:
    """Team and domein are what the claims in the settings say, if that is a line of text; without settings nothing is kept."""
    said = identity(team_claim="department", domain_claim="org.domein")

    assert (said.person(ENTRA | claims).team, said.domain(claims)) == (team, domain)
    assert (identity().person(ENTRA | claims).team, identity().domain(claims)) == (None, None)


@pytest.mark.parametrize(
    ("claims", "accounts"),
    [
        (
            {"preferred_username": "Sam@Example.nl", "upn": "sam@example.nl", "email": "s@x.nl"},
            ["sam@example.nl", "s@x.nl"],
        ),
        ({"preferred_username": "sam", "email": "s@x.nl", "email_verified": True}, ["sam", "s@x.nl"]),
        ({"preferred_username": "sam", "email": "s@x.nl", "email_verified": False}, ["sam"]),
        ({"preferred_username": 7, "upn": ""}, []),
    ],
)
def test_accounts(claims: dict[str, Any], accounts: list[str]) -> None:
    """Under which addresses somebody is known is in small letters, once each; not an address that nobody verified."""
    assert list(identity().accounts(claims)) == accounts
