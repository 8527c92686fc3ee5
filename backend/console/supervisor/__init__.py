"""The supervisor's desk 督办台: now, what waits for a decision, what is late, figures, flows."""
