"""The hotline's knowledge 热线知识库 (Art. 28): units write, somebody else approves, agents find.

endpoints -> service -> schemas -> models
"""
