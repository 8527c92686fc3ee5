"""Passwords: which are taken, and argon2id hashes of them (Art. 35)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from functools import cache
from typing import Protocol, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.errors import Away, Invalid
from backend.people.settings import PeopleSettings

T = TypeVar("T")

SHORTEST, LONGEST = 12, 128
LEAST_DIFFERENT = 5


class Hasher(Protocol):
    """What we need of argon2's PasswordHasher."""

    def hash(self, password: str) -> str:
        """Return an encoded hash."""
        ...

    def verify(self, hash: str, password: str) -> bool:
        """Return True, or raise VerificationError or InvalidHashError."""
        ...

    def check_needs_rehash(self, hash: str) -> bool:
        """Tell whether a hash was made with other costs."""
        ...


@cache
def _argon2(time_cost: int, memory_kib: int, parallelism: int) -> tuple[PasswordHasher, str]:
    """Return a hasher, and the hash of a password that nobody knows."""
    made = PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)
    return made, made.hash(secrets.token_urlsafe())


class Passwords:
    """Hashes and checks passwords off the event loop, a few at a time."""

    def __init__(self, settings: PeopleSettings, hasher: Hasher | None = None) -> None:
        usual, self._nobodys = _argon2(
            settings.hash_time_cost, settings.hash_memory_kib, settings.hash_parallelism
        )
        self._hasher: Hasher = hasher or usual
        self._free = asyncio.Semaphore(settings.hashes_at_once)
        self._most_waiting = settings.hashes_waiting
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the encoded hash of a password."""
        return await self._off_the_loop(self._hasher.hash, password)

    async def right(self, stored: str | None, password: str) -> bool:
        """Check a password; with no stored hash the same work is done and the answer is no."""
        same = await self._off_the_loop(self._same, stored or self._nobodys, password)
        return same and stored is not None

    def outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _same(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _off_the_loop(self, work: Callable[..., T], *given: str) -> T:
        if self._waiting >= self._most_waiting:
            raise Away("busy", "too many sign-ins at once", remedy="try again in a few seconds")
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(work, *given)
        finally:
            self._waiting -= 1


def refuse_weak(password: str, login: str, field: str = "password") -> None:
    """Raise Invalid for a password that is easily guessed."""
    problem = None
    if not SHORTEST <= len(password) <= LONGEST:
        problem = f"has {len(password)} characters, not {SHORTEST} to {LONGEST}"
    elif len(set(password)) < LEAST_DIFFERENT:
        problem = "repeats a few characters"
    elif login.lower() in password.lower():
        problem = "contains the login"
    if problem:
        raise Invalid(
            "weak_password",
            f"{field}: {problem}",
            field=field,
            remedy=f"choose {SHORTEST} characters or more, {LEAST_DIFFERENT} of them different",
        )


def invent() -> str:
    """Return a new random password that can be read aloud: four groups of four."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))
