"""The operator's command: install, start, watch and try the hotline."""
