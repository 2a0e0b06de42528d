"""Names of schools, LEAs and students are never cut: all of them is seen and heard, on every page that has them."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pypdfium2
import pytest

from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.pages.grid import FOOT
from lea_reports.ssr.results.names import full_name
from lea_reports.typesetting.fonts import ELLIPSIS
from tests.pdf_check.tagged_pdf import problems, spoken_text
from tests.reference.merged_file import merged_file
from tests.unit.golden.cases import CASES

_WORDS = (
    "Academy of Science, Technology, Engineering, Arts and Mathematics at Rancho Santa Margarita–Laguna Verde"
)
_MOST = 100
"""How many characters a name may have (docs/domain.md#kinds-of-organizations)."""
NAMES = {
    "words": _WORDS[:_MOST],
    "widest letters": "W" * _MOST,
    "narrow letters": "i" * _MOST,
    "widest words": "WWWWWWWWW " * 9 + "WWWWWWWWWW",
    "Han": "新北市立國民中學實驗分校" * 8 + "第一分部",
    "Hangul": ("서울국제초등학교 " * 12)[:_MOST].strip(),
    "Arabic": ("مدرسة الأمل الابتدائية " * 5)[:_MOST].strip(),
    "one Arabic word": "مدرسة" * 20,
    "Vietnamese": ("Trường Tiểu học Nguyễn Thị Minh Khai " * 3)[:_MOST].strip(),
    "stacked marks": unicodedata.normalize("NFC", ("Ilé-Ẹ̀kọ́ Alákọ̀ọ́bẹ̀rẹ̀ " * 6)[:_MOST].strip()),
    "syntax": ("(\\)%s<<>> " * 10)[:_MOST].strip(),
}
ORDINARY = [case for case in CASES if not case.special or case.special == "science"]


def named(case, name):
    """Give a student, the school and the LEA a long name; the student's is divided among its parts."""
    result = case.result()
    school = replace(result.school, name=name, lea_name=name)
    first, middle, last = name[:30].strip(), name[30:60].strip(), name[60:].strip()
    return replace(result, school=school, first_name=first, middle_name=middle, last_name=last)


@pytest.fixture(scope="module")
def compiled(fonts_folder):
    return CompiledEngine(fonts_folder)


def letters(text):
    """Return the letters of a text in whatever order: viewers put Arabic in an order of their own."""
    return sorted("".join(unicodedata.normalize("NFKC", text).split()).replace("\ufffe", ""))


def within(part, whole):
    """Tell whether all letters of a text are among those of another, each as often."""
    left = letters(whole)
    return all(part.count(each) <= left.count(each) for each in set(part))


def pages_of(content):
    """Yield the words of every page's head and foot, as a viewer has them."""
    document = pypdfium2.PdfDocument(content)
    try:
        for page in document:
            text = page.get_textpage()
            yield (
                text.get_text_bounded(bottom=792 - 240, top=792),
                text.get_text_bounded(bottom=0, top=792 - FOOT),
            )
    finally:
        document.close()


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
@pytest.mark.parametrize("case", ORDINARY, ids=lambda case: case.name)
def test_long_names_are_seen_and_heard_whole(compiled, case, name):
    """In every kind and language; the student's also at the foot of every page."""
    result = named(case, name)
    (made,) = compiled.single_files([result])
    heard = spoken_text(made.content)
    assert heard.count(name) >= 2
    assert full_name(result) in heard
    assert not any(ELLIPSIS in said for said in heard)
    for number, (head, foot) in enumerate(pages_of(made.content)):
        assert within(letters(full_name(result)), foot), (number, foot)
        assert number or within(letters(name + name), head)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_so_they_are_in_merged_files_and_by_the_plain_engine(compiled, engine, name):
    """Tagged or not, of every kind; two engines show the same."""
    results = [named(case, name) for case in ORDINARY if case.language == "en"]
    tagged = merged_file(compiled, results, "All", tagged=True)
    assert problems(tagged.content) == []
    assert spoken_text(tagged.content).count(name) >= 2 * len(results)
    plain, *merged = (
        merged_file(engine, results, "All").content,
        merged_file(compiled, results, "All").content,
        tagged.content,
    )
    for content in (plain, *merged):
        for number, (_, foot) in enumerate(pages_of(content)):
            assert within(letters(full_name(results[0])), foot), (number, foot)
        firsts = [entry.first_page - 1 for entry in tagged.entries]
        heads = [head for head, _ in pages_of(content)]
        assert all(within(letters(name + name), heads[number]) for number in firsts)
