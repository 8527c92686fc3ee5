"""Calls 来电: what the programs reported of each, in the order in which it happened."""
