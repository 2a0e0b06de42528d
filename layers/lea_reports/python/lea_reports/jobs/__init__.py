"""A report being made: the job, its chunks, and the steps from the request to the notice."""
