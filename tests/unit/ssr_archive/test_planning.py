"""A plan puts every SSR into exactly one chunk, in the order of the archive."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lea_reports.assessments import Assessment
from lea_reports.ssr_archive.listing import NotIncluded
from lea_reports.ssr_archive.planning import Limits, least_bytes, only_listed, plan_chunks
from lea_reports.ssr_archive.roster import RosterEntry

entries = st.builds(
    RosterEntry,
    ssid=st.integers(0, 10**10 - 1).map("{:010d}".format),
    school=st.sampled_from(["99100010000001", "99100010000002", "99100010000003"]),
    grade=st.sampled_from(["03", "04", "11"]),
    assessment=st.sampled_from(Assessment),
    language=st.sampled_from(["en", "es"]),
    last_name=st.sampled_from(["Lee", "lee", "Ávila", "Zhang"]),
    first_name=st.sampled_from(["Ana", "Bo"]),
    student_at=st.integers(0, 10),
    scores_at=st.tuples(st.integers(0, 10)),
)
rosters = st.lists(entries, max_size=60)
limits = st.builds(
    Limits,
    chunk_ssrs=st.integers(1, 20),
    merged_file_ssrs=st.integers(1, 20),
    smallest_fragment=st.sampled_from([1, 100_000, 300_000]),
)


@given(rosters, limits, st.booleans())
def test_every_ssr_is_in_exactly_one_chunk(roster, limits, merge):
    """Nothing is lost and nothing is made twice."""
    planned = plan_chunks(roster, limits, merge=merge, name="Spring")

    assert Counter(entry for plan in planned for entry in plan.entries) == Counter(roster)
    assert [plan.chunk.number for plan in planned] == list(range(len(planned)))
    assert all(plan.chunk.count == len(plan.entries) > 0 for plan in planned)


@given(rosters, limits)
def test_single_files_stand_by_school_and_grade(roster, limits):
    """Each school's folder is written once, grade after grade, students by name."""
    planned = plan_chunks(roster, limits, merge=False, name="Spring")
    order = [(entry.school, entry.grade, entry.order) for plan in planned for entry in plan.entries]

    assert order == sorted(order)
    assert all(plan.chunk.count <= limits.chunk_ssrs for plan in planned)


@pytest.mark.parametrize("merge", [False, True])
def test_students_stand_as_people_sort_them(merge):
    """Accents decide after the first name, apostrophes not at all; who has no first name stands before the others."""
    names = [
        ("Zapata", "Ana"), ("Álvarez", "Ana"), ("Alvarez", "Beto"), ("Ñíguez", "Ana"), ("Navarro", "Ana"),
        ("Ortiz", "Ana"), ("O’Brien", "Al"), ("O'Brien", "Zoe"), ("OBrien", "Bo"), ("Navarro", ""),
    ]  # fmt: skip
    roster = [
        RosterEntry(f"{at:010d}", "99100010000001", "03", Assessment.CAST, "en", last, first, at, (at,))
        for at, (last, first) in enumerate(names)
    ]
    (plan,) = plan_chunks(roster, Limits(chunk_ssrs=20), merge=merge, name="Spring")

    assert [f"{entry.last_name} {entry.first_name}".strip() for entry in plan.entries] == [
        "Álvarez Ana", "Alvarez Beto", "Navarro", "Navarro Ana", "Ñíguez Ana", "O’Brien Al", "OBrien Bo",
        "O'Brien Zoe", "Ortiz Ana", "Zapata Ana",
    ]  # fmt: skip


@given(rosters, limits)
def test_a_school_that_fits_into_a_chunk_is_not_split_if_fragments_may_be_of_any_size(roster, limits):
    """Small schools share a chunk; only a school larger than a chunk gets several."""
    planned = plan_chunks(roster, replace(limits, smallest_fragment=1), merge=False, name="Spring")
    sizes = Counter(entry.school for entry in roster)

    for school, size in sizes.items():
        if size <= limits.chunk_ssrs and all(other <= limits.chunk_ssrs for other in sizes.values()):
            assert sum(any(entry.school == school for entry in plan.entries) for plan in planned) == 1


@given(rosters, limits)
def test_every_fragment_but_the_last_is_full_or_large_enough_to_be_copied(roster, limits):
    """What S3 does not copy has to be read and sent again."""
    planned = plan_chunks(roster, limits, merge=False, name="Spring")

    for plan in planned[:-1]:
        size = sum(map(least_bytes, plan.entries))
        assert plan.chunk.count == limits.chunk_ssrs or size >= limits.smallest_fragment


@given(rosters, limits, st.integers(3, 9))
def test_single_files_are_never_in_more_chunks_than_an_archive_has_parts(roster, limits, most):
    """Chunks become larger than they should be before there are too many."""
    few = replace(limits, most_chunks=most)

    assert len(plan_chunks(roster, few, merge=False, name="Spring")) <= most


@pytest.mark.parametrize(
    ("assessment", "language", "expected"),
    [
        (Assessment.CAST, "es", 22_000),
        (Assessment.CAST, "ko", 50_000),
        (Assessment.SMARTER_BALANCED, "en", 29_700),
    ],
)
def test_the_size_of_an_ssr_is_estimated_by_kind_and_language(assessment, language, expected):
    """Fonts are most of a file, and every SSR of two assessments has a page more."""
    entry = RosterEntry("1", "2", "03", assessment, language, "Lee", "Ana", 0, (0,))

    assert least_bytes(entry) == pytest.approx(expected)


@pytest.mark.parametrize("wrong", [{"chunk_ssrs": 0}, {"merged_file_ssrs": 10_001}, {"most_chunks": 2}])
def test_limits_that_nothing_fits_into_are_refused(wrong):
    """A setting that is wrong is seen when the worker starts."""
    with pytest.raises(ValueError, match="out of range"):
        Limits(**({"chunk_ssrs": 250} | wrong))


@given(rosters, limits)
def test_merged_files_are_batched_by_grade_and_never_over_the_limit(roster, limits):
    """A merged file holds one grade and one language, by school, last and first name."""
    planned = plan_chunks(roster, limits, merge=True, name="Spring")

    for plan in planned:
        assert len({(entry.grade, entry.language) for entry in plan.entries}) == 1
        assert plan.chunk.count <= limits.merged_file_ssrs
        order = [entry.order for entry in plan.entries]
        assert order == sorted(order)
    names = [plan.chunk.name for plan in planned]
    assert len(set(names)) == len(names)


@given(st.permutations(list(range(12))), limits, st.booleans())
def test_the_plan_does_not_depend_on_the_order_of_the_roster(order, limits, merge):
    """Planning again after a crash gives the same chunks, whatever order the rows come in."""
    roster = [
        RosterEntry(f"{n:010d}", f"9910001000000{n % 2}", "03", Assessment.CAST, "en", "Lee", "Ana", n, (n,))
        for n in range(12)
    ]

    assert plan_chunks(roster, limits, merge=merge, name="a") == plan_chunks(
        [roster[n] for n in order], limits, merge=merge, name="a"
    )


def test_merged_files_of_a_grade_are_numbered():
    """`Spring_grade-03_en_002.pdf` follows `…_001.pdf` when a grade has more than the limit."""
    roster = [
        RosterEntry(f"{n:010d}", "99100010000001", "03", Assessment.CAST, "en", "Lee", "Ana", n, (n,))
        for n in range(5)
    ]

    planned = plan_chunks(roster, Limits(50, merged_file_ssrs=2), merge=True, name="Spring")

    assert [(plan.chunk.name, plan.chunk.count) for plan in planned] == [
        ("Spring_grade-03_en_001.pdf", 2),
        ("Spring_grade-03_en_002.pdf", 2),
        ("Spring_grade-03_en_003.pdf", 1),
    ]


@given(
    st.lists(entries, max_size=30, unique_by=lambda entry: entry.key),
    st.lists(entries, max_size=30),
    st.data(),
)
def test_a_retry_finds_what_is_listed_and_tells_what_it_does_not_find(roster, gone, data):
    """Each listed SSR is chosen or left out, never both; nobody else is chosen."""
    keys = {entry.key for entry in roster}
    gone = list({entry.key: entry for entry in gone if entry.key not in keys}.values())
    chosen = [entry for entry in roster if data.draw(st.booleans())]
    listed = data.draw(st.permutations([*chosen, *gone]))
    moved = [
        NotIncluded(entry.ssid, "99100010000009", "05", str(entry.assessment), entry.language, "not_built")
        for entry in listed
    ]

    found, left_out = only_listed(roster, moved)

    assert found == chosen
    assert [row.key for row in left_out] == [entry.key for entry in listed if entry not in chosen]
    assert {row.reason for row in left_out} <= {"no_longer_selected"}
