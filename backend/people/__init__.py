"""Who works with the hotline, how they prove it, and what each may do (Art. 7, 13, 35)."""
