"""What can go wrong, in words the other side can act on; each error carries its status.

HotlineError
├── Unauthorised   401  no token, or a wrong one
├── Forbidden      403  known, but without the right
├── NotFound       404  no such call, ticket or page
├── Conflict       409  the thing is not in a state for this
├── TooLarge       413  more than we read
├── Invalid        422  a field is wrong
└── Away           503  a part we need is not there; try again
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from backend.logs import log


class Problem(BaseModel):
    """One wrong field of a request."""

    field: str
    problem: str
    remedy: str


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    error: str
    message: str
    field: str | None = None
    remedy: str
    problems: list[Problem] = []


class HotlineError(Exception):
    """Base of all errors that reach the other side; not raised itself."""

    status: ClassVar[HTTPStatus] = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: ClassVar[dict[str, str]] = {}

    def __init__(self, error: str, message: str, *, remedy: str, field: str | None = None) -> None:
        super().__init__(message)
        self.body = ErrorBody(error=error, message=message, field=field, remedy=remedy)


class Unauthorised(HotlineError):
    """The request carries no token that we know."""

    status = HTTPStatus.UNAUTHORIZED
    headers: ClassVar[dict[str, str]] = {"WWW-Authenticate": "Bearer"}


class Forbidden(HotlineError):
    """The one who asks is known and has not the right."""

    status = HTTPStatus.FORBIDDEN


class NotFound(HotlineError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class Conflict(HotlineError):
    """The thing exists and is not in a state for this."""

    status = HTTPStatus.CONFLICT


class TooLarge(HotlineError):
    """The body is larger than we read."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class Invalid(HotlineError):
    """A field has a value that cannot be meant."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class Away(HotlineError):
    """A part that is needed does not answer now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers: ClassVar[dict[str, str]] = {"Retry-After": "2"}


def document(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the error answers of an endpoint for its OpenAPI page."""
    always = (401, 413, 422, 503)
    return {status: {"model": ErrorBody} for status in sorted({*always, *statuses})}


def install(app: FastAPI) -> None:
    """Make every error of the application leave as an `ErrorBody`."""
    app.add_exception_handler(HotlineError, _hotline_error)
    app.add_exception_handler(RequestValidationError, _wrong_request)
    app.add_exception_handler(HTTPException, _plain_error)
    for kind in (OperationalError, InterfaceError, PoolTimeout, DBAPIError, OSError):
        app.add_exception_handler(kind, _database_error)


async def _hotline_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HotlineError)
    return _answer(error.status, error.body, error.headers)


async def _wrong_request(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = [_problem(item) for item in error.errors()] or [
        Problem(field="body", problem="could not be read", remedy="send JSON")
    ]
    first = problems[0]
    body = ErrorBody(
        error="invalid",
        message=f"{first.field}: {first.problem}",
        field=first.field,
        remedy=first.remedy,
        problems=problems,
    )
    return _answer(HTTPStatus.UNPROCESSABLE_ENTITY, body, {})


_UNREADABLE = {"loc": ("body",), "msg": "could not be read: it is not JSON in UTF-8"}


def _problem(item: dict[str, Any]) -> Problem:
    place = [str(part) for part in item.get("loc", ())]
    field = ".".join(place[1:] if len(place) > 1 else place) or "body"
    said = str(item.get("msg", "is wrong"))
    return Problem(
        field=printable(field),
        problem=printable(said),
        remedy=f"mend {printable(field)}: see /docs",
    )


async def _plain_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.BAD_REQUEST:
        return await _wrong_request(request, RequestValidationError([_UNREADABLE]))
    body = ErrorBody(
        error=status.phrase.lower().replace(" ", "_"),
        message=printable(str(error.detail)),
        remedy="the page /docs lists every address and method",
    )
    return _answer(status, body, dict(error.headers or {}))


async def _database_error(request: Request, error: Exception) -> JSONResponse:
    log.error(
        "the database did not do what was asked", error=type(error).__name__, path=request.url.path
    )
    body = ErrorBody(
        error="database_away",
        message="the database does not answer now; nothing was changed",
        remedy="try again in a moment; /health says which part is ill",
    )
    return _answer(HTTPStatus.SERVICE_UNAVAILABLE, body, Away.headers)


def _answer(status: HTTPStatus, body: ErrorBody, headers: dict[str, str]) -> JSONResponse:
    return JSONResponse(body.model_dump(mode="json"), status_code=int(status), headers=headers)


def printable(text: str) -> str:
    """Replace what neither a database nor JSON can carry: NUL and lone surrogates."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")[:2000]
