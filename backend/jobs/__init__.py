"""Work to be done later, kept as rows that one worker at a time leases."""
