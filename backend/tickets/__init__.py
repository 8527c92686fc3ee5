"""Tickets 诉求工单 (Art. 15): one for each call in which somebody asked for something."""
