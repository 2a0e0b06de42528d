"""Every file is sound for every reader, and made of the same objects on every machine and version of Python."""

import csv
import io
from hashlib import sha256
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pypdf import PdfReader

from tests.unit.golden.cases import CASES, LANGUAGES

DIGESTS = Path(__file__).with_name("digests.csv")
_CONTAINERS = frozenset(("/ObjStm", "/XRef"))
_OF_COMPRESSION = frozenset(("/Length", "/Filter", "/DecodeParms"))


def _digest(content):
    """Digest all objects, streams decompressed: builds of zlib may press the same bytes differently."""
    digest = sha256()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for each in pdf.objects:
            if not isinstance(each, pikepdf.Stream):
                digest.update(each.unparse(resolved=True))
            elif str(each.get("/Type")) not in _CONTAINERS:
                kept = {key: each[key] for key in each.keys() - _OF_COMPRESSION}
                digest.update(pikepdf.Dictionary(kept).unparse())
                digest.update(each.read_bytes())
        digest.update(pdf.Root.unparse(resolved=True))
    return digest.hexdigest()


@pytest.fixture(scope="module")
def files(compiled, merged):
    """Collect single files of every kind and language, and merged ones of every language, by name."""
    singles = {case.name: compiled[case.name] for case in CASES if not case.special}
    return singles | {f"merged-{language}": content for language, content in merged.items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_single_file_opens_everywhere(case, compiled):
    """A syntax check finds nothing, a strict reader and a viewer see an even number of pages."""
    _assert_sound(compiled[case.name])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_merged_file_opens_everywhere(language, merged):
    """As large as it is."""
    _assert_sound(merged[language])


def _assert_sound(content):
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        pages = len(pdf.pages)
    assert pages % 2 == 0
    assert len(PdfReader(io.BytesIO(content), strict=True).pages) == pages
    document = pypdfium2.PdfDocument(content)
    try:
        assert len(document) == pages
        assert all(page.get_textpage().count_chars() > 40 for page in document)
    finally:
        document.close()


def test_files_consist_of_the_objects_that_they_always_had(files, regenerate):
    """The table was written on one version of Python and is compared on every other."""
    digests = {name: _digest(content) for name, content in files.items()}
    if regenerate:
        with DIGESTS.open("w", encoding="utf-8", newline="") as target:
            csv.writer(target, lineterminator="\n").writerows([("file", "sha256"), *sorted(digests.items())])
    with DIGESTS.open(encoding="utf-8", newline="") as table:
        known = {row["file"]: row["sha256"] for row in csv.DictReader(table)}
    assert digests.keys() == known.keys()
    assert {name for name, digest in digests.items() if digest != known[name]} == set()
