"""Pages for citizens (Art. 13, 25, 37): progress, answering a callback, open figures.

They work on any telephone without JavaScript, set no cookie and load nothing from elsewhere.
"""
