"""What an SSR says: one student's results, read from the rows of datasets."""
