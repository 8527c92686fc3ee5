import re
from itertools import combinations
from pathlib import Path

import pytest

from backend.people.rights import SERVICE_RIGHTS, TABLE, TOKEN_RIGHTS, Right, rights_of
from backend.people.roles import HOTLINE_ROLES, UNIT_ROLES, Role, clash

HOLDERS = """
own_account         AGENT DISPATCHER SUPERVISOR UNIT_HANDLER UNIT_LEAD AUDITOR ADMINISTRATOR
dispatch            AGENT DISPATCHER SUPERVISOR
settle_disputes     DISPATCHER SUPERVISOR
sign                UNIT_HANDLER UNIT_LEAD
ask_return          UNIT_HANDLER UNIT_LEAD
decide_return       DISPATCHER SUPERVISOR
ask_extension       UNIT_HANDLER UNIT_LEAD
decide_extension    DISPATCHER SUPERVISOR
escalate            UNIT_LEAD
supervise           SUPERVISOR
look_at_numbers     AGENT DISPATCHER SUPERVISOR UNIT_HANDLER UNIT_LEAD
hear_recordings     AGENT DISPATCHER SUPERVISOR UNIT_LEAD
look_at_confidential SUPERVISOR
read_audit          AUDITOR
keep_people         ADMINISTRATOR
keep_units          ADMINISTRATOR
keep_tokens         ADMINISTRATOR
unlock_people       SUPERVISOR ADMINISTRATOR
carry_numbers
report_calls
"""
CITIZENS_DATA = frozenset(
    {Right.LOOK_AT_NUMBERS, Right.HEAR_RECORDINGS, Right.SEE_TICKETS, Right.SEE_CALLS}
)


@pytest.mark.parametrize("line", HOLDERS.strip().splitlines(), ids=lambda line: line.split()[0])
def test_who_holds_a_right(line: str) -> None:
    name, *holders = line.split()

    assert TABLE[Right(name)].roles == {Role[holder] for holder in holders}


def test_the_table_has_one_line_for_each_right_and_each_is_held_by_somebody() -> None:
    assert set(TABLE) == set(Right)
    assert [right for right, entry in TABLE.items() if not (entry.roles or entry.service)] == []


def test_each_right_names_articles_of_the_regulation_and_its_chinese_words() -> None:
    for right, entry in TABLE.items():
        assert entry.articles, right
        assert all(1 <= article <= 43 for article in entry.articles), right
        assert re.fullmatch(r"[\u4e00-\u9fff]+", entry.chinese), right


def test_nobody_both_asks_for_a_return_or_extension_and_decides_it() -> None:
    for asks, decides in (
        (Right.ASK_RETURN, Right.DECIDE_RETURN),
        (Right.ASK_EXTENSION, Right.DECIDE_EXTENSION),
    ):
        assert not TABLE[asks].roles & TABLE[decides].roles


def test_the_administrator_gives_rights_and_sees_no_citizens_data() -> None:
    assert not rights_of(Role.ADMINISTRATOR) & CITIZENS_DATA


def test_the_auditor_changes_nothing() -> None:
    reads = {"see", "read", "export", "own"}

    assert {right.split("_")[0] for right in rights_of(Role.AUDITOR)} <= reads


def test_other_systems_never_get_numbers_recordings_or_keys() -> None:
    kept_back = {right for right in Right if right.startswith(("look_", "hear_", "keep_", "carry"))}

    assert not TOKEN_RIGHTS & kept_back
    assert not SERVICE_RIGHTS & {right for right in Right if right.startswith("keep_")}


@pytest.mark.parametrize(
    "pair", list(combinations(Role, 2)), ids=lambda pair: f"{pair[0]} and {pair[1]}"
)
def test_which_two_roles_go_together(pair: tuple[Role, Role]) -> None:
    together = set(pair) <= HOTLINE_ROLES or set(pair) <= UNIT_ROLES

    assert (clash(pair) is None) == together


def test_no_rights_are_named_that_the_program_does_not_know() -> None:
    named = re.findall(r"Right\.([A-Z_]+)", Path("backend/people/rights.py").read_text("utf-8"))

    assert set(named) == {right.name for right in Right}
