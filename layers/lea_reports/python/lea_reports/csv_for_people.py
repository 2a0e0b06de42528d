"""CSV that people open in a spreadsheet: a cell that came from outside must not be run as a formula."""

# What a spreadsheet takes for the beginning of a formula, also in the wide forms of East Asian keyboards; the
# controls are skipped by some programs, which then look at what follows. Source: OWASP, "CSV Injection".
_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def safe_cell(text: str) -> str:
    """Return a cell that a spreadsheet shows as it is: an apostrophe stands before what would be a formula."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
