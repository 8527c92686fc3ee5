"""Tolerance 容错纠错 (Art. 41): a ticket is left out of the assessment, visibly, for a reason."""
