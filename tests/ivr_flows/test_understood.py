"""What a citizen's words mean in the three questions of a survey; never more than they say."""

import pytest

from ivr_flows.loader import load_book
from ivr_flows.schema import Menu
from ivr_flows.walk import Heard, answer_of, conflict_of

STEPS = load_book().flows["survey"].steps


def means(step: str, words: str) -> str | None:
    return answer_of(STEPS[step], Heard(words))


@pytest.mark.parametrize(
    ("step", "words", "meaning"),
    [
        ("contact", "联系过了", "contacted"),
        ("contact", "打过电话，也来过", "contacted"),
        ("contact", "有", "contacted"),
        ("contact", "没有联系过", "not_contacted"),
        ("contact", "没人联系我", "not_contacted"),
        ("satisfaction", "不平假，不平假", "refused"),
        ("satisfaction", "不瞒意", "not_satisfied"),
        ("hello", "您不打得用户，", "machine"),
        ("contact", "根本没人来过。", "not_contacted"),
        ("contact", "一", "contacted"),
        ("contact", "二", "not_contacted"),
        ("solution", "解决了", "solved"),
        ("solution", "还没解决呢", "not_solved"),
        ("solution", "解决了一部分", "partly"),
        ("solution", "部分解决", "partly"),
        ("solution", "没有", "not_solved"),
        ("solution", "三", "not_solved"),
        ("satisfaction", "满意", "satisfied"),
        ("satisfaction", "非常满意，谢谢", "satisfied"),
        ("satisfaction", "还行吧", "basically"),
        ("satisfaction", "基本满意", "basically"),
        ("satisfaction", "不满意", "not_satisfied"),
        ("satisfaction", "不太满意", "not_satisfied"),
        ("satisfaction", "非常不满意！", "not_satisfied"),
    ],
)
def test_plain_words_have_their_meaning(step: str, words: str, meaning: str) -> None:
    assert means(step, words) == meaning


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("contact", "一直在等"),
        ("contact", "不知道算不算"),
        ("solution", "解决了，又没解决"),
        ("solution", "一般"),
        ("satisfaction", "一般"),
        ("satisfaction", "也满意也不满意"),
        ("satisfaction", "说不清"),
        ("satisfaction", ""),
    ],
)
def test_words_that_mean_nothing_or_two_things_are_no_answer(step: str, words: str) -> None:
    assert means(step, words) is None


@pytest.mark.parametrize("key", "123")
def test_a_key_and_the_words_of_another_answer_are_a_conflict(key: str) -> None:
    found = conflict_of(STEPS["satisfaction"], key, "满意")

    assert (found is None) is (key == "1")


def test_every_answer_of_a_question_has_a_key_and_words() -> None:
    for name in ("contact", "solution", "satisfaction"):
        step = STEPS[name]
        assert isinstance(step, Menu)
        keyed = {c.means for c in step.choices if c.press and c.means}
        assert keyed == {c.means for c in step.choices if c.press and c.means and c.hear}
        assert len(keyed) == (2 if name == "contact" else 3)
