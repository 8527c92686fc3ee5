"""Risk warnings 风险预警 (Art. 31): signs of an emergency to come are told to the unit at once."""
