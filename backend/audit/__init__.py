"""Histories that cannot be changed unseen (Art. 27)."""
