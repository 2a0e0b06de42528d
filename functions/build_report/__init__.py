"""The build worker: plans jobs, renders their SSRs, finishes their files, and sets stuck jobs going."""
