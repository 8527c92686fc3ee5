"""Safety 应急: emergencies with their review, emergency lines and alarms."""
