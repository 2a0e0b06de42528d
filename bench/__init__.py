"""Measurements against peers: the same students, one run, ratios instead of absolute times."""
