"""The agent's desk: drafts, the live call, the telephone in the page."""
