"""Reads a form into the same schemas that the API takes as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData

from backend.console.tokens import FIELD
from backend.deadlines import SHANGHAI

Sent = TypeVar("Sent", bound=BaseModel)


def form(kind: type[Sent]) -> Callable[[Request], Awaitable[Sent]]:
    """Make the dependency that reads a form as `kind`.

    Blank fields are left out, a field sent more than once is a list, `a.0.b` is nested, and a
    time without a zone (as browsers send it) is the city's.
    """

    async def read(request: Request) -> Sent:
        async with request.form() as sent:
            return parse(kind, sent)

    return read


def parse(kind: type[Sent], sent: FormData) -> Sent:
    """Return the fields of a form as `kind`; raises RequestValidationError naming the field."""
    return check(kind, shape(sent))


def shape(sent: FormData) -> dict[str, Any]:
    """Return the fields of a form, nested by the dots in their names, without the blank ones."""
    values: dict[str, Any] = {}
    for name in dict.fromkeys(sent.keys()):
        given = [one for one in sent.getlist(name) if isinstance(one, str) and one.strip()]
        if name == FIELD or not given:
            continue
        shaped = [_zoned(one) for one in given]
        _put(values, name.split("."), shaped if len(shaped) > 1 else shaped[0])
    return {name: _lists(one) for name, one in values.items()}


def check(kind: type[Sent], values: dict[str, Any]) -> Sent:
    """Return values as `kind`; raises RequestValidationError naming the field."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        faults = [{**one, "loc": ("body", *one["loc"])} for one in found]
        raise RequestValidationError(faults) from None


def _zoned(text: str) -> str:
    """Give the city's zone to what a `datetime-local` field sends."""
    if len(text) in (16, 19) and text[4:5] == "-" and text[10:11] == "T":
        try:
            return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).isoformat()
        except ValueError:
            return text
    return text


def _put(values: dict[str, Any], path: list[str], value: Any) -> None:
    *way, last = path
    for step in way:
        inner = values.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        values = inner
    values[last] = value


def _lists(value: Any) -> Any:
    """Turn {"0": a, "2": b} into [a, b]."""
    if not isinstance(value, dict):
        return value
    inner = {name: _lists(one) for name, one in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
