"""Hears and speaks for the hotline: AudioSocket server, recognisers, voices."""
