"""Callback surveys 回访: what a try and a survey can end in, and when the next try is due."""
