"""A small OpenID Connect provider over real HTTP, with real keys; a test spoils what it says."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.serving import Answering, served

CLIENT, SECRET = "hotline", "a secret: with 空格"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    """Who is signed in there, what was asked, and what is to be wrong."""

    issuer: str = ""
    person: str = "nobody"
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """Code -> what the browser was sent with; a code is taken away when it is used."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Put over those of the token; None takes one away."""
    key: RSAKey = field(default_factory=lambda: KEY)
    calls_itself: str | None = None
    refused: list[str] = field(default_factory=list)

    def grant(self, query: dict[str, str]) -> str:
        """Sign the person in; return where the browser is sent back to."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(8)
        self.asked[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def exchange(self, known_as: str, sent: dict[str, str]) -> dict[str, Any] | None:
        """Give a token for a code, once and only to who asked for it."""
        asked = self.asked.pop(sent["code"], None)
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        quoted = urlencode({"": CLIENT})[1:] + ":" + urlencode({"": SECRET})[1:].replace("+", "%20")
        right = known_as == "Basic " + base64.b64encode(quoted.encode()).decode()
        if not asked or not right or asked["code_challenge"] != proof:
            self.refused.append(sent["code"])
            return None
        assert asked["redirect_uri"] == sent["redirect_uri"]
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": "1", "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"], "preferred_username": self.person} | self.claims
        kept = {name: value for name, value in claims.items() if value is not None}
        return {"id_token": jwt.encode({"alg": "RS256", "kid": "one"}, kept, self.key)}


@contextmanager
def provider() -> Iterator[Provider]:
    """Serve on a free port until the end of the block."""
    kept = Provider()

    class Answer(Answering):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                query = {name: one[0] for name, one in parse_qs(parts.query).items()}
                self.send_response(303)
                self.send_header("Location", kept.grant(query))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif parts.path == "/keys":
                self._say(200, {"keys": [KEY.as_dict(private=False)]})
            else:
                at = kept.issuer
                said = {"issuer": kept.calls_itself or at, "jwks_uri": f"{at}/keys"}
                said |= {"authorization_endpoint": f"{at}/authorize"}
                self._say(200, said | {"token_endpoint": f"{at}/token"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: one[0] for name, one in parse_qs(body).items()}
            given = kept.exchange(self.headers["Authorization"], sent)
            self._say(200 if given else 400, given or {"error": "invalid_grant"})

        def _say(self, status: int, said: dict[str, Any]) -> None:
            content = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with served(Answer) as address:
        kept.issuer = address
        yield kept
