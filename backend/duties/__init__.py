"""The duty catalogue 派单目录 (Art. 17): whose matter it is, by entry, version and legal basis.

catalogue (versions, entries) -> matching (proposal and runner-up) -> disputes (where it is unclear)
"""
