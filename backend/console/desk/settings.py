"""Where the browser's telephone finds Asterisk."""

from __future__ import annotations

from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX


class TelephoneSettings(BaseSettings):
    """Read from variables that begin with ``HOTLINE_``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    sip_host: str = "127.0.0.1"
    sip_port: int = 5060
    wss_port: int | None = None
    telephone_url: str | None = None
    """The address as browsers see it, where a proxy stands before Asterisk's own port."""

    @property
    def url(self) -> str:
        """Return the address of the WebSocket."""
        port = self.wss_port or self.sip_port + 2
        return self.telephone_url or f"wss://{self.sip_host}:{port}/ws"
