"""The build worker: plans jobs, renders their SSRs, assembles their archives, and sets stuck jobs going."""
