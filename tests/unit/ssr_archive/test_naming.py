"""File names inside an archive are safe on every system."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import Assessment
from lea_reports.file_names import file_word
from lea_reports.ssr_archive.listing import MANIFEST, NOT_INCLUDED, list_name
from lea_reports.ssr_archive.naming import archive_stem, merged_name, school_folder, ssr_path

DOWNLOADS = "C:\\Users\\firstname.lastname\\Downloads\\"
WIDE = ["x", "陳", "𝔐", "e\u0301\u0301", "Ẹ̀", "\u0301"]


@given(st.text(max_size=300))
def test_a_word_has_nothing_that_windows_forbids(text):
    """No reserved character, no control, no device name, no dot or space at the end, not too long, not empty."""
    word = file_word(text, 40)

    assert word
    assert not set(word) & set('<>:"/\\|?* ')
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in word)
    assert not word.endswith((".", " "))
    assert word[0] not in "=+-@. "
    assert word.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9", "COM¹"}
    assert len(word.encode("utf-16-le")) <= 2 * 40


def test_names_keep_their_script():
    """A family finds its name as it is written."""
    assert file_word("Nguyễn", 40) == "Nguyễn"
    assert file_word("陳大文", 40) == "陳大文"
    assert file_word("José María", 40) == "José_María"


def test_a_path_cannot_leave_its_folder():
    """Names come from data; none of them climbs out of the archive."""
    path = ssr_path(
        school=school_folder("99100011234567", "../../etc"),
        grade="03",
        last_name="..",
        first_name="a/b",
        ssid="1234567890",
        test="smarter-balanced",
        language="en",
    )

    assert path == "99100011234567_etc/grade-03/unnamed_ab_1234567890_smarter-balanced_en.pdf"


def test_the_longest_names_of_any_script_fit_a_file_system():
    """Linux counts bytes: Hangul and Han have three each."""
    path = ssr_path(
        school="school", grade="03", last_name="김" * 60, first_name="陳" * 60, ssid="1234567890",
        test="smarter-balanced", language="zh-Hant",
    )  # fmt: skip

    assert len(path.rpartition("/")[2].encode()) <= 255


def test_merged_files_bear_the_name_of_the_report():
    """Grade, language and number tell them apart."""
    assert (
        merged_name(name="Spring-2026", grade="03", language="en", number=1)
        == "Spring-2026_grade-03_en_001.pdf"
    )


@pytest.mark.parametrize("letter", WIDE)
def test_the_longest_path_can_be_opened_by_windows(letter):
    """Unpacked in a download folder, in a folder of the archive's name, whatever the names are."""
    word = letter * 100
    stem = archive_stem(word, 100, 100)
    school = school_folder("9" * 14, word)
    paths = [
        ssr_path(
            school=school,
            grade="13",
            last_name=word,
            first_name=word,
            ssid="9" * 10,
            test=test,
            language="zh-Hant",
        )
        for test in Assessment
    ]
    paths += [merged_name(name=word, grade="13", language="zh-Hant", number=999)]
    paths += [list_name(stem, name, "xlsx") for name in (MANIFEST, NOT_INCLUDED)]
    longest = max(
        (f"{DOWNLOADS}{stem}\\{path}" for path in paths), key=lambda path: len(path.encode("utf-16-le"))
    )

    assert len(longest.encode("utf-16-le")) // 2 <= 259
    assert all(len(part.encode()) <= 255 for path in paths for part in path.split("/"))


def test_a_name_is_cut_between_letters():
    """No letter loses its accents, and no accent its letter."""
    assert file_word("Ebun\u0301\u0302" * 3, 9) == unicodedata.normalize("NFC", "Ebun\u0301\u0302" + "Ebu")
    assert file_word("𝔐𝔐𝔐", 5) == "𝔐𝔐"


@pytest.mark.parametrize("name", ["CON", "aux", "NUL", "COM1", "COM¹", "LPT²", "con.txt", "CONIN$"])
def test_a_device_of_windows_is_no_file(name):
    """Not as a report, a school or a student, whatever follows after a dot."""
    assert archive_stem(name, 1, 1) == f"_{name}"
    assert file_word(name, 40) == f"_{name}"
    assert merged_name(name=name, grade="03", language="en", number=1).startswith(f"_{name}_grade")


@pytest.mark.parametrize(
    ("name", "stem"), [("-Spring", "Spring"), ("=1+1", "1+1"), ("@Ana", "Ana"), ("--", "unnamed")]
)
def test_no_file_begins_like_a_formula_or_an_option(name, stem):
    """The lists name files as they are, and no cell needs an apostrophe."""
    assert archive_stem(name, 1, 1) == stem


def test_who_has_no_first_name_has_a_file_of_one_name():
    """Mononyms are real."""
    path = ssr_path(
        school="school",
        grade="03",
        last_name="Suharto",
        first_name=None,
        ssid="1234567890",
        test="cast",
        language="en",
    )

    assert path == "school/grade-03/Suharto_1234567890_cast_en.pdf"


def test_lists_of_several_archives_have_several_names():
    """Unpacked into one folder none of them overwrites another."""
    stems = [archive_stem("Spring", 1, 1), *(archive_stem("Spring", number, 2) for number in (1, 2))]

    assert [list_name(stem, MANIFEST, "csv") for stem in stems] == [
        "Spring_manifest.csv",
        "Spring_1-of-2_manifest.csv",
        "Spring_2-of-2_manifest.csv",
    ]
