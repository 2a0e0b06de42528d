"""What is published: feeds are taken in, become datasets, and are read by key.

`feeds` has a file for each feed, with its columns and rules; `ingest` takes one in; `reader` reads what is published.
Publishing is atomic: one pointer object names the current snapshot of every dataset and is switched by one conditional
write.
"""
