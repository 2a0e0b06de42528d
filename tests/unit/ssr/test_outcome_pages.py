"""The SSRs beside Smarter Balanced as a viewer shows them."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date
from importlib.resources import files
from itertools import pairwise

import pytest

from lea_reports.assessments import Assessment, Test, areas, languages_of, level_labels, score_scale
from lea_reports.ssr.engine.ssr_engine import SsrFailure, SsrFile
from lea_reports.ssr.pages.outcome_charts import Steps
from lea_reports.ssr.pages.palette import tones_of
from lea_reports.ssr.pages.student_pages import pages_of
from lea_reports.ssr.results.outcome import Missing, Note, Points
from lea_reports.ssr.results.student_result import SchoolNames, StudentResult, from_rows
from lea_reports.ssr.words.message_catalog import read_catalog
from lea_reports.ssr.words.outcome_texts import OUTCOME_ENGLISH, outcome_texts, sentences_for
from lea_reports.ssr.words.texts import ENGLISH, LANGUAGES
from tests.reference.merged_file import merged_file

LOCALE = files("lea_reports.ssr.words").joinpath("locale")
SCHOOL = SchoolNames("19123450000001", "Manzanita Elementary", "19123450000000", "Laguna Verde Unified")
STUDENT = {"ssid": "1234567890", "last_name": "Rivera", "first_name": "Maya", "grade": "05"}
KINDS = [assessment for assessment in Assessment if assessment is not Assessment.SMARTER_BALANCED]
DOMAINS = {"listening_level": 3, "speaking_level": 3, "reading_level": 2, "writing_level": 1}


def row(test: Test, score: int | None, grade: str = "05", **values: object) -> dict[str, object]:
    """Return a record whose level is the one of its score, where a scale is known."""
    year = int(str(values.get("administration_year", 2026)))
    scale = score_scale(test, grade, year)
    return {
        "administration_year": year,
        "record_type": test.value,
        "grade_assessed": grade,
        "test_completed_date": date(year, 4, 22),
        "scale_score": score,
        "achievement_level": scale.level_of(score) if scale and score is not None else None,
        "ssr_eligible": "Y",
    } | values


def past(
    ago: int, grade: str, score: int | None, level: int | None, code: str | None = None
) -> dict[str, object]:
    """Return the columns of an earlier year."""
    return {
        f"ssr_eligible_minus_{ago}": "Y",
        f"grade_assessed_minus_{ago}": grade,
        f"scale_score_minus_{ago}": score,
        f"achievement_level_minus_{ago}": level,
        f"condition_code_minus_{ago}": code,
    }


def proficiency(**values: object) -> dict[str, object]:
    """Return a record of the Summative ELPAC with composites and domains."""
    parts: dict[str, object] = {
        "oral_language_scale_score": 1540,
        "oral_language_level": 4,
        "written_language_scale_score": 1500,
        "written_language_level": 2,
    }
    return row(Test.SUMMATIVE_ELPAC, 1520, **(parts | DOMAINS | values))


BAND = {"standard_error": 8, "error_band_min": 207, "error_band_max": 223}
CASES = {
    "science": (
        Assessment.CAST,
        [row(Test.CAST, 215, domain_1_level=1, domain_2_level=3, domain_3_level=2, **BAND)],
    ),
    "science, excused": (Assessment.CAST, [row(Test.CAST, None, condition_code="PGE")]),
    "science, too few": (
        Assessment.CAST,
        [row(Test.CAST, 150, condition_code="LOSS", unlisted_resource_construct_change="Y")],
    ),
    "science, names of 2025": (Assessment.CAST, [row(Test.CAST, 232, administration_year=2025)]),
    "alternate, three tests": (
        Assessment.CAA,
        [
            row(Test.CAA_ELA, 550, **past(1, "04", 448, 2), **past(2, "03", None, None, "PGE")),
            row(Test.CAA_MATHEMATICS, 501, condition_code="INC1"),
            row(Test.CAA_SCIENCE, 540, achievement_level=2),
        ],
    ),
    "alternate, earlier notes": (
        Assessment.CAA,
        [
            row(
                Test.CAA_ELA,
                501,
                condition_code="INC1",
                **past(1, "04", 400, 1, "INC0"),
                **past(2, "03", None, None, "INC0"),
            )
        ],
    ),
    "alternate, two tests": (
        Assessment.CAA,
        [row(Test.CAA_ELA, 400, "04", condition_code="INC0"), row(Test.CAA_MATHEMATICS, None, "04")],
    ),
    "alternate, science only": (Assessment.CAA, [row(Test.CAA_SCIENCE, None, "10", condition_code="NER")]),
    "spanish": (
        Assessment.CSA,
        [
            row(
                Test.CSA,
                755,
                "07",
                achievement_level=2,
                domain_1_level=3,
                **past(1, "06", 655, 2),
                **past(2, "05", 555, 2),
            )
        ],
    ),
    "spanish, too few": (
        Assessment.CSA,
        [row(Test.CSA, 755, "07", achievement_level=2, **past(2, "05", 500, 1, "LOSS"))],
    ),
    "spanish, high school": (
        Assessment.CSA,
        [
            row(
                Test.CSA,
                955,
                "10",
                achievement_level=2,
                domain_4_level=3,
                csa_composite_1_scale_score=960,
                csa_composite_1_level=3,
            )
        ],
    ),
    "proficiency": (
        Assessment.SUMMATIVE_ELPAC,
        [proficiency(**past(1, "04", 1480, 2), **past(2, "03", None, None, "NT"))],
    ),
    "proficiency, exempt": (
        Assessment.SUMMATIVE_ELPAC,
        [
            proficiency(
                condition_code="EXD",
                speaking_exempt="Y",
                speaking_level=None,
                unlisted_resource_construct_change="Y",
                **past(1, "04", None, 9),
            )
        ],
    ),
    "proficiency, earlier notes": (
        Assessment.SUMMATIVE_ELPAC,
        [proficiency(**past(1, "04", 1480, 2, "EXW"), **past(2, "03", 1440, 1, "EXO"))],
    ),
    "proficiency, incomplete": (
        Assessment.SUMMATIVE_ELPAC,
        [
            proficiency(
                scale_score=None, achievement_level=9, written_language_scale_score=None, writing_level=None
            )
        ],
    ),
    "proficiency, alternate": (
        Assessment.SUMMATIVE_ALTERNATE_ELPAC,
        [row(Test.SUMMATIVE_ALTERNATE_ELPAC, 550, **past(1, "04", 548, 2))],
    ),
    "proficiency, initial": (
        Assessment.INITIAL_ELPAC,
        [row(Test.INITIAL_ELPAC, 450, "KN", oral_language_level=3, written_language_level=2)],
    ),
}


def result_of(case: str, **student: object) -> StudentResult:
    """Return the result of a case."""
    assessment, rows = CASES[case]
    return from_rows(STUDENT | student, rows, SCHOOL, assessment=assessment)


@pytest.mark.parametrize(
    ("case", "language"),
    [(case, language) for case in CASES for language in languages_of(CASES[case][0])],
)
def test_every_kind_keeps_its_pages_tidy(render, case, language):
    """An even number of pages, margins kept, nothing cut, nothing on the footer, no word over another."""
    result = replace(result_of(case), language=language)
    pages = render(result)
    assert len(pages) == pages_of(result)
    assert len(pages) % 2 == 0
    footer = outcome_texts(language)
    for page in range(1, len(pages) + 1):
        letters = sorted(pages.letters(page), key=lambda letter: letter.left)
        assert not {"\x00", "\ufffd", "\ufffe", "…"} & set(pages.text(page))
        if not footer.right_to_left:
            assert footer("footer.page", page=page, pages=len(pages)) in pages.text(page)
        for position, letter in enumerate(letters):
            assert (letter.left >= 43, letter.right <= 612 - 43, letter.bottom >= 20) == (True, True, True)
            for other in letters[position + 1 :]:
                if other.left > letter.right:
                    break
                wide = min(letter.right, other.right) - other.left
                high = min(letter.top, other.top) - max(letter.bottom, other.bottom)
                latin = letter.character.isascii() and other.character.isascii()
                assert not (latin and wide > 1 and high > 1), f"{letter}, {other} overlap on page {page}"


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_sentence_of_the_kinds_is_translated(language):
    """From the English that is in use, with the same values to fill in, and no other."""
    catalog = LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "outcome.po"
    entries = {entry.context: entry for entry in read_catalog(catalog.read_text(encoding="utf-8"))}
    english = sentences_for(language)
    assert entries.keys() == english.keys() - ENGLISH.keys()
    for key, entry in entries.items():
        assert entry.source == OUTCOME_ENGLISH[key]
        assert _values(entry.translation) == _values(entry.source), key
    assert english.keys() <= outcome_texts(language).table.keys()


def _values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize(
    ("case", "page", "words"),
    [
        ("science", 1, "California Science Test"),
        ("science", 1, "Level 3: Proficient"),
        ("science", 1, "Error band: 207 to 223 (± 8)"),
        ("science", 2, "Below Standard"),
        ("science, excused", 1, "A parent or guardian asked in writing"),
        ("science, excused", 1, "Test completed Excused"),
        ("science, too few", 1, "answered too few questions"),
        ("science, too few", 1, "special resource that changes what this test measures"),
        ("science, names of 2025", 1, "Standard Exceeded"),
        ("alternate, three tests", 1, "Level 2: Foundational Understanding"),
        ("alternate, three tests", 2, "Excused"),
        ("alternate, three tests", 3, "only a few questions were answered"),
        ("alternate, three tests", 4, "does not have the scores at which the levels begin"),
        ("alternate, earlier notes", 2, "2025–26 5 501*"),
        ("alternate, earlier notes", 2, "* 2025–26: Only a few questions were answered"),
        ("alternate, earlier notes", 2, "2024–25 4 400*"),
        ("alternate, earlier notes", 2, "* 2024–25: No question was answered"),
        ("alternate, earlier notes", 2, "2023–24 3 – Not completed"),
        ("alternate, two tests", 2, "no question was answered"),
        ("alternate, two tests", 3, "Your child did not complete this test"),
        ("alternate, two tests", 4, "Questions for the teacher"),
        ("alternate, science only", 1, "Too few tasks were tried for a score"),
        ("spanish", 2, "555†"),
        ("spanish", 2, "The test changed in 2024–25"),
        ("spanish", 2, "Range 2"),
        ("spanish, too few", 2, "500†*"),
        ("spanish, too few", 2, "* 2023–24: Too few questions were answered"),
        ("spanish", 2, "No result"),
        ("spanish, high school", 2, "Oral Literacy 960 Level 3"),
        ("spanish, high school", 2, "Written Literacy No score"),
        ("proficiency", 1, "Level 3: Moderately Developed"),
        ("proficiency", 2, "Oral Language 1540"),
        ("proficiency", 2, "Eligible but not tested"),
        ("proficiency, exempt", 1, "did not have to be tested in one area"),
        ("proficiency, exempt", 2, "Exempt*"),
        ("proficiency, exempt", 2, "1520*"),
        ("proficiency, exempt", 2, "* 2025–26: Your child did not have to be tested in one area."),
        ("proficiency, exempt", 2, "* 2025–26: Your child used a resource that changes what"),
        ("proficiency, earlier notes", 2, "* 2024–25: Your child did not have to take the written part."),
        ("proficiency, earlier notes", 2, "* 2023–24: Your child did not have to take the oral part."),
        ("proficiency, exempt", 2, "Incomplete test; no score available"),
        ("proficiency, incomplete", 1, "Your child did not complete this test"),
        ("proficiency, incomplete", 2, "1540"),
        ("proficiency, alternate", 1, "Level 2: Intermediate"),
        ("proficiency, initial", 1, "Initial Fluent English Proficient (IFEP)"),
        ("proficiency, initial", 1, "Grade K"),
        ("proficiency, initial", 2, "Somewhat to Moderately Developed"),
    ],
)
def test_every_case_is_told_in_plain_words(render, case, page, words):
    """What counts, what is missing, and what must be known beside a score."""
    assert words in render(result_of(case)).text(page)


def test_a_score_given_by_rule_is_not_described_by_its_level(render):
    """The lowest score of a hardly begun test says nothing about what the student can do."""
    assert "Your child is beginning to use the ideas" not in render(result_of("science, too few")).text(1)


def test_a_year_without_notes_has_no_star(render):
    """A star without its explanation below would only puzzle."""
    assert "*" not in render(result_of("proficiency")).text(2)


def test_kinds_share_a_merged_file(engine, read):
    """Each begins on an odd page, whatever the number of its pages."""
    results = [result_of(case) for case in ("science", "alternate, three tests", "proficiency")]
    merged = merged_file(engine, results, "Grade 5")
    assert [(entry.first_page, entry.pages) for entry in merged.entries] == [(1, 2), (3, 4), (7, 2)]
    assert len(read(merged.content)) == merged.pages == 8


def test_a_kind_without_sentences_in_a_language_fails_with_its_reason(engine):
    """The others of the batch are made."""
    result = replace(result_of("science"), language="tlh")
    assert list(engine.single_files([result])) == [SsrFailure(result, "language_not_available")]
    with pytest.raises(KeyError):
        outcome_texts("tlh")


def test_english_proficiency_is_not_told_in_arabic(engine):
    """The State has no Arabic for that program; science has it."""
    results = [replace(result_of(case), language="ar") for case in ("science", "proficiency, initial")]
    science, proficiency = engine.single_files(results)
    assert isinstance(science, SsrFile)
    assert proficiency == SsrFailure(results[1], "language_not_available")


def test_an_assessment_without_any_record_has_no_report(engine):
    """There would be nothing to tell."""
    result = from_rows(STUDENT, [row(Test.SB_ELA, 2530)], SCHOOL, assessment=Assessment.CAST)
    assert list(engine.single_files([result])) == [SsrFailure(result, "assessment_not_available")]


def test_the_longest_names_have_room(engine):
    """Also where the page is fullest."""
    result = result_of("proficiency, exempt", last_name="Wolfeschlegelstein " * 12)
    assert all(isinstance(made, SsrFile) for made in engine.single_files([result]))


@pytest.mark.parametrize("kind", KINDS)
def test_every_level_and_reason_has_its_sentences(kind):
    """Of each kind, in every year that its labels hold."""
    table = {**ENGLISH, **OUTCOME_ENGLISH}
    for test in kind.tests:
        assert f"subject.{test.subject}" in table
        for level in level_labels(test, 2026):
            assert f"{kind}.levels.{level}" in table
            assert f"{kind}.meaning.{level}" in table
        assert all(f"{test}.{area.column}" in table for area in areas(test, 2026))
    for reason in Missing:
        assert all(f"{reason}.{part}" in table for part in ("short", "table", "title", "text"))
    assert all(f"note.{note}" in table for note in Note)


@pytest.mark.parametrize("test", [test for test in Test if score_scale(test, test.grades[0], 2026)])
def test_a_higher_score_never_stands_further_left(test):
    """Levels are equally wide, and the ends of the scale are the ends of the bar."""
    for grade in test.grades:
        scale = score_scale(test, grade, 2026)
        if scale is None:
            continue
        steps = Steps(scale, level_labels(test, 2026), tones_of(test), 0, 0, 100)
        places = [steps.place(score) for score in range(scale.lowest, scale.highest + 1)]
        assert all(before < after for before, after in pairwise(places))
        assert places[0] == 0
        assert places[-1] <= 100
        for number, threshold in enumerate(scale.thresholds, start=1):
            assert steps.place(threshold) == pytest.approx(number * 100 / len(scale.levels))


def test_a_score_without_a_scale_has_no_place():
    """The picture shows the levels without numbers; asking for a place is an error."""
    steps = Steps(None, level_labels(Test.CSA, 2026), tones_of(Test.CSA), 0, 0, 100)
    with pytest.raises(LookupError):
        steps.place(Points(955, 2, None, None).value)
