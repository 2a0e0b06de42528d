"""The columns that a feed says it has, compared with those of its dataset."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from lea_reports.datasets.csv_records import LONGEST_LINE, fields
from lea_reports.datasets.dataset import Dataset
from lea_reports.datasets.feeds import FEEDS
from lea_reports.errors import Invalid

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_SHOWN, _LONGEST_SHOWN = 8, 40


def names_in(path: Path, dataset: Dataset, line: bytes) -> list[str]:
    """Return the names in the first line of a CSV file.

    Raises `Invalid` if that line cannot be cut into names.
    """
    if len(line) > LONGEST_LINE:
        raise Invalid(
            f"The first line of {path.name} has no end within {LONGEST_LINE:,} bytes; wanted is a line with "
            f"the names of the columns of {dataset.name}, and one line for each row."
        )
    if line.endswith(b"\r\r\n"):
        raise Invalid(f"The lines of {path.name} end with two carriage returns; wanted are line feeds.")
    if b"\r" in line.removesuffix(b"\n").removesuffix(b"\r"):
        raise Invalid(
            f"The lines of {path.name} end with carriage returns only, as on old Macs; wanted are line feeds."
        )
    text = line.decode(errors="replace").replace('"', "").lstrip("\ufeff")
    for delimiter, words in _DELIMITERS.items():
        if len({_plain(name) for name in text.split(delimiter)} & set(dataset.names)) > 1:
            raise Invalid(f"{path.name} has {words} between its values, where commas are wanted.")
    found = fields(line)
    if found is None:
        raise Invalid(
            f"The first line of {path.name} has a stray quote; wanted are the names of the columns."
        )
    return [name.decode(errors="backslashreplace") for name in found]


def check_columns(path: Path, dataset: Dataset, names: Sequence[str]) -> None:
    """Raise `Invalid` if the names are not those of the dataset, with what is wrong about them."""
    faults = list(_faults(dataset, names))
    if faults:
        raise Invalid(f"{path.name} does not have the columns of {dataset.name}: it {'; it '.join(faults)}.")


def _faults(dataset: Dataset, names: Sequence[str]) -> Iterator[str]:
    known = set(dataset.names)
    wanted = _required(dataset)
    other = next((each for each in FEEDS.values() if set(_required(each)) <= set(names)), None)
    if other is not None and not set(wanted) <= set(names):
        yield f"has those of {other.name}"
        return
    if not known & {_plain(name) for name in names}:
        # A first line without any known name may be a student's row: none of it is shown.
        yield f"lacks {', '.join(wanted)}, and its first line names no column"
        return
    unknown = [name for name in dict.fromkeys(names) if name and name not in known]
    meant = {name: _meant(name, known - set(names)) for name in unknown}
    missing = [name for name in wanted if name not in names and name not in meant.values()]
    twice = [name for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if missing:
        yield f"lacks {', '.join(missing)}"
    if unknown:
        shown = [
            _shown(name) + (f" (did you mean {meant[name]}?)" if meant[name] else "") for name in unknown
        ]
        more = [f"{len(unknown) - _MOST_SHOWN:,} more"] if len(unknown) > _MOST_SHOWN else []
        yield f"has the unknown column{'s' * (len(unknown) > 1)} {', '.join(shown[:_MOST_SHOWN] + more)}"
    if twice:
        yield f"repeats {', '.join(_shown(name) for name in twice[:_MOST_SHOWN])}"
    if "" in names:
        yield f"has a column without a name, at place {names.index('') + 1} (a comma too many in the first line?)"


def _required(dataset: Dataset) -> list[str]:
    wanted = [column.name for column in dataset.columns if column.required]
    return wanted + [name for name in dataset.key if name not in wanted]


def _plain(name: str) -> str:
    return "_".join(name.strip().casefold().replace("-", " ").split())


def _meant(name: str, absent: set[str]) -> str | None:
    plain = _plain(name)
    if plain in absent:
        return plain
    return next(iter(get_close_matches(plain[:_LONGEST_SHOWN], sorted(absent), 1, 0.8)), None)


def _shown(name: str) -> str:
    cut = name if len(name) <= _LONGEST_SHOWN else name[:_LONGEST_SHOWN] + "…"
    return cut if cut.isidentifier() else f"“{''.join(c if c.isprintable() else '�' for c in cut)}”"
