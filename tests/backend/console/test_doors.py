"""The door of the pages: a form that was read is closed again, whatever became of it."""

import gc
from pathlib import Path

import pytest

from backend.people.roles import Role
from tests.backend.console.desk import Console

LARGE = b"x" * 2_000_000
"""More than is kept in memory: it goes to a file without a name."""


def open_temporary() -> list[str]:
    """Name the temporary files this process still holds open."""
    found = []
    for one in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(one.readlink()))
        except OSError:
            continue
    return [one for one in found if "(deleted)" in one]


@pytest.mark.parametrize("path", ["/console/supervisions", "/console/sign-in"])
async def test_a_file_sent_where_none_belongs_is_closed(console: Console, path: str) -> None:
    browser = await console.signed_in(Role.SUPERVISOR)
    before = open_temporary()
    gc.disable()
    try:
        answer = await browser.http.post(path, files={"file": ("one.bin", LARGE)})
        after = open_temporary()
    finally:
        gc.enable()

    assert answer.status_code == 403
    assert after == before
