import pytest
from cryptography.fernet import Fernet, InvalidToken

from backend.logs import mask_in
from backend.privacy import Seal, mask, plain_number

KEY = Fernet.generate_key().decode()


@pytest.mark.parametrize(
    "written", ["13812345678", "+86 138 1234 5678", "008613812345678", "013812345678"]
)
def test_one_number_is_found_however_it_is_written(written: str) -> None:
    assert plain_number(written) == "13812345678"


def test_a_sealed_value_opens_only_with_its_own_key() -> None:
    sealed = Seal(KEY).close({"caller": "13812345678"})

    assert Seal(KEY).open(sealed) == {"caller": "13812345678"}
    with pytest.raises(InvalidToken):
        Seal(Fernet.generate_key().decode()).open(sealed)


def test_a_code_is_bound_to_its_ticket() -> None:
    seal = Seal(KEY)
    digest = seal.digest_of_code("2611230001", "0042")

    assert seal.code_is("2611230001", "0042", digest)
    assert not seal.code_is("2611230002", "0042", digest)


@pytest.mark.parametrize(
    ("number", "shown"), [("13812345678", "138****5678"), ("110", "****10"), ("", None)]
)
def test_numbers_are_shown_masked(number: str, shown: str | None) -> None:
    assert mask(number) == shown


def test_numbers_within_a_text_are_masked() -> None:
    assert mask_in("电话13812345678。") == "电话138****5678。"


def test_every_way_of_giving_a_number_is_hidden_in_words() -> None:
    said = "打我手机一三八一二三四五六七八，或者0312-5901234，13812345678也行，七一路不要藏"

    hidden = mask_in(said)

    assert hidden == "打我手机****，或者****1234，138****5678也行，七一路不要藏"
