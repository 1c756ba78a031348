"""Who somebody is to Moi, from what the provider says: the same person as in Teams, in the roles that were configured."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from bot.oidc import SignInError
from bot.people import BY_CONFIGURATION, Person
from cards.marks import legible

if TYPE_CHECKING:
    from bot.settings import Settings

LONGEST_NAME = 100
LONGEST_SUBJECT = 255  # OpenID Connect Core, section 2.
LONGEST_ACCOUNT = 254  # characters, as an address (RFC 5321)
ACCOUNTS = ("preferred_username", "upn", "email")
"""The claims with an address or an account name."""

log = structlog.stdlib.get_logger("moi")


class Stranger(SignInError):  # noqa: N818  somebody of another organisation
    """The account is good, but not of this organisation."""


class Identity:
    """Reads claims as one organisation configured them."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer
        self._tenant = settings.tenant_id
        self._claim = settings.roles_claim
        self._team = settings.team_claim
        self._domain = settings.domain_claim
        # Without a mapping the provider uses the names of Moi, as roles of an app in Entra can.
        self._roles = settings.roles or {role: (role,) for role in BY_CONFIGURATION}

    def person(self, claims: Mapping[str, Any]) -> Person:
        """The colleague these claims are about; raises `Stranger` for another tenant, `SignInError` for nobody."""
        roles = frozenset({"buyer"}) | self._granted(claims)
        return Person(self._id(claims), _name(claims), roles, _words(claims, self._team) or None)

    def domain(self, claims: Mapping[str, Any]) -> str | None:
        """The domein that these claims name; None when they name none."""
        return _words(claims, self._domain) or None

    def accounts(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """The addresses and account names in these claims, in small letters; no address that was not verified."""
        unsure = claims.get("email_verified") is False
        said = (
            _words(claims, name, LONGEST_ACCOUNT) for name in ACCOUNTS if not (unsure and name == "email")
        )
        return tuple(dict.fromkeys(account.casefold() for account in said if account))

    def _id(self, claims: Mapping[str, Any]) -> str:
        tenant = claims.get("tid")
        if tenant is not None and tenant != self._tenant:
            raise Stranger("other tenant")
        if tenant is not None and "oid" in claims:
            # Teams knows the same colleague by this id, so that a talk goes on there.
            try:
                return f"aad:{UUID(claims['oid'])}"
            except (ValueError, TypeError, AttributeError) as error:
                raise SignInError("object id") from error
        subject = claims["sub"]
        if (
            not isinstance(subject, str)
            or not 0 < len(subject) <= LONGEST_SUBJECT
            or legible(subject) != subject
        ):
            raise SignInError("subject")
        # Another provider may use the same name for somebody else.
        return f"oidc:{hashlib.sha256(self._issuer.encode()).hexdigest()[:8]}:{subject}"

    def _granted(self, claims: Mapping[str, Any]) -> frozenset[str]:
        said = _at(claims, self._claim)
        if said is None and self._claim == "groups" and overage(claims):
            log.warning(
                "roles unknown: Entra left the groups out because there are too many; give the app roles, or only the "
                "groups that are assigned to it",
                claim=self._claim,
            )
        names = (
            {said} if isinstance(said, str) else set(filter(_is_text, said if isinstance(said, list) else ()))
        )
        return frozenset(role for role, wanted in self._roles.items() if names & set(wanted))


def overage(claims: Mapping[str, Any]) -> bool:
    """Whether Entra says that the person is in more groups than fit in a token, and therefore names none."""
    elsewhere = claims.get("_claim_names")
    return bool(claims.get("hasgroups")) or (isinstance(elsewhere, dict) and "groups" in elsewhere)


def _at(claims: Mapping[str, Any], name: str) -> Any:
    """The claim with this name; with points in it it may also be one within another, as Keycloak has them."""
    if name in claims:
        return claims[name]
    found: Any = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _name(claims: Mapping[str, Any]) -> str:
    said = claims.get("name")
    return legible(said)[:LONGEST_NAME] if isinstance(said, str) else ""


def _words(claims: Mapping[str, Any], name: str, longest: int = LONGEST_NAME) -> str:
    """What a claim with this name says, if it is one line of text; empty without such a claim."""
    said = _at(claims, name) if name else None
    return " ".join(legible(said).split())[:longest] if isinstance(said, str) else ""
