"""Zip archives made in pieces: fragments written apart, joined without being read, closed by one directory."""
