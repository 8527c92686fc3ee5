"""Which counts of a public list are hidden so that no small one can be worked out (Art. 35, 37)."""

from collections.abc import Mapping

TOTAL = ""
"""The name of the total among the keys to hide."""


def hidden_in_list(
    counts: Mapping[str, int], smallest: int, published: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The keys to hide in a list that is shown with its total.

    Every count from 1 to below `smallest` is hidden. Because the total less what is shown gives
    what is hidden, this must be at least `smallest`, and so at least two counts: the next smallest
    counts go with them (complementary suppression), and the total itself when they do not suffice.
    `published` keys are known from elsewhere and stay as they are.
    """
    gone = {key for key, count in counts.items() if 0 < count < smallest and key not in published}
    if not gone:
        return frozenset()
    others = sorted(
        (count, key) for key, count in counts.items() if count >= smallest and key not in published
    )
    together = sum(counts[key] for key in gone)
    while together < smallest:
        if not others:
            return frozenset(gone | {TOTAL})
        count, key = others.pop(0)
        gone.add(key)
        together += count
    return frozenset(gone)
