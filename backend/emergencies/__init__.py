"""Emergencies 紧急转接 (Art. 16(5)) after the call: packet, tasks, and the supervisor's review."""
