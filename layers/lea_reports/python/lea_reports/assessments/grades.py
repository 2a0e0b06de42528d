"""Grades, as two-character codes."""

GRADES: tuple[str, ...] = ("KN", *(f"{grade:02d}" for grade in range(1, 13)))
"""Every grade that a student can be enrolled in, lowest first. Source: docs/domain.md#grades."""

_ORDER = {grade: position for position, grade in enumerate(GRADES)}


def grade_order(grade: str) -> int:
    """Return the position of a grade from kindergarten up, for sorting. Raises `KeyError` for no grade."""
    return _ORDER[grade]
