"""The queue 排队: who waits for an agent, for how long, and who was not reached."""
