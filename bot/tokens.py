"""Signed tokens: who somebody is on the web, and what for, so that no request has to be believed on its word."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import jwt

from bot.people import ROLES, Person
from bot.sessions import LONGEST_SECONDS

ISSUER = "moi"
ALGORITHM = "HS256"
Use = Literal["directline", "stream"]


class TokenError(Exception):
    """This token proves nothing."""


class TokenExpired(TokenError):  # noqa: N818  it is no mistake of anybody
    """This token was good once."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token proves: who it is, the conversation it opens or belongs to (empty: none), and since when they are
    signed in (seconds since 1970; 0: they did not need to)."""

    person: Person
    conversation: str = ""
    began: float = 0.0


class Tokens:
    """Issues and reads tokens that only holders of the secret can make; a token for one use is no good for another."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, claim: Claim, use: Use, seconds: int) -> str:
        """A token that proves this for so many seconds, and no longer than the session lasts that it comes from."""
        person, now = claim.person, int(time.time())
        if claim.began:
            seconds = min(seconds, int(claim.began) + LONGEST_SECONDS - now)
        said = {
            "iss": ISSUER,
            "aud": use,
            "iat": now,
            "exp": now + seconds,
            "sub": person.id,
            "name": person.name,
            "roles": sorted(person.roles),
            "team": person.team,
            "conversation": claim.conversation,
            "began": claim.began,
        }
        return jwt.encode(said, self._secret, ALGORITHM)

    def read(self, token: str, use: Use) -> Claim:
        """What the token proves; raises `TokenExpired`, or `TokenError` for anything else that is wrong with it."""
        try:
            said = jwt.decode(
                token,
                self._secret,
                [ALGORITHM],
                audience=use,
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise TokenExpired from error
        except jwt.PyJWTError as error:
            raise TokenError from error
        # A role that no longer exists gives no rights.
        person = Person(said["sub"], said["name"], frozenset(said["roles"]) & ROLES, said["team"])
        return Claim(person, said["conversation"], float(said.get("began", 0)))
