"""The agents' desk 话务席: who takes which draft, who is ready, whose telephone rings."""
