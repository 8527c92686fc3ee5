"""Abuse of the hotline (Art. 14, 40): counted, warned, reviewed by a person.

There is no way in it to refuse a call: whoever was warned is heard like anybody, for their next
call may be an emergency.
"""
