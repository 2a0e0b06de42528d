"""The sentences of SSRs, in every language."""
