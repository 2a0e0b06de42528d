"""Archives of Student Score Reports: which SSRs a request means, how they are split, built, listed and joined."""
