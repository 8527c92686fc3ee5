from backend.knowledge.search import pairs, score


def test_words_without_meaning_are_not_looked_for() -> None:
    assert pairs("请问暖气不热怎么办？") == ["暖气", "气不", "不热"]


def test_figures_and_latin_words_stay_whole() -> None:
    assert pairs("ETC 办理 12345") == ["etc", "办理", "12345"]


def test_a_single_character_is_looked_for_too() -> None:
    assert pairs("水") == ["水"]


def test_a_title_counts_for_more_than_a_text() -> None:
    wanted = pairs("暖气不热")

    assert score(wanted, "暖气不热怎么报修", "", "") > score(wanted, "报修", "", "暖气不热") > 0
    assert score(wanted, "公交线路", "", "") == 0
