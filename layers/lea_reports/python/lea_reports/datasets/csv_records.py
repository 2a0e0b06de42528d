"""Cutting CSV into records, strictly by RFC 4180, so that one stray quote costs its own row only.

No value of a feed may hold a line break, so a sound record is one line. A line that is not sound, or the lines
of a value that is broken over several of them, is *torn*: it is left out whole, and reading goes on with the
line after it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

LONGEST_LINE = 1 << 20
"""The most bytes of a line; the longest row that is right has some 700."""
BLOCK = 8 << 20
"""Bytes that are cut at once: some ten thousand rows."""
_MOST_LINES = 100  # of one value; more are lines of their own
_MOST_BYTES = 64 << 10  # of one record that is broken over lines

STRAY_QUOTE = "quotes stand around a whole value, and are doubled inside it"
OPEN_QUOTE = "a value that begins with a quote ends with one"
LINE_BREAK = "a value without line breaks"
RETURN = "a line without carriage returns but at its end"
VALUES = "as many values as columns"

_VALUE = r'(?:[^",\r\n]*|"(?:[^"\r\n]|"")*")'
# The same for Python, which must not go back over what it has read.
_QUOTED = rb'"(?:[^"\r\n]|"")*+"'
_ONE = rb'(?:[^",\r\n]*+(?=,|\r?\Z)|' + _QUOTED + rb")"
_RECORD = re.compile(_ONE + rb"(?:," + _ONE + rb")*+")
_FIELD = re.compile(rb"(?:\A|,)(" + _ONE + rb")")
_INSIDE = rb'(?:[^"\r\n]|"")*+'
_OPENS = re.compile(rb"(?:" + _ONE + rb',)*+"' + _INSIDE + rb"\r?")
_STAYS_OPEN = re.compile(_INSIDE + rb"\r?")
_CLOSES = re.compile(_INSIDE + rb'"(?:,' + _ONE + rb")*+\r?")
_CLOSES_AND_OPENS = re.compile(_INSIDE + rb'"(?:,' + _ONE + rb')*+,"' + _INSIDE + rb"\r?")
_QUOTED_VALUE = re.compile(rb'"(?:[^"]|"")*+"')
_LONE_RETURN = re.compile(rb"\r(?!\Z)")


@dataclass(frozen=True, slots=True)
class Torn:
    """A record that cannot be cut into values: its first line, its text, and the rule it breaks."""

    line: int
    text: bytes
    rule: str
    rows: int = 1
    """How many rows it seems to be: more than one if they are joined by carriage returns."""


@dataclass(frozen=True, slots=True)
class Records:
    """Some sound records as text, the line of each, and the torn ones among them.

    `position` is how many bytes were read so far.
    """

    text: bytes
    lines: Sequence[int]
    torn: tuple[Torn, ...]
    position: int


class LineTooLong(Exception):
    """A line has more than `LONGEST_LINE` bytes."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line


def records(file: IO[bytes], columns: int, line: int) -> Iterator[Records]:
    """Cut the rest of a file, which begins with `line`, into records of so many columns.

    Every line comes out, in `text` or in `torn`. Raises `LineTooLong`.
    """
    form, left = _Form(columns), b""
    while whole := _lines(file, left):
        if not whole.endswith(b"\n"):
            raise LineTooLong(line + whole.count(b"\n"))
        is_last = len(whole) == len(left)
        part = _split(whole, form, line, file.tell(), is_last=is_last)
        line += part.taken
        left = part.left
        yield part.records


def _lines(file: IO[bytes], left: bytes) -> bytes:
    """Return `left` and some more whole lines; the last one has no end if it is too long."""
    block = file.read(BLOCK)
    if not block or block.endswith(b"\n"):
        return left + block if left else block
    end = file.readline(LONGEST_LINE)
    if not end.endswith(b"\n") and len(end) < LONGEST_LINE:
        end += b"\n"  # the file ends without one
    return b"".join((left, block, end))


def fields(record: bytes) -> list[bytes] | None:
    """Cut one line into its values; None if it is not sound."""
    record = record.removesuffix(b"\n").removesuffix(b"\r")
    if not _RECORD.fullmatch(record):
        return None
    found = _FIELD.findall(record)
    return [value[1:-1].replace(b'""', b'"') if value.startswith(b'"') else value for value in found]


class _Form:
    """What sound lines look like: blank, or so many values, each quoted as a whole or not at all."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        line = rf"(?:{_VALUE}(?:,{_VALUE}){{{columns - 1}}})?\r?"
        self._line, self._lines = rf"\A{line}\z", rf"\A(?:{line}\n)*\z"

    def all_are_sound(self, whole: bytes) -> bool:
        """Tell whether every line is sound."""
        # Told where it lies, Arrow does not copy it.
        ends = pa.array([0, len(whole)], pa.int32()).buffers()[1]
        text = pa.Array.from_buffers(pa.binary(), 1, [None, ends, pa.py_buffer(whole)])
        return bool(pc.match_substring_regex(text, self._lines)[0].as_py())

    def which_are_sound(self, lines: list[bytes]) -> list[bool]:
        """Tell of each line whether it is sound."""
        sound: list[bool] = pc.match_substring_regex(pa.array(lines, pa.binary()), self._line).to_pylist()
        return sound


@dataclass(frozen=True, slots=True)
class _Part:
    records: Records
    taken: int
    """Lines that are dealt with."""
    left: bytes
    """Lines at the end that are understood only with those after them."""


def _split(whole: bytes, form: _Form, line: int, position: int, *, is_last: bool) -> _Part:
    if form.all_are_sound(whole):
        count = whole.count(b"\n")
        return _Part(Records(whole, range(line, line + count), (), position), count, b"")
    lines = whole.split(b"\n")[:-1]
    sound = form.which_are_sound(lines)
    torn: list[Torn] = []
    end, after = len(lines), 0
    for first in [number for number, is_sound in enumerate(sound) if not is_sound]:
        if first < after:
            continue
        found = _torn(lines, sound, first, form.columns)
        if found is None and not is_last:
            end = first
            break
        after, rule = found or (first + 1, OPEN_QUOTE)
        sound[first:after] = [False] * (after - first)
        text = b"\n".join(lines[first:after])
        rows = _rows_joined(text, form.columns) if rule == RETURN else 1
        torn.append(Torn(line + first, text, rule, rows))
    kept = [number for number in range(end) if sound[number]]
    text = b"".join(lines[number] + b"\n" for number in kept)
    left = b"".join(each + b"\n" for each in lines[end:])
    return _Part(Records(text, [line + number for number in kept], tuple(torn), position), end, left)


def _torn(lines: list[bytes], sound: list[bool], first: int, columns: int) -> tuple[int, str] | None:
    """Return the line after a torn record and the rule it breaks; None if more lines are needed to tell.

    An open quote is taken for a value with line breaks only if everything after it is right as well, and if
    none of the lines it would swallow is a row itself; else the line with the quote is torn alone.
    """
    opening = lines[first]
    if not _OPENS.fullmatch(opening):
        return first + 1, _fault_of(opening)
    looks_like_row = opening.count(b",") >= columns - 1
    size = len(opening)
    for number in range(first + 1, first + _MOST_LINES):
        if number == len(lines):
            return None
        line = lines[number]
        size += len(line) + 1
        is_row = bool(line.strip()) and sound[number]
        if is_row or size > _MOST_BYTES or (looks_like_row and line.count(b",") >= columns - 1):
            break
        if _CLOSES.fullmatch(line):
            if _values(b"\n".join(lines[first : number + 1])) == columns:
                return number + 1, LINE_BREAK
            break
        if not (_STAYS_OPEN.fullmatch(line) or _CLOSES_AND_OPENS.fullmatch(line)):
            break
    return first + 1, OPEN_QUOTE


def _fault_of(line: bytes) -> str:
    if _LONE_RETURN.search(line):
        return RETURN
    return VALUES if _RECORD.fullmatch(line.removesuffix(b"\r")) else STRAY_QUOTE


def _rows_joined(line: bytes, columns: int) -> int:
    """Return how many rows a line with carriage returns seems to be."""
    return max(1, sum(part.count(b",") >= columns - 1 for part in line.split(b"\r")))


def _values(record: bytes) -> int:
    return _QUOTED_VALUE.sub(b"", record).count(b",") + 1
