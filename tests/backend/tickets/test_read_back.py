import pytest

from backend.tickets.read_back import Understood, read_back


def understood(*unsure: str, **parts: object) -> Understood:
    known: dict = {"kind": "求助", "category": "供热", "district": "莲池区", "place": "裕华路"}
    return Understood(**{"acceptable": True, **known, **parts}, unsure=frozenset(unsure))


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (understood(), "您反映的是莲池区裕华路的供热问题。"),
        (understood(kind="咨询", place=None), "您咨询的是莲池区的供热问题。"),
        (understood("place", "district"), "您反映的是供热问题。"),
        (understood("category"), "您反映的是莲池区裕华路的问题。"),
        (understood(place="莲池区裕华路"), "您反映的是莲池区裕华路的供热问题。"),
    ],
)
def test_what_is_sure_is_said(draft: Understood, sentence: str) -> None:
    assert read_back(draft) == sentence


def test_what_is_not_understood_is_owned_up_to() -> None:
    assert "完整记录" in read_back(understood("category", "district", "place"))


def test_a_matter_that_is_not_accepted_is_told_so() -> None:
    assert "受理范围" in read_back(understood(acceptable=False))


def test_an_emergency_is_told_as_one() -> None:
    assert "紧急热线" in read_back(understood(), emergency=True)
