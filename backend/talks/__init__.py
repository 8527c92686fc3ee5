"""Talks 通话: what a citizen and an agent say to each other, written down while they speak."""
