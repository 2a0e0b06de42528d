"""What the demo finds wrong with an archive."""

import csv
import hashlib
import io
import zipfile

import pytest
from pypdf import PdfWriter

from local.archive_check import check_archive

HEADINGS = ("File", "SSID", "School", "Grade", "Assessment", "Language", "FirstPage", "Pages", "SHA256")


def pdf(pages: int, password: str = "") -> bytes:
    """Return a PDF with this many empty pages."""
    writer, file = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(612, 792)
    if password:
        writer.encrypt(password, algorithm="AES-256")
    writer.write(file)
    return file.getvalue()


def row(name: str, content: bytes, first: int = 1, pages: int = 4) -> tuple[object, ...]:
    """Return a manifest's row about an SSR."""
    digest = hashlib.sha256(content).hexdigest()
    return (name, "1234567890", "99100016000001", "03", "cast", "en", first, pages, digest)


@pytest.fixture
def archived(tmp_path):
    """Return a function that writes an archive of files and manifest rows, and checks it."""

    def check(files, rows, password=None):
        manifest = io.StringIO(newline="")
        csv.writer(manifest).writerows([HEADINGS, *rows])
        path = tmp_path / "reports.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
            archive.writestr("a_manifest.csv", manifest.getvalue().encode("utf-8-sig"))
            archive.writestr(
                "a_not_included.csv", "SSID,School,Grade,Assessment,Language,Reason,Explanation\r\n"
            )
        return check_archive(path, password)

    return check


def test_an_archive_that_is_as_its_manifest_says_has_no_problem(archived):
    """One file for each SSR, with its pages and its SHA-256."""
    files = {"a.pdf": pdf(4), "b.pdf": pdf(3)}
    found = archived(files, [row("a.pdf", files["a.pdf"]), row("b.pdf", files["b.pdf"], pages=3)])
    assert found.problems == ()
    assert (found.entries, found.files, found.student_score_reports, found.not_included) == (4, 2, 2, 0)


def test_a_pdf_that_opens_without_its_password_is_a_problem(archived):
    """One of two was forgotten."""
    files = {"a.pdf": pdf(4, "the password"), "b.pdf": pdf(4)}
    found = archived(files, [row(name, content) for name, content in files.items()], "the password")
    assert found.problems == ("b.pdf opens without its password.",)


def test_merged_ssrs_begin_on_odd_pages(archived):
    """Printed on both sides of the paper, nobody's SSR begins on the back of another's."""
    content = pdf(7)
    rows = [row("m.pdf", content, 1, 3), row("m.pdf", content, 5, 3)]
    assert archived({"m.pdf": content}, rows).problems == ()
    rows = [row("m.pdf", content, 1, 3), row("m.pdf", content, 4, 4)]
    assert archived({"m.pdf": content}, rows).problems == (
        "m.pdf: the SSR of page 4 should begin on page 5.",
    )


def test_what_is_wrong_is_named(archived):
    """Another content, files that only one side knows, and pages that are missing."""
    good = pdf(4)
    problems = archived(
        {"changed.pdf": pdf(4) + b"\n", "unlisted.pdf": good, "short.pdf": pdf(2)},
        [row("changed.pdf", good), row("lost.pdf", good), row("short.pdf", pdf(2))],
    ).problems
    assert [problem.split()[0] for problem in problems] == [
        "unlisted.pdf",
        "lost.pdf",
        "changed.pdf",
        "short.pdf",
    ]
    assert "another SHA-256" in problems[2]
    assert "has 2 pages" in problems[3]
