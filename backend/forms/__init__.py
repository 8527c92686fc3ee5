"""Other ways to answer a callback 回访 (Art. 25): a web link by SMS, and an agent's form."""
