"""Handing a finished report over: the link that works for 24 hours, and the e-mail that carries it."""
