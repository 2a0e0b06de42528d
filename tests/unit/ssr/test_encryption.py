"""PDFs under a password: every reader opens them with it, none without it, and they say what they said before."""

import io
import re
import zlib
from dataclasses import replace
from hashlib import sha256, shake_256
from itertools import count

import pikepdf
import pypdfium2
import pytest
from fpdf import FPDF
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PasswordType, PdfReader

from lea_reports.pdf.encrypted_file import encrypted
from lea_reports.pdf.encryption import PdfEncryption, encryption_of, prepared
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import NO_PREFIX, MergeOptions
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file

PHRASE = "corréct horse (battery) 말"


def bytes_from(seed):
    """Return a source of bytes that gives the same ones every time."""
    calls = count()
    return lambda size: shake_256(b"%d %d" % (seed, next(calls))).digest(size)


ENCRYPTION = encryption_of(PHRASE, bytes_from(7))


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    """Make the engine."""
    return CompiledEngine(fonts_folder)


@pytest.fixture(scope="module")
def made_before():
    """Keep what was made: drawing takes longer than looking."""
    return {}


@pytest.fixture(params=["single", "merged", "tagged and merged", "plain", "plain and merged"])
def pair(request, compiled, engine, make, made_before):
    """Make a file of each sort, as it is and under the password."""
    sort = request.param
    results = [make(), make(last_name="Nguyễn )(\\", ssid="2"), make(language="ko", ssid="3")]
    made_by = engine if "plain" in sort else compiled

    def make_one(encryption):
        if "merged" not in sort:
            return next(iter(made_by.single_files(results, encryption=encryption)))
        return merged_file(made_by, results, "Grade 5", tagged="tagged" in sort, encryption=encryption)

    if sort not in made_before:
        made_before[sort] = make_one(None).content, make_one(ENCRYPTION).content
    return made_before[sort]


def pictures(content, password=None):
    """Return the pages as pdfium draws them."""
    document = pypdfium2.PdfDocument(content, password=password)
    try:
        return [bytes(page.render(scale=0.5).buffer) for page in document]
    finally:
        document.close()


def test_pdfium_draws_the_same_pages_with_the_password(pair):
    """Not a pixel differs."""
    plain, secret = pair

    assert pictures(secret, PHRASE) == pictures(plain)


def test_pypdf_reads_the_same_words_and_title_with_the_password(pair):
    """An independent reader derives the same key."""
    plain, secret = pair
    known, opened = PdfReader(io.BytesIO(plain)), PdfReader(io.BytesIO(secret), strict=True)

    assert opened.is_encrypted
    assert opened.decrypt(PHRASE) is PasswordType.OWNER_PASSWORD
    assert opened.metadata == known.metadata
    assert [page.extract_text() for page in opened.pages] == [page.extract_text() for page in known.pages]


def test_qpdf_finds_no_fault_and_nothing_that_is_not_aes_256(pair):
    """Pages, text and pictures may be used by screen readers and printed; the syntax is clean."""
    with pikepdf.open(io.BytesIO(pair[1]), password=PHRASE) as pdf:
        said = pdf.encryption
        assert pdf.check_pdf_syntax() == []
        assert (said.V, said.R, said.bits) == (5, 6, 256)
        assert {said.stream_method, said.string_method, said.file_method} == {
            pikepdf.models.EncryptionMethod.aesv3
        }
        assert pdf.allow.accessibility
        assert pdf.allow.print_highres
        assert pdf.user_password_matched
        assert str(pdf.Root.Lang)
        assert pdf.Root.Extensions.ADBE.ExtensionLevel == 8


@pytest.mark.parametrize("wrong", ["", "correct horse (battery) 말", PHRASE + " "])
def test_another_password_opens_nothing(pair, wrong):
    """None at all, one without its accent, one with a space more."""
    secret = pair[1]

    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(secret), password=wrong)
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(secret, password=wrong)
    assert PdfReader(io.BytesIO(secret)).decrypt(wrong) is PasswordType.NOT_DECRYPTED


def test_no_string_and_no_stream_stays_readable(pair):
    """Neither a title nor a page; nor the identifier, which is a checksum of what the file says."""
    plain, secret = pair
    identifier = re.search(rb"/ID\s*\[\s*<([0-9A-Fa-f]+)>", plain)[1]
    streams = re.findall(rb">>\s?stream\r?\n(.{24})", plain[: plain.rindex(b" 0 obj")], re.DOTALL)

    assert streams
    for readable in (*streams, identifier, b"LEA Reports", b"(en", b"(D:"):
        assert readable not in secret


def test_the_structure_of_a_protected_file_is_whole(compiled, make):
    """A screen reader hears the same, of a single file and of a merged one."""
    results = [make(), make(ssid="2")]
    (single, _) = compiled.single_files(results, encryption=ENCRYPTION)
    (plain, _) = compiled.single_files(results)
    merged = merged_file(compiled, results, "x", tagged=True, encryption=ENCRYPTION)

    assert problems(single.content, PHRASE) == problems(merged.content, PHRASE) == []
    assert spoken_text(single.content, PHRASE) == spoken_text(plain.content)


def test_a_file_made_again_has_the_same_bytes(compiled, make):
    """A chunk that is built twice is the same fragment twice."""
    first, again = (next(iter(compiled.single_files([make()], encryption=ENCRYPTION))) for _ in range(2))

    assert first == replace(again, result=first.result)
    assert first.prefix is NO_PREFIX
    assert first.crc == zlib.crc32(first.content)
    assert first.sha256 == sha256(first.content).hexdigest()


def test_a_merged_file_made_again_has_the_same_bytes(compiled, make):
    """Whatever initialization vectors come from, nobody has drawn it."""
    results = [make(), make(ssid="2")]
    first, again = (merged_file(compiled, results, "Grade 5", encryption=ENCRYPTION) for _ in range(2))

    assert first.content == again.content


def blocks_of(content):
    """Return the blocks of all encrypted streams: the last one says where objects are, and stays readable."""
    return {
        found[1][at : at + 16]
        for found in re.finditer(
            rb"stream\n(.*?)\nendstream", content[: content.rindex(b" 0 obj")], re.DOTALL
        )
        for at in range(0, len(found[1]) - 15, 16)
    }


def test_files_that_begin_alike_have_no_block_in_common(compiled, make):
    """Who has two files cannot tell that they share fonts and forms."""
    one, other = compiled.single_files([make(), make(ssid="2")], encryption=ENCRYPTION)

    assert blocks_of(one.content)
    assert not blocks_of(one.content) & blocks_of(other.content)


def test_merged_files_of_the_same_ssrs_have_no_block_in_common(compiled, make):
    """Their names differ, as those of the files of one request do."""
    one, other = (merged_file(compiled, [make()], name, encryption=ENCRYPTION) for name in ("a", "b"))

    assert blocks_of(one.content)
    assert not blocks_of(one.content) & blocks_of(other.content)


def test_a_merged_file_is_encrypted_while_it_grows(compiled, make):
    """However many SSRs it holds, none waits for the last one."""
    pieces = []
    results = (make(ssid=str(number)) for number in range(30))
    outcomes = compiled.merge(results, MergeOptions("x", encryption=ENCRYPTION), pieces.append)
    sizes = [sum(map(len, pieces)) for _ in outcomes]

    assert sizes == sorted(set(sizes))
    assert max(map(len, pieces)) < sum(map(len, pieces)) / 4


def test_merged_files_are_tagged_when_the_request_says_so(compiled, make):
    """For printing they are not."""
    plain, tagged = (merged_file(compiled, [make()], "x", tagged=tagged).content for tagged in (False, True))

    assert problems(tagged) == []
    assert "document: not marked as tagged" in problems(plain)


def test_a_merged_file_of_nobody_stays_empty(compiled, make):
    """There is nothing to protect."""
    assert merged_file(compiled, [make(language="tlh")], "x", encryption=ENCRYPTION).content == b""


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_strings_of_every_kind_come_back(title):
    """Brackets, backslashes, line ends and characters of every script, in a file with a cross-reference table."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_title(title)
    plain = bytes(pdf.output())
    secret = encrypted(plain, ENCRYPTION)

    known, opened = (
        PdfReader(io.BytesIO(plain)),
        PdfReader(io.BytesIO(secret), password=PHRASE),
    )

    assert opened.metadata.title == known.metadata.title


FOREIGN = {
    "no PDF": b"hello",
    "no table": b"%PDF-1.7\nstartxref\n3\n%%EOF\n",
    "brackets in a string": b"%PDF-1.7\n1 0 obj\n<</A(a(b)c)>>\nendobj\n",
    "an octal escape": b"%PDF-1.7\n1 0 obj\n<</A(\\101)>>\nendobj\n",
    "an object without an end": b"%PDF-1.7\n1 0 obj\n<</A 1>>\n",
    "a stream of another length": b"%PDF-1.7\n1 0 obj\n<</Length 2>>stream\nabc\nendstream\nendobj\n",
    "a length elsewhere": b"%PDF-1.7\n1 0 obj\n<</Length 2 0 R>>stream\nabc\nendstream\nendobj\n",
    "an object at another place": b"%PDF-1.7\n\n1 0 obj\n<</A 1>>\nendobj\n",
    "no catalog": b"%PDF-1.7\n1 0 obj\n<</A 1>>\nendobj\n",
}


@pytest.mark.parametrize("case", FOREIGN)
def test_syntax_that_our_engines_do_not_write_is_refused(case):
    """Better no file than one of which a part is not encrypted."""
    content = FOREIGN[case]
    if b"obj" in content:
        root = b"" if case == "no catalog" else b"/Root 1 0 R/Info 1 0 R"
        table = b"xref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<<%b>>\n" % root
        content += table + b"startxref\n%d\n%%%%EOF\n" % len(content)

    with pytest.raises(ValueError, match=r"file|object|stream|string"):
        encrypted(content, ENCRYPTION)


def test_what_another_program_wrote_is_refused(compiled, make):
    """Its cross-reference stream has other columns."""
    (made,) = compiled.single_files([make()])
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    with pytest.raises(ValueError, match="no cross-reference stream of ours"):
        encrypted(target.getvalue(), ENCRYPTION)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pass\u00adword--------", b"password--------"),
        ("ⅸ password ª---", b"ix password a---"),
        ("non\u00a0breaking space", b"non breaking space"),
        ("e\u0301 e\u0301 e\u0301 e\u0301 e\u0301 e\u0301 e", "é é é é é é e".encode()),
        ("كلمة-السر-طويلة", "كلمة-السر-طويلة".encode()),
        ("x" * 127, b"x" * 127),
    ],
)
def test_a_password_is_prepared_as_readers_prepare_it(typed, meant):
    """SASLprep: soft hyphens vanish, compatibility forms and accents have one spelling."""
    assert prepared(typed) == meant


@pytest.mark.parametrize(
    "refused",
    [
        "eleven char",
        "x" * 128,
        "비밀번호" * 11,
        "a bell \a rings here",
        "emoji 🫠🫠🫠🫠🫠🫠🫠",
        "mixed كلمة directions",
        "\u00ad" * 20,
        "lone surrogate \ud800",
        "",
    ],
)
def test_a_password_that_readers_would_take_differently_is_refused(refused):
    """Too short, too long in bytes, control characters, characters younger than SASLprep; it is not repeated."""
    with pytest.raises(ValueError, match="a password") as raised:
        encryption_of(refused, bytes_from(1))
    assert not refused or refused not in str(raised.value)


def test_an_encryption_comes_back_as_it_was_written_and_shows_nothing():
    """It travels as JSON into the job's row; a log line that names it by mistake tells no key."""
    assert PdfEncryption.from_json(ENCRYPTION.to_json()) == ENCRYPTION
    assert repr(ENCRYPTION) == "PdfEncryption()"


def test_the_same_password_makes_another_encryption_each_time():
    """Two requests with one password do not share a key."""
    first, second = (encryption_of(PHRASE, bytes_from(seed)) for seed in (1, 2))

    assert not set(first.to_json().values()) & set(second.to_json().values())
