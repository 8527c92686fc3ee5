"""The tables of people, of their sessions, and of other systems' tokens."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Double, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import AwareTime, Base
from backend.units.models import BigId, Json


class Person(Base):
    """Somebody who works with the hotline; `password_hash` is argon2id."""

    __tablename__ = "people"
    __table_args__ = (
        Index("ix_people_unit_id_id", "unit_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    password_hash: Mapped[str] = mapped_column(String(255))
    must_change: Mapped[bool] = mapped_column(default=False)
    """The password was given by somebody else: nothing is allowed before it is changed."""
    roles: Mapped[list[str]] = mapped_column(Json)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    updated_at: Mapped[dt.datetime] = mapped_column(AwareTime)


class SignIn(Base):
    """One session 登录会话; the token itself is known to its holder only."""

    __tablename__ = "sign_ins"
    __table_args__ = (Index("ix_sign_ins_person_id_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    began_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    seen_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    ends_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    ended_by: Mapped[str | None] = mapped_column(String(30))
    address: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(200))


class FailedSignIns(Base):
    """When sign-ins failed for one login, known or not, or one address; in epoch seconds."""

    __tablename__ = "failed_sign_ins"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[list[float]] = mapped_column(Json, default=list)
    locked_until: Mapped[float] = mapped_column(Double, default=0.0)
    touched_at: Mapped[float] = mapped_column(Double, index=True)


class OutsideSignIn(Base):
    """A sign-in that was begun and is being finished at another system; used once, then gone."""

    __tablename__ = "outside_sign_ins"

    state_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    browser_digest: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[dt.datetime] = mapped_column(AwareTime, index=True)


class ApiToken(Base):
    """Access of another system 系统接入 (Art. 32); the token is shown once and kept as a digest."""

    __tablename__ = "api_tokens"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(Json)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    ends_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)
    used_at: Mapped[dt.datetime | None] = mapped_column(AwareTime)


class ConfidentialCaller(Base):
    """A caller who asked that their data be kept back 保密诉求人 (Art. 13)."""

    __tablename__ = "confidential_callers"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    asked_at: Mapped[dt.datetime] = mapped_column(AwareTime)
    actor: Mapped[str] = mapped_column(String(100))
