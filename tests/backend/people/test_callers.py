from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.people import audit
from backend.people.callers import (
    CONFIDENTIAL,
    PERSONAL,
    confidential_among,
    hush,
    keep_confidential,
    shown,
)
from tests.backend.people.office import Office

NUMBER = "13812345678"


def test_numbers_are_masked_in_fields_and_inside_sentences() -> None:
    facts = {"contact": NUMBER, "caller_name": "王小明", "words": f"打{NUMBER}找我", "tier": "24h"}

    assert shown(facts, confidential=False) == {
        "contact": "138****5678",
        "caller_name": "王*",
        "words": "打138****5678找我",
        "tier": "24h",
    }


def test_of_a_confidential_caller_nothing_personal_stays_however_deep() -> None:
    facts = {
        "contact": NUMBER,
        "fields": {"caller": NUMBER, "caller_name": "王小明", "place": "裕华路"},
        "events": [{"data": {"contact": [NUMBER, "138****5678"]}}],
        "caller_masked": "138****5678",
    }

    assert shown(facts, confidential=True) == {
        "contact": CONFIDENTIAL,
        "fields": {"caller": CONFIDENTIAL, "caller_name": CONFIDENTIAL, "place": "裕华路"},
        "events": [{"data": {"contact": [CONFIDENTIAL, CONFIDENTIAL]}}],
        "caller_masked": CONFIDENTIAL,
    }


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("打13812345678找我", "打138****5678找我"),
        ("打一三八一二三四五六七八找我", "打****找我"),
        ("幺三八零零洞零零零零零", "****"),
        ("座机0312-5901234", "座机****1234"),
        ("座机03125901234转2", "座机****1234转2"),
        ("七一路三二一号停了三四天", "七一路三二一号停了三四天"),
        ("工单2611230042", "工单2611230042"),
    ],
)
def test_numbers_are_hidden_in_words_however_they_are_said(words: str, left: str) -> None:
    assert hush(words) == left


mobile = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | mobile | st.sampled_from(["裕华路", "停暖三天"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*sorted(PERSONAL), "data", "words"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(
    facts=st.dictionaries(st.sampled_from([*sorted(PERSONAL), "fields", "words"]), values),
    confidential=st.booleans(),
)
def test_no_whole_number_leaves_whatever_the_shape(
    facts: dict[str, Any], confidential: bool
) -> None:
    said = repr(shown(facts, confidential=confidential))

    for number in numbers_in(facts):
        assert number not in said


def numbers_in(value: Any) -> set[str]:
    match value:
        case str() if value.isdigit():
            return {value}
        case dict():
            return set().union(*(numbers_in(inner) for inner in value.values()))
        case list():
            return set().union(*(numbers_in(inner) for inner in value))
        case _:
            return set()


async def test_asking_for_confidentiality_is_kept_and_recorded_once(office: Office) -> None:
    for _ in range(2):
        async with office.database.transaction() as session:
            await keep_confidential(session, "ticket:1", actor="service", now=office.now)

    async with office.database.transaction() as session:
        among = await confidential_among(session, ["ticket:1", "ticket:2"])
        head = await audit.hold(session)

    assert among == {"ticket:1"}
    assert head.count == 1
