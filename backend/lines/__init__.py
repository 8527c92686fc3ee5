"""Lines 线路: callers in danger called back, services joined to a talk, routes checked."""
