import pytest

from ivr_flows.emergency.sound import fold, readings, spoken, syllables


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhao", "zao"),
        ("chen", "cen"),
        ("shi", "si"),
        ("lan", "nan"),
        ("ren", "len"),
        ("fei", "hui"),
        ("fu", "hu"),
        ("fang", "huan"),
        ("xing", "xin"),
        ("deng", "den"),
    ],
)
def test_usual_confusions_sound_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("huo", "hu"), ("dao", "tao"), ("ba", "pa")])
def test_other_syllables_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_all_readings_of_a_character_are_known_and_other_signs_read_as_themselves() -> None:
    assert ("zhao", "zao") in readings("着")
    assert readings("불") == (("불", "불"),)


def test_a_phrase_is_read_as_one() -> None:
    assert [plain for plain, _ in syllables("着火了")] == ["zhao", "huo", "le"]


@pytest.mark.parametrize(("said", "heard"), [("着火", "找火"), ("点着了", "点找了")])
def test_what_burns_sounds_as_it_is_misheard(said: str, heard: str) -> None:
    assert spoken(said) == spoken(heard)
    assert spoken("看着我")[1] == "ze"
