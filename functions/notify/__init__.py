"""Tells requesters by e-mail how their jobs ended, with the link to what is ready."""
