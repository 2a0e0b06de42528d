"""One value has one answer, in whatever type and spelling it comes; nothing is changed in silence."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from lea_reports.datasets.feeds.scores import FEED as SCORES
from lea_reports.datasets.feeds.students import FEED as STUDENTS
from lea_reports.datasets.reader import DatasetReader
from lea_reports.datasets.values import read_column
from lea_reports.errors import Invalid

LEA = "99100010000000"
SCORE = next(column for column in SCORES.columns if column.name == "scale_score")
DAY = next(column for column in SCORES.columns if column.name == "ssr_available_date")
NAME = next(column for column in STUDENTS.columns if column.name == "first_name")
SSID = next(column for column in STUDENTS.columns if column.name == "ssid")
GENDER = next(column for column in STUDENTS.columns if column.name == "gender")
PACIFIC = ZoneInfo("America/Los_Angeles")


def read(column, values, data_type=None):
    """Return what one column becomes: the values, and the rules that rows break."""
    array = values if isinstance(values, pa.Array) else pa.array(values, data_type)
    reading = read_column(column, array)
    reading.values.validate(full=True)
    assert reading.values.type == column.type.arrow
    return reading.values.to_pylist(), [rule for _, rule in reading.faults]


def names(*texts):
    return read(NAME, [text.encode("utf-8", "surrogatepass") for text in texts], pa.binary())


WHOLE = [
    (["2217", "0"], pa.string()),
    ([b"2217", b"0"], pa.binary()),
    (["2217.0", "0.0"], pa.string()),
    (["2217.000", "00"], pa.large_string()),
    ([2217, 0], pa.int16()),
    ([2217, 0], pa.uint64()),
    ([2217.0, 0.0], pa.float32()),
    ([2217.0, -0.0], pa.float64()),
    ([Decimal(2217), Decimal(0)], pa.decimal128(38, 0)),
    ([Decimal("2217.00"), Decimal(0)], pa.decimal128(10, 2)),
    ([Decimal(2217), Decimal(0)], pa.decimal32(9, 0)),
    ([Decimal(2217), Decimal(0)], pa.decimal64(18, 3)),
    ([Decimal(2217), Decimal(0)], pa.decimal256(76, 0)),
    (["2217\u200b", "\ufeff0"], pa.string()),
]


@pytest.mark.parametrize(("values", "data_type"), WHOLE, ids=[f"{t}-{v[0]}" for v, t in WHOLE])
def test_a_whole_number_is_taken_in_every_type_and_spelling(values, data_type):
    """2217 is 2217."""
    assert read(SCORE, values, data_type) == ([2217, 0], [])


FRACTIONS = [
    (["2217.5"], pa.string()),
    ([2217.5], pa.float32()),
    ([Decimal("2217.5")], pa.decimal128(10, 2)),
    ([float("inf")], pa.float64()),
    ([float("-inf")], pa.float32()),
    (["inf"], pa.string()),
    (["3000"], pa.string()),
    ([3000.0], pa.float64()),
    ([2**64 - 1], pa.uint64()),
    ([-1], pa.int8()),
    ([1e300], pa.float64()),
    ([Decimal(10) ** 37], pa.decimal128(38, 0)),
    (["٢٢١٧"], pa.string()),
    (["２２１７"], pa.string()),
    (["2,217"], pa.string()),
    (["2217 "], pa.string()),
    (["1e3"], pa.string()),
    (["N/A"], pa.string()),
    ([b"\xff"], pa.binary()),
]


@pytest.mark.parametrize(("values", "data_type"), FRACTIONS, ids=[f"{t}-{v[0]!r}" for v, t in FRACTIONS])
def test_another_number_is_a_reject_in_every_type_and_spelling(values, data_type):
    """It is null afterwards, and its row is left out."""
    assert read(SCORE, values, data_type) == ([None], ["must be a whole number from 0 to 2999"])


BLANKS = [
    ([None], pa.string()),
    ([""], pa.string()),
    ([b""], pa.binary()),
    (["\u200b"], pa.string()),
    ([float("nan")], pa.float64()),
    ([float("nan")], pa.float32()),
    (["nan"], pa.string()),
    (["NaN"], pa.string()),
    ([None], pa.null()),
    ([None], pa.int64()),
]


@pytest.mark.parametrize(("values", "data_type"), BLANKS, ids=[f"{t}-{v[0]!r}" for v, t in BLANKS])
def test_blank_is_blank_in_every_type(values, data_type):
    """NaN says that there is no number."""
    assert read(SCORE, values, data_type) == ([None], [])


JUNE_15 = pa.array([date(2026, 6, 15)])
MIDNIGHTS = [
    (["2026-06-15"], pa.string()),
    ([date(2026, 6, 15)], pa.date32()),
    ([date(2026, 6, 15)], pa.date64()),
    *((JUNE_15.cast(pa.timestamp(unit)), pa.timestamp(unit)) for unit in ("s", "ms", "us", "ns")),
    ([datetime(2026, 6, 15, tzinfo=UTC)], pa.timestamp("us", "UTC")),
    *(
        ([datetime(2026, 6, 15, tzinfo=PACIFIC)], pa.timestamp(unit, "America/Los_Angeles"))
        for unit in ("s", "ms", "us", "ns")
    ),
    ([datetime(2026, 6, 15, 7, tzinfo=UTC)], pa.timestamp("ms", "-07:00")),
    ([datetime(2026, 6, 14, 18, 15, tzinfo=UTC)], pa.timestamp("ms", "+05:45")),
]


@pytest.mark.parametrize(("values", "data_type"), MIDNIGHTS, ids=[str(t) for _, t in MIDNIGHTS])
def test_a_moment_is_a_date_where_it_is_midnight_in_its_own_zone(values, data_type):
    """That is how programs write dates that know no other type."""
    assert read(DAY, values, data_type) == ([date(2026, 6, 15)], [])


MOMENTS = [
    pa.array([datetime(2026, 6, 15, 0, 0, 1, tzinfo=UTC)]).cast(pa.timestamp("us")),
    pa.array([datetime(2026, 6, 15, tzinfo=UTC)], pa.timestamp("us", "America/Los_Angeles")),
    pa.array([datetime(2026, 6, 15, 7, tzinfo=UTC)], pa.timestamp("us", "UTC")),
    pa.array([1], pa.timestamp("ns")),
    pa.array([1], pa.int64()).view(pa.date64()),
    pa.array([datetime(2026, 6, 15, tzinfo=UTC)], pa.timestamp("us", "Pacific/Atlantis")),
    *(pa.array([2**63 - 1], pa.timestamp(unit, "UTC")) for unit in ("s", "ms", "us", "ns")),
    *(pa.array([-(2**62)], pa.timestamp(unit, "America/Los_Angeles")) for unit in ("s", "ms", "us", "ns")),
    pa.array([2**31 - 1], pa.int32()).view(pa.date32()),
    pa.array(["2026-06-15T00:00:00"]),
    pa.array(["2026-6-15"]),
    pa.array(["２０２６-06-15"]),
]


@pytest.mark.parametrize("moments", MOMENTS, ids=[f"{m.type}-{n}" for n, m in enumerate(MOMENTS)])
def test_another_moment_is_a_reject_and_never_another_day(moments):
    """A time of day is not cut off, and no year is too far away for a sentence."""
    values, rules = read(DAY, moments)
    assert values == [None]
    assert len(rules) == 1
    assert rules[0].startswith("must be a date")


@settings(max_examples=150, deadline=None)
@given(
    day=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    unit=st.sampled_from(["s", "ms", "us", "ns"]),
    zone=st.sampled_from(["UTC", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "+13:00", "-11:30"]),
    late=st.integers(0, 3) | st.integers(0, 86_399),
)
def test_a_day_is_never_moved(day, unit, zone, late):
    """Whatever the zone and the unit: the day that was meant, or a reject."""
    own = UTC if zone[0] in "+-" else ZoneInfo(zone)
    shift = (
        timedelta(hours=int(zone[:3]), minutes=int(zone[0] + zone[4:])) if zone[0] in "+-" else timedelta()
    )
    moment = datetime.combine(day, datetime.min.time(), own) - shift + timedelta(seconds=late)
    values, rules = read(DAY, [moment], pa.timestamp(unit, zone))
    assert (values, bool(rules)) in [([day], False), ([None], True)]
    assert values == [None] or late == 0


def write_with(path, good_row, dataset, **columns):
    row = {name: pa.array([value or None]) for name, value in good_row(dataset).items()}
    parquet.write_table(pa.table(row | columns), path)
    return path


WRONG_TYPES = [
    (
        "students",
        "local_student_id",
        pa.array([35579]),
        r"numbers \(int64\), where text is wanted \(leading zeros",
    ),
    ("students", "local_student_id", pa.array([35579]).dictionary_encode(), "numbers"),
    ("students", "local_student_id", pa.array([35579.0]), r"numbers \(double\)"),
    ("students", "ssid", pa.array([Decimal(9000000001)]), "numbers"),
    ("students", "special_education", pa.array([True]), r"true and false \(bool\), where text is wanted"),
    ("students", "first_name", pa.array([["Ana"]]), "lists"),
    ("students", "first_name", pa.array([{"given": "Ana"}]), r"records \(structs\)"),
    ("students", "first_name", pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string())), "maps"),
    ("students", "first_name", pa.array([date(2026, 1, 1)]), "dates"),
    ("students", "birth_date", pa.array([20150301]), r"numbers \(int64\), where dates are wanted"),
    ("students", "birth_date", pa.array([1], pa.time64("us")), "times of day"),
    ("scores", "scale_score", pa.array([True]), "true and false"),
    ("scores", "scale_score", pa.array([date(2026, 1, 1)]), "dates"),
    ("scores", "scale_score", pa.array([timedelta(1)]), "durations"),
]


@pytest.mark.parametrize(("dataset", "name", "values", "words"), WRONG_TYPES)
def test_a_column_of_a_type_that_would_lose_something_is_refused(
    dataset, name, values, words, good_row, take_in, objects, tmp_path
):
    """In one sentence for the whole file; text that became a number has lost its leading zeros already."""
    path = write_with(tmp_path / f"{dataset}.parquet", good_row, dataset, **{name: values})
    with pytest.raises(Invalid, match=rf"The column {name} of {dataset}\.parquet holds {words}"):
        take_in(objects, dataset, path)
    assert list(objects.keys("")) == []


@pytest.mark.parametrize(
    "empty",
    [pa.nulls(1), pa.array([None], pa.int64()), pa.array([float("nan")]), pa.array([None], pa.bool_())],
)
def test_a_column_without_values_is_blank_whatever_its_type(empty, good_row, take_in, objects, tmp_path):
    """Programs that guess types make numbers of an empty column."""
    path = write_with(tmp_path / "students.parquet", good_row, "students", middle_name=empty)
    assert take_in(objects, "students", path).rejected == 0


def test_a_reject_of_a_moment_shows_the_moment(good_row, take_in, objects, tmp_path, rejects):
    """Nanoseconds and far years, which Python cannot hold, included."""
    moment = pa.array([1_781_481_600_000_000_001], pa.timestamp("ns", "America/Los_Angeles"))
    path = write_with(tmp_path / "scores.parquet", good_row, "scores", ssr_available_date=moment)
    assert take_in(objects, "scores", path).rejected == 1
    (reject,) = rejects()
    assert reject["value"] == "2026-06-15 00:00:00.000000001 UTC"
    assert (
        reject["rule"]
        == "must be a date, or its midnight in America/Los_Angeles, the time zone of the column"
    )


def test_lengths_are_those_of_composed_letters():
    """27 letters of Vietnamese are more than 30 characters when they come in pieces."""
    pieces = "Nguye\u0302\u0303n Thi\u0323 Phu\u031bo\u031bng Tha\u0309o Die\u0302\u0303m"
    assert len(pieces) > 30
    assert names(pieces) == (["Nguyễn Thị Phương Thảo Diễm"], [])
    assert names("a" * 30, "á" * 30) == (["a" * 30, "á" * 30], [])
    assert names("á" * 31)[1] == ["must be at most 30 characters long"]


SPACES = " \t\n\x0b\x0c\r\x1c\x1f\x85\xa0\u1680\u2000\u2007\u2028\u2029\u202f\u205f\u3000"


@pytest.mark.parametrize("space", SPACES, ids=[f"U+{ord(space):04X}" for space in SPACES])
def test_every_space_at_the_ends_has_the_answer_of_a_plain_one(space):
    """A name that only looks right would be another one when it is compared."""
    plain = names("Ana ")[1]
    for text in (f"Ana{space}", f"{space}Ana", space, f"Ana{space}\u200b"):
        assert plain[0] in names(text)[1]
    assert names("Mary\u00a0Ann") == (["Mary\u00a0Ann"], [])


INVISIBLE = (
    "\ufe00\ufe0f\U000e0100\U000e01ef\u200b\u2060\ufeff\u00ad\u200e\u202e\u2066\U000e0041"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2065\u206a\u206f\u3164\uffa0\ufff0\U0001bca0\U0001d173\U000e0fff"
)


@pytest.mark.parametrize("unseen", INVISIBLE, ids=[f"U+{ord(each):04X}" for each in INVISIBLE])
def test_what_nobody_sees_is_dropped(unseen):
    """It would cost the SSR, or turn the words around it."""
    assert names(f"A{unseen}na{unseen}", f"e{unseen}\u0301") == (["Ana", "é"], [])
    assert names(unseen) == ([None], [])
    assert read(GENDER, [f"F{unseen}"], pa.string()) == (["F"], [])
    assert read(SSID, [f"{unseen}9100000001"], pa.string()) == (["9100000001"], [])
    assert read(SSID, [unseen], pa.string()) == ([None], ["a value is required"])


@pytest.mark.parametrize("name", ["می\u200cخواهم", "മോഹന്\u200d", "क्\u200dष", "👩\u200d🎓", "𠮷野", "Ẹ̀bùn"])
def test_what_belongs_to_the_spelling_stays(name):
    """Joiners, rare characters and marks."""
    assert names(name) == ([name], [])
    assert names("\u200c\u200d") == ([None], [])


DAMAGED = [
    ("Jos\ufffd", "U+FFFD"),
    ("Jos\x82", "U+0080 to U+009F"),
    ("Jos\x85e", "U+0080 to U+009F"),
    ("A\ufffe", "noncharacters"),
    ("A\ufdd0na", "noncharacters"),
    ("A\U0001ffff", "noncharacters"),
    ("A\U0010fffe", "noncharacters"),
    ("A\ud800", "halves of characters"),
    ("A\udc00\ud800", "halves of characters"),
]


@pytest.mark.parametrize(("name", "words"), DAMAGED)
def test_a_damaged_name_is_a_reject_with_its_own_sentence(name, words):
    """The letter was lost before; nobody can guess it."""
    values, rules = names("Ánh", name)
    assert values[0] == "Ánh"
    assert len(rules) == 1
    assert words in rules[0]


def test_bytes_of_parquet_that_call_themselves_text_are_looked_at(
    good_row, take_in, objects, tmp_path, rejects
):
    """Nobody checks that when the file is written."""
    broken = pa.array([b"Jos\xe9"]).view(pa.string())
    path = write_with(tmp_path / "students.parquet", good_row, "students", first_name=broken)
    assert take_in(objects, "students", path).rejected == 1
    assert [(reject["value"], reject["rule"]) for reject in rejects()] == [
        ("Jos\\xe9", "must be text in UTF-8")
    ]


@pytest.mark.parametrize("word", ["nan", "None", "NULL", "N/A"])
def test_a_column_that_is_mostly_a_word_for_nothing_is_pointed_out(
    word, good_row, write_csv, take_in, objects
):
    """With the column and the share; the rows are taken, because one student may be called so."""
    middle_names = [word, word, word, "Ana", "", "", "", ""]
    rows = [
        good_row("students", ssid=f"900000000{n}", middle_name=name, first_name=word * (n < 2))
        for n, name in enumerate(middle_names)
    ]
    summary = take_in(objects, "students", write_csv("students", rows))
    assert summary.rejected == 0
    (note,) = summary.notes
    assert note.startswith("3 of 4 values of middle_name are words like")
    datasets = DatasetReader(objects)
    assert datasets.rows(STUDENTS, datasets.pinned(), 2026, LEA)["first_name"].to_pylist()[:2] == [word, word]


def test_words_for_nothing_where_none_may_stand_are_pointed_out_too(good_row, write_csv, take_in, objects):
    """The rows are left out; the note says why at once. Of numbers, `nan` is blank."""
    rows = [good_row("students", ssid=f"900000000{n}", elas="NULL", enrollment_date="None") for n in range(5)]
    summary = take_in(objects, "students", write_csv("students", rows), allow_rejects=False)
    assert summary.rejected == 5
    assert [note.split(" are ")[0] for note in summary.notes] == [
        "5 of 5 values of enrollment_date",
        "5 of 5 values of elas",
    ]
    scores = [good_row("scores", ssid=f"900000000{n}", standard_error="nan") for n in range(5)]
    summary = take_in(objects, "scores", write_csv("scores", scores))
    assert summary.rejected == 0
    assert summary.notes[0].startswith("5 of 5 values of standard_error are ")


def test_a_moment_without_a_zone_is_refused_without_speaking_of_one():
    """The column has none: whoever reads the sentence would look for UTC in vain."""
    noon = pa.array([43_200_000_000], pa.timestamp("us"))
    assert read(DAY, noon) == (
        [None],
        ["must be a date, or its midnight, and not another time of the day"],
    )
