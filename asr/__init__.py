"""Hears callers and speaks to them: AudioSocket in, words out."""
