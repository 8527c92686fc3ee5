"""Headers of every answer: what a browser may load, and that it believes no guess of its own."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONSOLE = "/console"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PAGES = {
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=()",
    "Cache-Control": "no-store",
    "X-Frame-Options": "SAMEORIGIN",
}
_DATA = "default-src 'none'; frame-ancestors 'none'"


def policy(telephone: str | None) -> str:
    """Return the policy of a page; `telephone` is the address of its WebSocket, if it has one."""
    reaches = f"'self' {telephone}" if telephone else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "media-src 'self' blob:",
            f"connect-src {reaches}",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-src 'self'",
            "frame-ancestors 'self'",
        )
    )


class Headers:
    """Adds the headers; an answer that has set one of them keeps its own."""

    def __init__(self, app: ASGIApp, telephone: str | None, secure: bool) -> None:
        self.app = app
        self.page_policy = policy(telephone)
        self.always = dict(_EVERYWHERE)
        if secure:
            self.always["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = self._of(scope["path"])

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, sent)

    def _of(self, path: str) -> dict[str, str]:
        if path == CONSOLE or path.startswith(f"{CONSOLE}/"):
            return self.always | _PAGES | {"Content-Security-Policy": self.page_policy}
        if path.startswith("/api/"):
            return self.always | {"Content-Security-Policy": _DATA}
        return self.always
