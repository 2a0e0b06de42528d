"""The catalog of LEA reports; one module per report family says what it is, for whom and from which rows."""
