"""Alarms 警报: what somebody on duty must know now, rung until one of them has taken it.

Whoever causes one calls `service.raise_alarm` in the transaction of the cause.
"""
