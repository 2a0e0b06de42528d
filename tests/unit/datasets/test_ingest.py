import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lea_reports.datasets.by_enrolled import SCORES_BY_ENROLLED
from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.errors import Conflict, Invalid
from lea_reports.storage.objects import MemoryObjects

LEA, OTHER_LEA, THIRD_LEA = "99100010000000", "99100020000000", "01100170000000"


def ssids(table):
    return table["ssid"].to_pylist()


def test_nothing_changes_if_one_row_is_bad(good_row, write_csv, take_in, objects, rejects):
    """The store holds the same objects as before, byte for byte."""
    take_in(objects, "students", write_csv("students", [good_row("students")]))
    before = {key: objects.get(key).content for key in objects.keys("")}
    rows = [good_row("students", ssid="9000000002"), good_row("students", ssid="x")]
    summary = take_in(objects, "students", write_csv("students", rows))
    assert (summary.accepted, summary.rejected, summary.published) == (1, 1, None)
    assert len(rejects()) == 1
    assert {key: objects.get(key).content for key in objects.keys("")} == before


def test_good_rows_are_published_if_rejects_are_allowed(good_row, write_csv, take_in, objects):
    """Only the bad row stays out."""
    rows = [good_row("students", ssid="9000000002"), good_row("students", ssid="x")]
    summary = take_in(objects, "students", write_csv("students", rows), allow_rejects=True)
    assert summary.published is not None
    datasets = DatasetReader(objects)
    assert ssids(datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)) == ["9000000002"]


def test_an_old_list_of_rejects_does_not_outlive_a_good_feed(good_row, write_csv, take_in, objects, rejects):
    """Whoever finds rejects.csv may believe that it is about the last ingest."""
    take_in(objects, "students", write_csv("students", [good_row("students", ssid="x")]))
    assert rejects()
    take_in(objects, "students", write_csv("students", [good_row("students")]))
    assert rejects() == []


def test_rows_land_in_the_partition_of_their_lea_with_its_leading_zeros(
    good_row, write_csv, take_in, objects
):
    """Rows come in any order and from several files; each LEA gets its own, ordered by SSID."""
    first = [good_row("students", ssid="9000000003"), good_row("students", ssid="9000000002", lea=THIRD_LEA)]
    second = [good_row("students", ssid="9000000001"), good_row("students", ssid="9000000004", lea=OTHER_LEA)]
    summary = take_in(objects, "students", write_csv("students", first), write_csv("students", second))
    assert summary.published is not None
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    assert ssids(datasets.rows(STUDENTS, pinned, 2026, LEA)) == ["9000000001", "9000000003"]
    assert ssids(datasets.rows(STUDENTS, pinned, 2026, THIRD_LEA)) == ["9000000002"]
    snapshot = pinned.of("students")
    assert f"datasets/students/snapshot={snapshot}/year=2026/lea={THIRD_LEA}/part.parquet" in objects.keys(
        "datasets/students/"
    )


def test_a_repeated_key_is_rejected_also_across_files_and_leas(
    good_row, write_csv, take_in, objects, rejects
):
    """The first row with a key is kept, later ones are rejects with their own line and file."""
    first = write_csv("students", [good_row("students")])
    second = write_csv(
        "students", [good_row("students", ssid="9000000002"), good_row("students", lea=OTHER_LEA)]
    )
    summary = take_in(objects, "students", first, second, allow_rejects=True)
    assert (summary.accepted, summary.rejected) == (2, 1)
    assert [(r["line"], r["column"], r["value"], r["file"]) for r in rejects()] == [
        ("3", "ssid", "9000000001", second.name)
    ]


def test_one_student_may_have_one_record_for_each_test_and_year(
    good_row, write_csv, take_in, objects, rejects
):
    """SSID, test and year together are the key of scores."""
    essay = {name: "" for name in good_row("scores") if name.startswith(("genre", "writing"))}
    mathematics = good_row("scores", record_type="02", scale_score="2528", error_band_max="2550", **essay)
    mathematics |= {"scale_score_minus_1": "", "achievement_level_minus_1": ""}
    rows = [
        good_row("scores"),
        mathematics,
        good_row("scores", administration_year="2025"),
        good_row("scores"),
    ]
    assert take_in(objects, "scores", write_csv("scores", rows), allow_rejects=True).accepted == 3
    assert [(r["line"], r["value"]) for r in rejects()] == [("5", "9000000001 01 2026")]


@pytest.mark.parametrize("last", ["students", "scores"])
def test_scores_follow_the_student_to_the_lea_of_enrollment(last, good_row, write_csv, take_in, objects):
    """Whichever feed comes last: tested elsewhere and enrolled here, the reverse, and enrolled nowhere."""
    feeds = {
        "students": [
            good_row("students", ssid="9000000001", lea=LEA),
            good_row("students", ssid="9000000002", lea=OTHER_LEA),
            good_row("students", ssid="9000000004", lea=LEA),
        ],
        "scores": [
            good_row("scores", ssid="9000000001", tested_lea=OTHER_LEA),
            good_row("scores", ssid="9000000002", tested_lea=LEA),
            good_row("scores", ssid="9000000003", tested_lea=LEA),
        ],
    }
    for dataset in sorted(feeds, key=lambda name: name == last):
        take_in(objects, dataset, write_csv(dataset, feeds[dataset]))
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    assert ssids(datasets.rows(SCORES, pinned, 2026, LEA)) == ["9000000002", "9000000003"]
    assert ssids(datasets.rows(SCORES_BY_ENROLLED, pinned, 2026, LEA)) == ["9000000001"]
    assert ssids(datasets.rows(SCORES_BY_ENROLLED, pinned, 2026, OTHER_LEA)) == ["9000000002"]


def test_a_student_who_moves_takes_the_scores_along_with_the_next_roster(
    good_row, write_csv, take_in, objects
):
    """The daily roster decides who may see which scores."""
    take_in(objects, "scores", write_csv("scores", [good_row("scores")]))
    datasets = DatasetReader(objects)
    for lea, other in ((LEA, OTHER_LEA), (OTHER_LEA, LEA)):
        take_in(objects, "students", write_csv("students", [good_row("students", lea=lea)]))
        pinned = datasets.pinned()
        assert ssids(datasets.rows(SCORES_BY_ENROLLED, pinned, 2026, lea)) == ["9000000001"]
        assert ssids(datasets.rows(SCORES_BY_ENROLLED, pinned, 2026, other)) == []


def test_other_administration_years_are_carried_over(good_row, write_csv, take_in, objects):
    """A feed of one year replaces that year and leaves the others readable in the new snapshot."""
    roster = write_csv("students", [good_row("students")])
    take_in(objects, "students", roster, year=2025)
    take_in(objects, "students", roster, year=2026)
    take_in(objects, "scores", write_csv("scores", [good_row("scores", administration_year="2025")]))
    take_in(objects, "scores", write_csv("scores", [good_row("scores")]))
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    for year in (2025, 2026):
        assert ssids(datasets.rows(STUDENTS, pinned, year, LEA)) == ["9000000001"]
        assert datasets.rows(SCORES, pinned, year, LEA)["administration_year"].to_pylist() == [year]
        assert datasets.rows(SCORES_BY_ENROLLED, pinned, year, LEA)["administration_year"].to_pylist() == [
            year
        ]


def test_a_pinned_reader_sees_the_same_data_after_an_ingest(good_row, write_csv, take_in, objects):
    """Jobs keep the snapshots they began with."""
    take_in(objects, "students", write_csv("students", [good_row("students")]))
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    take_in(objects, "students", write_csv("students", [good_row("students", ssid="9000000002")]))
    assert ssids(datasets.rows(STUDENTS, pinned, 2026, LEA)) == ["9000000001"]
    assert ssids(datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)) == ["9000000002"]


def test_an_empty_feed_is_refused(write_csv, take_in, objects):
    """A roster without students is a mistake, and publishing it would empty every LEA."""
    with pytest.raises(Invalid, match="no rows to publish"):
        take_in(objects, "students", write_csv("students", []))


def test_an_lea_or_year_without_data_reads_as_an_empty_table_with_all_columns(objects):
    """Also before anything was ever published."""
    datasets = DatasetReader(objects)
    table = datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA, ["ssid", "grade"])
    assert (len(table), table.column_names) == (0, ["ssid", "grade"])
    assert len(datasets.organizations(datasets.pinned())) == 0


class _Overtaken(MemoryObjects):
    """A store in which somebody else publishes right before our conditional write."""

    def __init__(self, overtake):
        super().__init__()
        self.overtake = overtake

    def put_if(self, key, content, etag):
        overtake, self.overtake = self.overtake, None
        if overtake:
            overtake()
        super().put_if(key, content, etag)


def test_of_two_ingests_at_once_the_second_is_told_and_loses_nothing(good_row, write_csv, take_in):
    """The first stays current; the second published nothing, says so, and leaves no objects behind."""
    mine = write_csv("students", [good_row("students", ssid="9000000002")])
    theirs = write_csv("students", [good_row("students")])
    store = _Overtaken(lambda: take_in(store, "students", theirs))
    with pytest.raises(Conflict, match="run it again"):
        take_in(store, "students", mine)
    datasets = DatasetReader(store)
    pinned = datasets.pinned()
    assert ssids(datasets.rows(STUDENTS, pinned, 2026, LEA)) == ["9000000001"]
    assert all(f"snapshot={pinned.of('students')}" in key for key in store.keys("datasets/students/"))


class _Deaf(MemoryObjects):
    """A store whose answer to the conditional write is lost, so that the client sends it again."""

    def put_if(self, key, content, etag):
        super().put_if(key, content, etag)
        super().put_if(key, content, etag)


def test_a_publication_whose_answer_was_lost_is_not_taken_for_a_conflict(good_row, write_csv, take_in):
    """The repeated write meets its own first one; deleting its objects would empty the datasets."""
    store = _Deaf()
    assert take_in(store, "students", write_csv("students", [good_row("students")])).published is not None
    datasets = DatasetReader(store)
    assert ssids(datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)) == ["9000000001"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    students=st.dictionaries(st.integers(0, 30), st.integers(0, 5), max_size=25),
    scores=st.dictionaries(st.integers(0, 30), st.integers(0, 5), min_size=1, max_size=25),
)
def test_every_score_of_an_enrolled_student_is_in_exactly_one_enrolled_partition(
    students, scores, good_row, write_csv, take_in
):
    """The two partitionings hold the same records, cut by another LEA."""
    objects = MemoryObjects()
    leas = [f"9910{number:03d}0000000" for number in range(6)]
    students = students or {31: 0}
    roster = [good_row("students", ssid=f"90000000{n:02d}", lea=leas[lea]) for n, lea in students.items()]
    records = [good_row("scores", ssid=f"90000000{n:02d}", tested_lea=leas[lea]) for n, lea in scores.items()]
    take_in(objects, "scores", write_csv("scores", records))
    take_in(objects, "students", write_csv("students", roster))
    datasets = DatasetReader(objects)
    pinned = datasets.pinned()
    expected = {
        leas[lea]: sorted(f"90000000{n:02d}" for n, at in students.items() if at == lea and n in scores)
        for lea in range(6)
    }
    assert {lea: ssids(datasets.rows(SCORES_BY_ENROLLED, pinned, 2026, lea)) for lea in leas} == expected
