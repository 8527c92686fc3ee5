"""A ticket's way through the units: five routes, dispatch, return, extension, reply, redo.

endpoints -> the acts (routes, sending, returns, extensions, …) -> Act.move -> tickets.moving.move
"""
