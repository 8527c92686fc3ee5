"""The other side of an outside sign-in: OpenID Connect's code flow with PKCE, every answer checked.

OutsideFault        what was wrong, for the log
├── OutsideAway     the other system does not answer
└── OutsideRefused  it refused, or its answer proves nothing
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from backend.people.outside_settings import OutsideSettings

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Only signatures with a public key: `none` and shared secrets prove nothing."""
LEEWAY_SECONDS = 60
DISCOVERY = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OutsideFault(Exception):
    """Base of what can go wrong at the other system; not raised itself."""


class OutsideAway(OutsideFault):
    """The other system does not answer."""


class OutsideRefused(OutsideFault):
    """It refused, or its answer proves nothing."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What a sign-in that has begun must be finished with."""

    nonce: str
    verifier: str
    redirect: str
    next: str


class Provider:
    """The other system, by its settings."""

    def __init__(self, settings: OutsideSettings) -> None:
        self.settings = settings
        self.issuer = settings.oidc_issuer or ""

    async def address(self, begun: Begun, state: str) -> str:
        """Return where the browser is sent to sign in."""
        async with self._client() as client:
            found = await self._discover(client)
        digest = hashlib.sha256(begun.verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.settings.oidc_client_id,
            "redirect_uri": begun.redirect,
            "scope": self.settings.oidc_scope,
            "state": state,
            "nonce": begun.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        address = found["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"

    async def login(self, begun: Begun, code: str) -> str:
        """Exchange a code, check the identity token, and return the login that it vouches for."""
        settings = self.settings
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": begun.redirect,
            "code_verifier": begun.verifier,
        }
        secret = quote(settings.oidc_client_secret.get_secret_value(), safe="")
        known_as = httpx.BasicAuth(quote(settings.oidc_client_id, safe=""), secret)
        async with self._client() as client:
            found = await self._discover(client)
            granted = await _json(
                client.build_request("POST", found["token_endpoint"], data=sent), client, known_as
            )
            keys = await _json(client.build_request("GET", found["jwks_uri"]), client)
        claims = self._proved(granted.get("id_token"), keys, begun.nonce)
        login = claims.get(settings.oidc_claim)
        if not isinstance(login, str) or not login:
            raise OutsideRefused(f"the token has no claim {settings.oidc_claim}")
        return login.lower()

    def _proved(self, token: object, keys: dict[str, Any], nonce: str) -> dict[str, Any]:
        if not isinstance(token, str):
            raise OutsideRefused("the answer has no id_token")
        checks = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.settings.oidc_client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), list(SIGNED_BY)).claims  # type: ignore[arg-type]
            checks.validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise OutsideRefused(f"the token proves nothing: {error}") from error
        other = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if (other or "azp" in claims) and claims.get("azp") != self.settings.oidc_client_id:
            raise OutsideRefused("the token was given to another client")
        return dict(claims)

    async def _discover(self, client: httpx.AsyncClient) -> dict[str, Any]:
        asked = client.build_request("GET", self.issuer.rstrip("/") + DISCOVERY)
        found = await _json(asked, client)
        if found.get("issuer") != self.issuer:
            raise OutsideRefused("the system calls itself otherwise than HOTLINE_OIDC_ISSUER")
        if not all(isinstance(found.get(name), str) for name in ENDPOINTS):
            raise OutsideRefused(f"its description lacks one of {', '.join(ENDPOINTS)}")
        return found

    def _client(self) -> httpx.AsyncClient:
        wait = self.settings.oidc_timeout_seconds
        return httpx.AsyncClient(timeout=wait, follow_redirects=False)


async def _json(
    asked: httpx.Request, client: httpx.AsyncClient, known_as: httpx.BasicAuth | None = None
) -> dict[str, Any]:
    try:
        answer = await client.send(asked, auth=known_as)
        body = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise OutsideAway(f"{asked.url.path}: {type(error).__name__}") from error
    if answer.is_server_error:
        raise OutsideAway(f"{asked.url.path} answered {answer.status_code}")
    if not answer.is_success or not isinstance(body, dict):
        raise OutsideRefused(f"{asked.url.path} answered {answer.status_code}")
    return body
