"""Calls, tickets and everything that happens to them afterwards."""
