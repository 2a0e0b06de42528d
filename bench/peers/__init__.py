"""The same SSR made with other libraries, each in the way that its own documentation shows."""
