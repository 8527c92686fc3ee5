"""The sound files of a call, and taking in those whose call was never closed."""
