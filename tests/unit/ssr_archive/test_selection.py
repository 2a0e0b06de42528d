"""Which SSRs a request for Student Score Report PDFs means."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import AdministrationYear, Assessment
from lea_reports.ssr_archive.language_choices import LANGUAGE_CHOICES, LanguageChoice
from lea_reports.ssr_archive.roster import roster
from lea_reports.ssr_archive.selection import SsrSelection, problems_of

LATER = date(2026, 12, 1)
_LANGUAGES = [choice for choice in LANGUAGE_CHOICES if choice != LanguageChoice.ALL]
MAPLE, OAK = "99100010000001", "99100010000002"


def asked(selection, students, scores, day=LATER):
    """Return the roster of a request of a day when everything is available, or of another day."""
    return list(roster(selection, students, scores, day=day))


def ssids(entries):
    """Return whose SSRs are in a roster."""
    return sorted(entry.ssid for entry in entries)


def test_ela_and_mathematics_are_one_ssr(selection, student, score):
    """Two records of one assessment make one SSR that points to both."""
    (entry,) = asked(selection, [student("1")], [score("1", "01"), score("1", "02")])

    assert entry.assessment is Assessment.SMARTER_BALANCED
    assert entry.scores_at == (0, 1)


def test_only_students_enrolled_now_are_in_the_roster(selection, student, score):
    """A record of somebody who left the LEA makes no SSR."""
    assert ssids(asked(selection, [student("1")], [score("1"), score("2")])) == ["1"]


def test_a_student_without_an_eligible_record_has_no_ssr(selection, student, score):
    """SSR Eligible = N or blank in every record: nothing to print."""
    rows = [score("1", eligible="N"), score("2", eligible=None, available=None)]

    assert not asked(selection, [student("1"), student("2")], rows)


def test_one_eligible_record_is_enough(selection, student, score):
    """The other subject then says why it has no score."""
    rows = [score("1", "01"), score("1", "02", eligible="N", available=None)]

    assert ssids(asked(selection, [student("1")], rows)) == ["1"]


def test_the_chosen_schools_are_those_of_enrollment(selection, student, score):
    """A student who moved is found where they are now."""
    students = [student("1", school=MAPLE), student("2", school=OAK)]
    chosen = replace(selection, schools=frozenset({OAK}))

    assert ssids(asked(chosen, students, [score("1"), score("2")])) == ["2"]


def test_the_chosen_grades_are_those_of_the_test(selection, student, score):
    """After the summer students are a grade further; their SSR is still that of the grade assessed."""
    rows = [score("1", grade="03"), score("2", grade="04")]
    chosen = replace(selection, grades=frozenset({"04"}))

    assert ssids(asked(chosen, [student("1"), student("2")], rows)) == ["2"]


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2026, 6, 5), True),
        (date(2026, 6, 6), False),
    ],
)
def test_both_ends_of_the_dates_are_included(selection, student, score, day, found):
    """The dates choose by SSR availability date."""
    chosen = replace(selection, start=date(2026, 6, 1), end=date(2026, 6, 5))

    assert bool(asked(chosen, [student("1")], [score("1", available=day)])) is found


def test_an_ssr_becomes_available_with_its_latest_record(selection, student, score):
    """When mathematics follows ELA, the SSR is a new one of that day."""
    rows = [score("1", "01", available=date(2026, 6, 1)), score("1", "02", available=date(2026, 6, 20))]

    early = replace(selection, end=date(2026, 6, 10))
    late = replace(selection, start=date(2026, 6, 11))

    assert not asked(early, [student("1")], rows)
    assert ssids(asked(late, [student("1")], rows)) == ["1"]


def test_two_sets_are_two_ssrs(selection, student, score):
    """All SSRs: English and the primary language."""
    chosen = replace(selection, languages=frozenset({LanguageChoice.ALL}))

    entries = asked(chosen, [student("1", primary_language="04")], [score("1")])

    assert [entry.language for entry in entries] == ["en", "ko"]


def test_assessments_are_chosen_by_the_record_type(selection, student, score):
    """CAST and Smarter Balanced have SSRs of their own."""
    rows = [score("1", "01"), score("1", "06")]
    chosen = replace(selection, assessments=frozenset({Assessment.CAST}))

    assert [entry.assessment for entry in asked(chosen, [student("1")], rows)] == [Assessment.CAST]
    assert len(asked(selection, [student("1")], rows)) == 2


@pytest.fixture
def shared(selection):
    """Everything of a year whose SSR shows CAST beside Smarter Balanced."""
    year, start, end = AdministrationYear(2025), date(2025, 5, 1), date(2026, 7, 31)
    return replace(selection, administration_year=year, start=start, end=end)


@pytest.mark.parametrize("chosen", [None, {Assessment.SMARTER_BALANCED}, {Assessment.CAST}])
def test_a_student_tested_in_both_gets_one_ssr_that_either_assessment_chooses(shared, student, score, chosen):
    """The SSR is Smarter Balanced's and points to the records of both."""
    request = replace(shared, assessments=chosen and frozenset(chosen))
    rows = [score("1", "01", "05"), score("1", "02", "05"), score("1", "06", "05")]

    (entry,) = asked(request, [student("1")], rows)

    assert (entry.assessment, entry.scores_at) == (Assessment.SMARTER_BALANCED, (0, 1, 2))


def test_a_student_tested_in_science_only_gets_the_science_ssr(shared, student, score):
    """Grades 10 and 12 take nothing of Smarter Balanced."""
    request = replace(shared, assessments=frozenset({Assessment.CAST}))
    rows = [score("1", "06", "10"), score("2", "01", "05"), score("2", "06", "05", eligible="N")]

    (entry,) = asked(request, [student("1"), student("2")], rows)

    assert (entry.ssid, entry.assessment) == ("1", Assessment.CAST)


def test_a_shared_ssr_becomes_available_with_its_latest_record(shared, student, score):
    """When science follows, the SSR is a new one of that day."""
    rows = [
        score("1", "01", "08", available=date(2025, 6, 1)),
        score("1", "06", "08", available=date(2025, 7, 1)),
    ]

    assert not asked(replace(shared, end=date(2025, 6, 30)), [student("1")], rows)
    assert len(asked(replace(shared, start=date(2025, 7, 1)), [student("1")], rows)) == 1


def test_english_proficiency_is_no_part_of_this_report(selection, student, score):
    """ELPAC is another program, with coordinators of its own; not even "all" means it."""
    rows = [score("1", "21"), score("1", "EI")]

    assert not asked(selection, [student("1")], rows)


def test_choices_that_do_not_fit_together_are_named(selection):
    """Reversed dates, and tags of files that are not merged."""
    day = date(2026, 6, 1)

    def rules(**changes):
        return [
            (each.pointer, each.rule) for each in problems_of(replace(selection, **changes).to_json(), day)
        ]

    assert rules() == []
    assert rules(end=date(2026, 4, 30)) == [("/end_date", "not_before_start")]
    assert rules(tagged=True) == [("/tagged", "merged_only")]
    assert rules(tagged=True, merge=True) == []


def test_a_start_date_ahead_is_refused_by_the_programs_day(selection):
    """Nothing can be found: no SSR is handed out before its day. Today itself is fine, and so is an end date ahead."""
    ahead = replace(selection, start=date(2026, 6, 2), end=date(2026, 6, 30)).to_json()

    assert problems_of(ahead, date(2026, 6, 2)) == []
    (problem,) = problems_of(ahead, date(2026, 6, 1))
    assert (problem.pointer, problem.rule) == ("/start_date", "not_ahead")
    assert "2026-06-01" in problem.detail


@given(
    st.none() | st.frozensets(st.sampled_from([MAPLE, OAK]), min_size=1),
    st.none() | st.frozensets(st.sampled_from(["03", "11"]), min_size=1),
    st.none() | st.frozensets(st.sampled_from(Assessment), min_size=1),
    st.just(frozenset({LanguageChoice.ALL})) | st.frozensets(st.sampled_from(_LANGUAGES), min_size=1),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
)
def test_a_selection_comes_back_from_json_as_it_was(schools, grades, assessments, languages, options):
    """Jobs keep their selection as JSON; equal selections give equal JSON."""
    merge, tagged, password = options
    selection = SsrSelection(
        name="a",
        administration_year=AdministrationYear(2026),
        schools=schools,
        grades=grades,
        start=date(2026, 5, 1),
        end=date(2026, 6, 1),
        assessments=assessments,
        languages=languages,
        merge=merge,
        tagged=tagged,
        protected=password,
    )

    assert SsrSelection.from_json(selection.to_json()) == selection


def test_a_selection_from_before_tags_and_passwords_could_be_chosen_is_read(selection):
    """The list of requests goes back further."""
    old = {name: value for name, value in selection.to_json().items() if name not in {"tagged", "protected"}}

    assert SsrSelection.from_json(old) == selection
