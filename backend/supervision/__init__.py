"""Supervision 督办 (Art. 24): what is late or stuck is found, told, pressed for and released.

reminders (nearly due, overdue, unsigned, undecided) and cases (the six of Art. 24), found by
`rounds` in the worker; people open, answer, raise and release.
"""
