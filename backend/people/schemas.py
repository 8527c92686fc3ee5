"""What is sent and shown of people, their sessions and other systems' tokens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from backend.people.models import ApiToken, Person, SignIn
from backend.people.rights import TOKEN_RIGHTS, Right
from backend.people.roles import Role, clash
from backend.units.schemas import Id, Plain, Version

LONGEST_TOKEN_DAYS = 366


def _roles(roles: list[Role]) -> list[Role]:
    if reason := clash(roles):
        raise ValueError(f"do not go together: {reason}")
    return sorted(set(roles))


def _scopes(scopes: list[Right]) -> list[Right]:
    if refused := sorted(set(scopes) - TOKEN_RIGHTS):
        given = ", ".join(sorted(TOKEN_RIGHTS))
        raise ValueError(f"{', '.join(refused)}: not for other systems; may be of {given}")
    return sorted(set(scopes))


def _encodable(password: str) -> str:
    if not password.isascii() and password != password.encode("utf-8", "replace").decode():
        raise ValueError("holds half a character")
    return password


def _lower(login: str) -> str:
    return login.lower()


Login = Annotated[
    str,
    Field(min_length=2, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"),
    AfterValidator(_lower),
]
Roles = Annotated[list[Role], Field(min_length=1, max_length=7), AfterValidator(_roles)]
Scopes = Annotated[list[Right], Field(min_length=1, max_length=50), AfterValidator(_scopes)]
Password = Annotated[str, Field(max_length=1000), AfterValidator(_encodable)]


class SignInIn(BaseModel):
    """Login and password; `device` is shown in the list of one's sessions."""

    login: Annotated[str, Field(max_length=200)]
    password: Password
    device: Annotated[str, Field(max_length=200)] | None = None


class PersonIn(BaseModel):
    """A new person; without `password` one is invented and shown once."""

    login: Login
    name: Plain
    roles: Roles
    unit_id: Id | None = None
    password: Password | None = None


class PersonChange(BaseModel):
    """What changes of a person read at `version`; what is left out stays."""

    version: Version
    name: Plain | None = None
    roles: Roles | None = None
    unit_id: Id | None = None
    active: bool | None = None

    def changes(self) -> dict[str, Any]:
        """Return the fields that were given; only `unit_id` can be taken away with null."""
        given = self.model_dump(exclude_unset=True, exclude={"version"})
        return {
            name: value for name, value in given.items() if value is not None or name == "unit_id"
        }


class PasswordChange(BaseModel):
    """The password of now, and the one wanted."""

    old: Password
    new: Password


class TokenIn(BaseModel):
    """Access for another system, ending after `days`; `unit_id` limits it to a branch."""

    name: Plain
    scopes: Scopes
    days: Annotated[int, Field(ge=1, le=LONGEST_TOKEN_DAYS)]
    unit_id: Id | None = None


class PersonView(BaseModel):
    """One person."""

    id: int
    login: str
    name: str
    roles: list[Role]
    unit_id: int | None
    active: bool
    must_change: bool
    version: int
    updated_at: dt.datetime


class PersonPage(BaseModel):
    """Some people in the order they were added; `next_cursor` asks for the ones after them."""

    items: list[PersonView]
    next_cursor: str | None


class NewPerson(BaseModel):
    """A person with the password that was invented for them; it is shown this once."""

    person: PersonView
    password: str | None


class Me(BaseModel):
    """Oneself, with all that one may do."""

    person: PersonView
    rights: list[Right]


class SessionView(BaseModel):
    """One session; `current` is the one that asks."""

    id: int
    began_at: dt.datetime
    seen_at: dt.datetime
    ends_at: dt.datetime
    address: str
    device: str
    current: bool


class SignedIn(BaseModel):
    """A session that has begun; the token is shown this once."""

    token: str
    ends_at: dt.datetime
    idle_seconds: float
    must_change: bool


class Ended(BaseModel):
    """How many sessions were ended."""

    ended: int


class TokenView(BaseModel):
    """A token of another system, without its text."""

    id: int
    name: str
    scopes: list[Right]
    unit_id: int | None
    made_by: str
    made_at: dt.datetime
    ends_at: dt.datetime
    revoked_at: dt.datetime | None
    used_at: dt.datetime | None


class NewToken(BaseModel):
    """A token with its text, which is shown this once."""

    token: str
    about: TokenView


class RightView(BaseModel):
    """One right: its Chinese name, its articles, and who holds it."""

    right: Right
    chinese: str
    articles: list[int]
    roles: list[Role]
    for_systems: bool


def person_view(person: Person) -> PersonView:
    """Show a person."""
    names = PersonView.model_fields.keys()
    return PersonView.model_validate({name: getattr(person, name) for name in names})


def session_view(sign_in: SignIn, current: int | None) -> SessionView:
    """Show a session."""
    names: Collection[str] = SessionView.model_fields.keys() - {"current"}
    known = {name: getattr(sign_in, name) for name in names}
    return SessionView.model_validate({**known, "current": sign_in.id == current})


def token_view(token: ApiToken) -> TokenView:
    """Show a token."""
    names = TokenView.model_fields.keys()
    return TokenView.model_validate({name: getattr(token, name) for name in names})
