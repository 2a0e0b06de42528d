"""The first morning of the whole state, simulated."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bench.commands import main
from bench.first_morning import LANGUAGES, Cloud, Figures, binding_limit, chunk_sizes, first_morning
from bench.pipeline.schools import invented_sizes
from infra.stages import PROD
from lea_reports.assessments import Assessment
from lea_reports.ssr_archive.planning import Limits, plan_chunks
from lea_reports.ssr_archive.roster import RosterEntry

SECONDS = {"plan": 1e-5, "chunk": 1e-4, "finish": 1e-5}
REQUESTS = {"plan": 2.0, "chunk": 12.0, "finish": 2.0}
FIGURES = Figures(
    merge=False,
    processor_seconds=SECONDS,
    requests=REQUESTS,
    bytes_per_ssr=38_000,
    dollars_per_job=1e-3,
    dollars_per_ssr=1e-6,
)
FAST = Cloud(concurrency=1000)


def roster(schools):
    """Return the SSRs of all students of some schools in English and Spanish."""
    return [
        RosterEntry(
            f"{number}", f"{at:014d}", grade, Assessment.SMARTER_BALANCED, language, "A", "B", 0, (0,)
        )
        for at, school in enumerate(schools)
        for grade, students in school.items()
        for number in range(students)
        for language in ("en", "es")
    ]


@pytest.mark.parametrize("merge", [False, True])
@pytest.mark.parametrize("students", [90, 700, 6_000])
def test_chunks_are_those_of_the_planner(students, merge):
    """The simulation counts students; the planner places each SSR."""
    schools = invented_sizes(students)
    limits = Limits(PROD.chunk_ssrs, PROD.merged_file_limit)
    planned = plan_chunks(roster(schools), limits, merge=merge, name="all")
    assert sorted(chunk_sizes(schools, merge=merge)) == sorted(plan.chunk.count for plan in planned)


def test_a_merged_file_has_no_more_ssrs_than_allowed():
    """A grade of 25,000 is three files in each language."""
    assert chunk_sizes([{"05": 25_000}], merge=True) == [10_000, 10_000, 5_000] * LANGUAGES


def test_everybody_gets_one_mail():
    """The last one after all work is done; nobody waits for ever."""
    morning = first_morning([invented_sizes(700)] * 50 + [invented_sizes(20_000)], FIGURES, FAST)
    assert morning.jobs == len(morning.mails) == 51
    assert morning.ssrs == 55_000 * LANGUAGES
    assert 0 < morning.after(0.5) <= morning.after(0.95) <= morning.last_mail
    assert morning.largest_mail <= morning.last_mail
    assert morning.most_workers <= FAST.concurrency


def test_a_huge_lea_does_not_keep_small_ones_waiting():
    """The queue serves those first who have little under way."""
    small = first_morning([invented_sizes(700)] * 50, FIGURES, Cloud(concurrency=20))
    crowded = first_morning(
        [invented_sizes(50_000), *[invented_sizes(700)] * 50], FIGURES, Cloud(concurrency=20)
    )
    assert crowded.after(0.9) < 3 * small.last_mail


@pytest.mark.parametrize(
    ("limit", "cloud"),
    [
        ("concurrency", Cloud(concurrency=5)),
        ("mails", replace(FAST, mails=0.2)),
        ("api_rate", replace(FAST, api_rate=0.2)),
        ("s3_writes", replace(FAST, s3_writes=5.0)),
        ("more_workers", replace(FAST, first_workers=2, more_workers=1)),
    ],
)
def test_the_limit_that_binds_is_found(limit, cloud):
    """It is the one without which everybody would be done soonest."""
    assert binding_limit([invented_sizes(3_000)] * 60, FIGURES, cloud) == limit


def test_if_no_limit_binds_the_largest_job_does():
    """Its plan, its last chunk and its assembly follow each other."""
    assert binding_limit([invented_sizes(100)], FIGURES, FAST) == "largest job"


def test_the_command_reads_a_run_and_a_table(tmp_path):
    """It tells every way and concurrency."""
    steps = {
        step: {"invocations": 4, "seconds": 1, "processor_seconds": 0.5, "requests": 8} for step in SECONDS
    }
    figures = [
        {"way": way, "ssrs": 1000, "archive_bytes": 38_000_000, "cost_usd_total": 0.01, "steps": steps}
        for way in ("unmerged", "merged")
    ]
    (tmp_path / "run.json").write_text(json.dumps({"rows": figures}))
    (tmp_path / "schools.csv").write_text(
        "cds_code,grade,ela_tested\n01100170112607,06,400\n01200170112607,06,90\n"
    )
    words = [
        "--figures",
        tmp_path / "run.json",
        "--schools",
        tmp_path / "schools.csv",
        "--concurrency",
        "2,100",
    ]
    words += ["--json", tmp_path / "state.json"]
    answer = CliRunner().invoke(main, ["state", *map(str, words)])
    assert answer.exit_code == 0, answer.output
    told = json.loads((tmp_path / "state.json").read_text())
    assert (told["leas"], told["ssrs"]) == (2, 980)
    assert [(each["way"], each["cloud"]["concurrency"]) for each in told["mornings"]] == [
        ("unmerged", 2),
        ("unmerged", 100),
        ("merged", 2),
        ("merged", 100),
    ]
