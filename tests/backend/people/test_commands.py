import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.people.commands import app
from tests.backend.people.office import open_office
from tests.grounds import Ground

GOOD = "a fine long password"


@pytest.fixture
def url(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> str:
    made = ground()
    monkeypatch.setenv("HOTLINE_DATABASE_URL", made)
    for name, value in (("TIME_COST", "1"), ("MEMORY_KIB", "8"), ("PARALLELISM", "1")):
        monkeypatch.setenv(f"HOTLINE_HASH_{name}", value)
    return made


def people(*words: str, said: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words), input=said)
    return done.exit_code, done.output


def test_the_first_administrator_is_made_with_a_password_from_standard_input(url: str) -> None:
    code, said = people(
        *("add", "--login", "Boss", "--role", "administrator", "--password-stdin"), said=f"{GOOD}\n"
    )

    assert (code, said) == (0, "added boss as administrator (person 1)\n")
    assert people("list") == (0, "1\tboss\tadministrator\tactive\n")


async def test_an_invented_password_is_printed_once_and_opens_the_door(url: str) -> None:
    async with open_office(url) as office:
        words = ("add", "--login", "boss", "--role", "administrator")
        code, said = await asyncio.to_thread(people, *words)
        password = said.split("shown this once: ")[1].strip()
        answer = await office.try_sign_in("boss", password)

    assert code == 0
    assert answer.status_code == 201
    assert answer.json()["must_change"]


def test_a_person_is_given_a_password_unlocked_and_deactivated(url: str) -> None:
    for login in ("boss", "second"):
        people("add", "--login", login, "--role", "administrator")

    assert people("password", "--login", "boss")[0] == 0
    assert people("unlock", "--login", "boss") == (0, "boss may sign in again\n")
    assert people("deactivate", "--login", "boss") == (0, "boss is inactive\n")
    code, said = people("deactivate", "--login", "second")
    assert code == 2
    assert "last active administrator" in said


@pytest.mark.parametrize(
    ("words", "typed", "names"),
    [
        (["add", "--login", "x", "--role", "agent"], None, "login"),
        (["add", "--login", "ann", "--role", "king"], None, "role"),
        (["add", "--login", "ann", "--role", "unit_lead"], None, "unit_id"),
        (["add", "--login", "ann", "--role", "agent", "--unit", "9"], None, "unit 9"),
        (["add", "--login", "ann", "--role", "agent", "--password-stdin"], "", "password"),
        (["add", "--login", "ann", "--role", "agent", "--password-stdin"], "short\n", "password"),
        (["unlock", "--login", "nobody"], None, "nobody"),
    ],
)
def test_a_wrong_command_says_what_is_wrong_and_changes_nothing(
    url: str, words: list[str], typed: str | None, names: str
) -> None:
    code, said = people(*words, said=typed)

    assert code == 2
    assert names in said
    assert "Traceback" not in said
    assert people("list") == (0, "")


def test_a_database_that_was_never_migrated_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}")

    code, said = people("list")

    assert code == 2
    assert "HOTLINE_DATABASE_URL" in said
    assert said.count("\n") == 1
