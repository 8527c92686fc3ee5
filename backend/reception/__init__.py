"""Reception 受理: what a call reports comes in here, and leaves as a ticket (Art. 15)."""
