"""Notices 告知: what a caller is told by SMS and another system by webhook, exactly as it happened.

moving.move -> a TELL job -> spreading (one notice for each caller and each webhook) -> a NOTIFY
job for each -> delivery by a gateway, again and again until it is taken.
"""
