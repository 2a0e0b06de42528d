"""File names inside an archive are safe on every system."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from lea_reports.archive.naming import file_word, merged_name, school_folder, ssr_path


@given(st.text(max_size=300))
def test_a_word_has_nothing_that_windows_forbids(text):
    """No reserved character, no control, no device name, no dot or space at the end, not too long, not empty."""
    word = file_word(text)

    assert word
    assert not set(word) & set('<>:"/\\|?* ')
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in word)
    assert not word.endswith((".", " "))
    assert word.upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}
    assert len(word) <= 41


def test_names_keep_their_script():
    """A family finds its name as it is written."""
    assert file_word("Nguyễn") == "Nguyễn"
    assert file_word("陳大文") == "陳大文"
    assert file_word("José María") == "José_María"


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
