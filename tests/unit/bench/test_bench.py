"""The benches: everyone works on the same students, in turn, and what is promised is compared with what was found."""

import json

import pytest
from click.testing import CliRunner

from bench.commands import main
from bench.contest import ContenderFailed, Contest, Measured, Setting
from bench.engines import OURS, OURS_TAGGED
from bench.merge import bench_merge
from bench.report import Reached, Report, Row, Target
from bench.sameness import different_pixels, is_sound, is_tagged, same_words, words
from bench.ssr import bench_ssr
from bench.students import invent_students, read_students
from lea_reports.assessments import Assessment
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from tests.reference.fpdf_engine import FpdfEngine

TABLE = "tests.unit.bench.contenders"


@pytest.fixture(scope="module")
def setting(tmp_path_factory, fonts):
    """Invent five students."""
    folder = tmp_path_factory.mktemp("students")
    invent_students(folder, 5, seed=1)
    return Setting(fonts, folder, 5, "en")


def test_everyone_gets_the_same_students(setting):
    """The first of the district, in one order."""
    entries = read_students(setting.students, setting.count)
    assert len({entry.student["ssid"] for entry in entries}) == 5
    with Contest(TABLE, ["counting", "counting few"], setting) as contest:
        samples = [contest.sample(name, 2) for name in contest.present]
    assert samples[0] == samples[1] == [str(entry.student["ssid"]).encode() for entry in entries[:2]]


def test_rounds_are_counted(setting):
    """A contender makes no more at once than shows something."""
    with Contest(TABLE, ["counting", "counting few"], setting) as contest:
        rows = {row.name: row for row in contest.measure_at_once(3)}
    assert [rows[name].most_at_once for name in ("counting", "counting few")] == [5, 2]
    assert all(len(row.speeds) == 3 and row.bytes_per_ssr == 10 and row.rss_mb > 10 for row in rows.values())


def test_the_students_of_a_round_are_new_to_everyone(setting):
    """Neither the rounds before nor the warming up had them."""
    with Contest(TABLE, ["remembering"], setting) as contest:
        (row,) = contest.measure(4, seconds=1)
    assert (row.ssrs, row.bytes_per_ssr) == (4, 1.0)


def test_students_are_invented_for_an_ssr_only(tmp_path):
    """Of other assessments nobody would get a Smarter Balanced SSR, however many there were."""
    with pytest.raises(ValueError, match="csa"):
        invent_students(tmp_path, 1, seed=1, assessments=[Assessment.CSA])


def test_who_is_not_installed_is_left_out_with_a_reason(setting):
    """The run goes on without; the reason names what to install."""
    with Contest(TABLE, ["package", "program", "counting"], setting) as contest:
        assert contest.present == ("counting",)
        assert contest.missing == {
            "package": "fastpdf is not installed; the extra `bench` has it",
            "program": "fastpdf is not installed; the system package fastpdf has it",
        }


def test_a_contender_that_dies_is_told(setting, capfd):
    """Its figures are not made up."""
    with Contest(TABLE, ["failing"], setting) as contest, pytest.raises(ContenderFailed, match="failing"):
        contest.measure_at_once(1)


def test_the_median_of_the_rounds_counts():
    """One slow minute of the machine changes nothing."""
    assert Measured("x", "en", speeds=[10.0, 1.0, 11.0]).per_second == 10.0


@pytest.mark.parametrize(
    ("at_most", "measured", "verdict"),
    [
        (False, 8.0, " met"),
        (False, 7.9, "NOT MET"),
        (True, 8.0, " met"),
        (True, 8.1, "NOT MET"),
    ],
)
def test_a_target_is_met_or_not(at_most, measured, verdict):
    """Reaching it exactly is enough."""
    line = Reached(Target("t", "twice as fast", 8.0, at_most=at_most), measured).line
    assert line.endswith(verdict)


def test_a_report_is_a_table_and_json():
    """Both tell the same figures."""
    row = Row("ours", "en", tagged=True, per_second=1234.5678, bytes_per_ssr=30000.4, rss_mb=99.96, ssrs=10)
    report = Report("ssr", [row], [Reached(Target("fast", "fast", 2.0), 2.5)], ["left out: nobody"])
    assert json.loads(report.as_json()) == {
        "name": "ssr",
        "python": json.loads(report.as_json())["python"],
        "rows": [
            {
                "method": "ours",
                "language": "en",
                "tagged": True,
                "per_second": 1234.568,
                "bytes_per_ssr": 30000,
                "rss_mb": 100.0,
            }
        ],
        "ratios": {"fast": 2.5},
        "targets": {"fast": True},
        "remarks": ["left out: nobody"],
    }
    assert report.lines()[1].split() == ["ours", "en", "yes", "1,234.6", "30,000", "100", "10"]
    assert report.lines()[-1] == "left out: nobody"


def test_the_bench_of_single_files_runs(fonts):
    """Ours and plain fpdf2 take part, their pages are the same, and the ratios are of this run."""
    report = bench_ssr(fonts, students=3, languages=["en"], seconds=0, rounds=1, peers=False)
    speeds = {row.method: row.per_second for row in report.rows}
    assert {OURS, "fpdf2 per student"} < speeds.keys()
    (promised,) = (
        each for each in report.reached if each.target.name == "en_parquet_to_zip_per_fpdf2_per_student"
    )
    zipped = next(speed for name, speed in speeds.items() if name.endswith("Parquet to zip"))
    assert promised.measured == pytest.approx(zipped / speeds["fpdf2 per student"])
    assert any("0 pixels differ, words equal" in remark for remark in report.remarks)
    begun = {each.target.name: each.measured for each in report.reached if "first" in each.target.name}
    assert begun["first_ssr_seconds"] > 0
    assert begun["first_ssr_forbidden_imports"] == 0


def test_the_bench_of_merged_files_runs(fonts):
    """Ours and those who merge single files take part, and our pages are those of plain fpdf2."""
    report = bench_merge(fonts, students=3, peers=False)
    assert {row.method for row in report.rows} == {OURS, OURS_TAGGED, "fpdf2 one document", "pypdf append"}
    assert any("0 pixels differ, words equal" in remark for remark in report.remarks)


def test_words_are_compared_from_the_right_too(setting, fonts):
    """A viewer finds them as it does where nothing is tagged; another level's word is seen."""
    first, *_, last = (entry.result("ar") for entry in read_students(setting.students, setting.count))
    (tagged, other), (plain,) = (
        [made.content for made in engine.single_files(results)]
        for engine, results in ((CompiledEngine(fonts), [first, last]), (FpdfEngine(fonts), [first]))
    )
    assert same_words(tagged, plain)
    assert not same_words(other, plain)


def test_pages_are_compared_by_pixels_and_words(setting, fonts):
    """Another student's page is another page."""
    with Contest("bench.singles", [OURS], setting) as contest:
        first, second = contest.sample(OURS, 2)
    assert different_pixels(first, first) == 0
    assert different_pixels(first, second) > 100
    assert words(first) == words(first) != words(second)
    assert is_sound(first) in {True, None}
    assert is_sound(b"%PDF-1.7 broken") in {False, None}
    assert isinstance(is_tagged(first), bool)


def test_the_command_knows_its_languages():
    """A language without SSRs is refused before anything is measured."""
    refused = CliRunner().invoke(main, ["ssr", "--languages", "tlh"])
    assert refused.exit_code == 2
    assert "no SSRs in 'tlh'" in refused.output


def test_the_command_lists_all_benches():
    """What can be measured."""
    listed = CliRunner().invoke(main, ["--help"])
    names = [line.split()[0] for line in listed.output.splitlines()[-5:]]
    assert names == ["merge", "pipeline", "ssr", "state", "table"]
