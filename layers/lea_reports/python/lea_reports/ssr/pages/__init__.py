"""The pages of SSRs: what stands where, and how it looks."""
