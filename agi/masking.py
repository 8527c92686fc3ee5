"""Telephone numbers as they may stand in a log."""


def masked(number: str) -> str:
    """Hide the middle of a number: 138****0000."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}****{number[-4:]}"
