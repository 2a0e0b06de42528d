"""Setting text and marks on pages in any script, block by block, so that what was laid out once is used again."""
