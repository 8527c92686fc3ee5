"""Handling units 承办单位 (Art. 2), in a tree of city, counties, townships, departments."""
