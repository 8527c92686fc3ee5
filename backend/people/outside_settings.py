"""Signing in at another system 统一身份认证 (OpenID Connect): off unless its issuer is named."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from backend.settings import PREFIX

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def _address(url: str) -> str:
    parts = urlsplit(url)
    guarded = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    if not guarded or not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError("must be an address like https://login.example, by HTTPS")
    return url


class OutsideSettings(BaseSettings):
    """The other system, what it knows us as, and which of its claims is a login here."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore")

    oidc_issuer: Annotated[str, AfterValidator(_address)] | None = None
    """Exactly as it stands in its tokens."""
    oidc_client_id: Annotated[str, Field(validate_default=True)] = ""
    oidc_client_secret: Annotated[SecretStr, Field(validate_default=True)] = SecretStr("")
    oidc_claim: Annotated[str, Field(min_length=1)] = "preferred_username"
    """The claim that holds the login of a person whom an administrator has added."""
    oidc_scope: str = "openid profile"
    oidc_timeout_seconds: Annotated[float, Field(gt=0)] = 10.0
    oidc_begun_seconds: Annotated[float, Field(gt=0)] = 600.0
    """How long a person may take at the other system."""

    @field_validator("oidc_client_id", "oidc_client_secret")
    @classmethod
    def _named(cls, value: str | SecretStr, info: ValidationInfo) -> str | SecretStr:
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if info.data.get("oidc_issuer") and not plain:
            raise ValueError("is needed once HOTLINE_OIDC_ISSUER is set")
        return value
