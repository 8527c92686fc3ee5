from pathlib import Path

from ivr_flows.emergency.learn import fit, save
from ivr_flows.emergency.learnt import Learnt, built_in, odds

SENTENCES = [
    ("人没动静了", "120"),
    ("人没动静手冰凉", "120"),
    ("暖气没动静手续不全", "none"),
    ("暖气不热没人管", "none"),
    ("路灯不亮没人管", "none"),
]


def test_the_same_sentences_give_the_same_weights(tmp_path: Path) -> None:
    one, other = tmp_path / "one.tsv", tmp_path / "other.tsv"

    save(one, *fit(SENTENCES))
    save(other, *fit(SENTENCES))

    assert one.read_bytes() == other.read_bytes()


def test_what_was_learnt_tells_danger_from_complaint() -> None:
    learnt = Learnt(*fit(SENTENCES))

    assert learnt.impression("人没动静了").danger > 0
    assert learnt.impression("人没动静了").service == "120"
    assert learnt.impression("暖气不热没人管").danger < 0


def test_odds_are_even_when_danger_and_none_weigh_the_same() -> None:
    assert odds([0.0, 0.0, -1000.0, -1000.0, -1000.0]) == 0.0


def test_the_committed_weights_can_be_read_and_know_nothing_of_unknown_signs() -> None:
    impression = built_in().impression("qqq")

    assert impression.danger < 0
