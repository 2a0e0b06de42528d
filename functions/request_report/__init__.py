"""The HTTP API: what coordinators ask for, and how far it is."""
