"""The labelled sentences keep to the split, and nothing is on both sides."""

from rapidfuzz import fuzz, process

from backend.intake.bench import HELD_OUT
from backend.intake.dataset import TRAIN, held_out, read
from backend.intake.fields import Kind
from backend.intake.gazetteer import load
from backend.intake.reading import masked
from backend.intake.urgency import usual

NEAR_COPY = 85
"""The likeness, out of 100, from which two sentences count as the same."""


def test_every_sentence_is_on_the_side_that_its_id_says() -> None:
    assert all(held_out(sentence.id) for sentence in read(HELD_OUT))
    assert not any(held_out(sentence.id) for sentence in read(TRAIN))


def test_both_sides_are_large_enough_and_every_category_is_well_represented() -> None:
    learned, measured = read(TRAIN), read(HELD_OUT)
    everything = (*learned, *measured)

    assert len(learned) >= 1000
    assert len(measured) >= 300
    for category in usual():
        assert sum(s.category == category for s in everything) >= 25, category
    assert sum(not s.acceptable for s in everything) >= 40


def test_labels_are_names_that_exist() -> None:
    districts = {"", *load().districts}

    for sentence in (*read(TRAIN), *read(HELD_OUT)):
        assert sentence.category in usual(), sentence.id
        assert sentence.kind in {kind.value for kind in Kind}, sentence.id
        assert sentence.district in districts, sentence.id


def test_all_twenty_districts_are_measured() -> None:
    neighbours = load().neighbours

    own = {s.district for s in read(HELD_OUT)} - neighbours - {""}

    assert own == set(load().districts) - neighbours
    assert len(own) == 20


def test_no_sentence_nor_a_near_copy_is_on_both_sides() -> None:
    learned = [masked(sentence.text) for sentence in read(TRAIN)]

    for sentence in read(HELD_OUT):
        best = process.extractOne(masked(sentence.text), learned, scorer=fuzz.ratio)
        assert best is not None
        assert best[1] < NEAR_COPY, (sentence.id, best)


def test_ids_are_given_once() -> None:
    ids = [sentence.id for sentence in (*read(TRAIN), *read(HELD_OUT))]

    assert len(ids) == len(set(ids))
