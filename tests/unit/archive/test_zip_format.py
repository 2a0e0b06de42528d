"""Archives made of joined fragments are zip files that everybody's tools read."""

import io
import shutil
import subprocess
import zipfile
import zlib
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.archive.fragment import FragmentWriter, GrowingFile
from lea_reports.archive.zip_format import CentralDirectory, ZipEntry, local_header

names = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="/\\"), min_size=1, max_size=40
)


def joined(fragments):
    """Join fragments as assembly does: bytes after bytes, then one directory."""
    starts = list(accumulate((len(fragment.content) for fragment in fragments), initial=0))
    entries = [
        ZipEntry(entry.path, entry.crc, entry.size, start + entry.offset)
        for start, fragment in zip(starts, fragments, strict=False)
        for entry in fragment.entries
    ]
    content = b"".join(fragment.content for fragment in fragments)
    return content + CentralDirectory(entries).content(len(content))


@dataclass
class Fragment:
    """A fragment as it is stored."""

    entries: list[ZipEntry]
    content: bytes


def fragment_of(files):
    """Write files into a fragment."""
    pieces = []
    writer = FragmentWriter(pieces.append)
    for path, content in files:
        writer.add(path, content)
    return Fragment(writer.entries, b"".join(pieces))


@given(st.lists(st.dictionaries(names, st.binary(max_size=200), max_size=5), max_size=5))
def test_joined_fragments_hold_every_file_once_and_whole(parts):
    """Whatever the fragments hold, Python's reader finds the same files with the same bytes."""
    files = {
        f"{number}/{name}": content for number, part in enumerate(parts) for name, content in part.items()
    }
    fragments = [
        fragment_of((path, content) for path, content in files.items() if path.startswith(f"{number}/"))
        for number in range(len(parts))
    ]

    with zipfile.ZipFile(io.BytesIO(joined(fragments))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == list(files)
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_names_in_any_script_survive_the_way_through_unzip(tmp_path):
    """Info-ZIP, which macOS and Linux ship, finds no fault and writes the names as they are."""
    paths = ["99_Escuela/Nguyễn_Thị.pdf", "99_Escuela/陳_大文.pdf", "99_Escuela/김_민준.pdf", "محمد.pdf"]
    (tmp_path / "a.zip").write_bytes(joined([fragment_of((path, b"x") for path in paths)]))

    tested = subprocess.run(
        [shutil.which("unzip") or "unzip", "-tq", "a.zip"], cwd=tmp_path, check=False, capture_output=True
    )

    assert tested.returncode == 0, tested.stdout
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.namelist() == paths


def test_more_than_65535_files_are_counted_in_zip64_records():
    """A large district's archive has more entries than the first zip format can count."""
    fragment = fragment_of((f"{number}.pdf", b"") for number in range(66_000))

    with zipfile.ZipFile(io.BytesIO(joined([fragment]))) as archive:
        assert len(archive.namelist()) == 66_000


@pytest.mark.parametrize(("files", "has_zip64"), [(65_534, False), (65_535, True), (70_000, True)])
def test_a_small_archive_has_zip64_records_for_the_number_of_its_files_only(files, has_zip64):
    """65,535 is the older record's sign that the number stands in the other."""
    fragment = fragment_of((f"{number}.pdf", b"x") for number in range(files))

    assert (b"PK\6\6" in joined([fragment])) == has_zip64


def test_entries_beyond_four_gigabytes_are_found_through_zip64(tmp_path):
    """Offsets of 4 GiB and more stand in the ZIP64 field; the archive here is a sparse file."""
    content = b"%PDF"
    fragment = fragment_of([("far.pdf", content)])
    far = 5 * 1024**3
    entry = ZipEntry("far.pdf", zlib.crc32(content), len(content), far)
    with (tmp_path / "big.zip").open("wb") as file:
        file.seek(far)
        file.write(fragment.content)
        file.write(CentralDirectory([entry]).content(far + len(fragment.content)))

    with zipfile.ZipFile(tmp_path / "big.zip") as archive:
        assert archive.read("far.pdf") == content


def test_the_same_files_give_the_same_bytes():
    """Nothing in an archive depends on when it was made."""
    files = [("a.pdf", b"1"), ("b.pdf", b"2")]

    assert joined([fragment_of(files)]) == joined([fragment_of(files[:1]), fragment_of(files[1:])])


def test_a_fragment_knows_its_size_while_it_is_written():
    """Its pieces may have been sent long ago."""
    pieces = []
    fragment = FragmentWriter(pieces.append)
    assert fragment.size == 0

    for path, parts in (("陳.pdf", (b"prefix", b"tail")), ("b.pdf", (b"",))):
        fragment.add(path, *parts)

        assert fragment.size == len(b"".join(pieces))


def test_a_file_that_grows_gets_the_header_that_it_would_have_had_at_once():
    """What stands in front is known last, and the fragment is the same."""
    pieces = []
    file = GrowingFile(pieces.append)
    for part in (b"%PDF", b"", b"tail"):
        file.write(part)
    at_once = fragment_of([("a.pdf", b"%PDFtail")])

    assert file.header("a.pdf") + b"".join(pieces) == at_once.content
    assert [file.entry("a.pdf")] == at_once.entries
    assert file.sha256 == sha256(b"%PDFtail").hexdigest()


def test_an_entry_of_four_gigabytes_is_refused():
    """No SSR and no merged file comes near; a silent overflow would destroy the archive."""
    with pytest.raises(ValueError, match="4 GiB"):
        local_header("a.pdf", 0, 2**32)
