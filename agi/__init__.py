"""The call scripts that Asterisk reaches over FastAGI."""
