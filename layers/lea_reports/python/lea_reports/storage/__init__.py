"""Objects by key: one port, and one translation of what S3 answers into the errors of `lea_reports.errors`."""
