"""One stack per lifecycle: data outlives messages, messages outlive code."""
