"""The e-mails say what a coordinator needs, and nothing about a student."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest

from lea_reports.delivery.letter import SUBJECTS, compose
from lea_reports.delivery.links import Link
from lea_reports.jobs.job import NOTICED_STATES, JobState, Progress, ReportFile, Retry

LINK = Link(
    "https://example.org/a.zip?X-Amz-Expires=86400&X-Amz-Signature=1",
    datetime(2026, 11, 22, 20, 0, tzinfo=UTC),
)


class Anchors(HTMLParser):
    """Collects the links of a page: address and text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.found.append([dict(attrs)["href"], ""])

    def handle_data(self, data):
        if self.found and not self.found[-1][1]:
            self.found[-1][1] = data


def test_the_link_text_is_student_score_reports(job):
    """TOMS's help tells coordinators to select the link of that name: docs/domain.md#link-of-24-hours."""
    anchors = Anchors()
    anchors.feed(compose(job, [LINK]).html)

    assert anchors.found == [[LINK.url, "Student Score Reports"]]


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_mail_tells_counts_size_and_until_when_the_link_works(job, part):
    """In the coordinator's time zone and in UTC."""
    said = getattr(compose(job, [LINK]), part)

    for fact in (
        "Spring-2026",
        "12,340",
        "512.3 MB",
        "Sunday, November 22, 2026, 12:00 PM PST (2026-11-22 20:00 UTC)",
        "2025-26",
    ):
        assert fact in said


def test_the_time_zone_is_the_coordinators(job):
    """Another coordinator lives elsewhere."""
    there = replace(job, requester=replace(job.requester, time_zone="America/New_York"))

    assert ", 3:00 PM EST" in compose(there, [LINK]).text


@pytest.mark.parametrize("state", sorted(NOTICED_STATES))
def test_every_end_that_is_told_has_its_letter(job, state):
    """Ready, nothing found, failed: each with subject, text and page, and no placeholder left."""
    ended = job if state is JobState.READY else replace(job, state=state, files=())

    mail = compose(ended, [LINK] if state is JobState.READY else [])

    assert mail.to == "coordinator@example.org"
    assert "“Spring-2026”" in mail.subject
    assert "$" not in mail.text + mail.html
    assert '<html lang="en">' in mail.html
    assert ("http" in mail.text) is (state is JobState.READY)
    assert state in SUBJECTS


def test_only_a_letter_that_names_what_was_chosen_looks_at_it(job):
    """Whatever was chosen, the mail of a report that is ready does not depend on it."""
    unreadable = replace(job, parameters={"name": "Spring-2026"})

    assert "is ready" in compose(unreadable, [LINK]).text
    with pytest.raises(KeyError):
        compose(replace(unreadable, state=JobState.NO_RESULTS, files=()), [])


@pytest.mark.parametrize("retry", [None, Retry("0" * 26, "0" * 26)])
def test_an_archive_without_a_report_is_not_called_ready(job, retry):
    """Nothing could be made, says the mail, of a first request as of a retry; its link leads to the list of reasons."""
    protected = {**job.parameters, "protected": True}
    empty = replace(job, progress=Progress(total=3, not_included=3), retry=retry, parameters=protected)
    mail = compose(empty, [LINK])
    anchors = Anchors()
    anchors.feed(mail.html)

    assert mail.subject == "Nothing could be made: CAASPP Student Score Report PDFs “Spring-2026”"
    assert anchors.found == [[LINK.url, "List of what could not be made"]]
    for said in (mail.text, mail.html):
        assert "Nothing could be made for your report" in said
        assert "each with the reason" in said
        assert "is ready" not in said
        assert "password" not in said  # there is no PDF
        assert "$" not in said
        assert ("This is a retry" in said) is (retry is not None)


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_mail_says_that_the_files_ask_for_a_password_if_they_do(job, part):
    """Which one, only its chooser knows; so it cannot travel with the link."""
    protected = replace(job, parameters={**job.parameters, "protected": True})

    assert "The PDFs ask for a password" in getattr(compose(protected, [LINK]), part)
    assert "password" not in getattr(compose(job, [LINK]), part)


@pytest.fixture
def nothing_found(job):
    """Return a function that makes a job that found nothing; keyword arguments replace parameters."""

    def make(**parts):
        return replace(job, state=JobState.NO_RESULTS, files=(), parameters={**job.parameters, **parts})

    return make


@pytest.mark.parametrize("part", ["text", "html"])
def test_a_mail_that_nothing_was_found_names_every_choice(nothing_found, part):
    """A coordinator sees what was asked for without looking it up: every field, schools as a count."""
    chosen = nothing_found(
        schools=["99100010000001", "99100010000002"],
        grades=["03", "11"],
        assessments=["cast", "smarter-balanced"],
        languages=["english-all", "spanish"],
    )
    said = unescape(getattr(compose(chosen, []), part))

    for choice in (
        "2025-26",
        "2 chosen",
        "03, 11",
        "May 1, 2026 to July 31, 2026",
        "California Science Test, Smarter Balanced",
        "English (all students), Spanish",
    ):
        assert choice in said
    for field in ("Schools", "Grades", "SSR availability dates", "Assessments", "Score reporting languages"):
        assert field in said
    assert "9910001" not in said


@pytest.mark.parametrize(
    ("parts", "hint"),
    [
        (
            {"start_date": "2027-01-01", "end_date": "2027-02-01"},
            "The start date, January 1, 2027, lay ahead",
        ),
        ({"administration_year": "2026-27"}, "There are no results of 2026-27 yet."),
        (
            {"start_date": "2025-01-01", "end_date": "2025-06-30"},
            "The dates end before the school year 2025-26",
        ),
        ({"languages": ["korean"]}, "The score reporting language leaves out"),
        ({"grades": ["03"]}, "The grade is the one in which a student was tested"),
    ],
)
@pytest.mark.parametrize("part", ["text", "html"])
def test_a_mail_that_nothing_was_found_hints_at_what_fits(nothing_found, parts, hint, part):
    """A choice that leaves nobody out is not named as a reason."""
    assert hint in getattr(compose(nothing_found(**parts), []), part)
    assert hint not in getattr(compose(nothing_found(), []), part)


def test_what_a_person_named_is_text_and_not_markup(job):
    """Names are restricted at the door; the letter does not rely on it."""
    named = replace(job, parameters={**job.parameters, "name": "<script>alert(1)</script>"})

    assert "<script" not in compose(named, [LINK]).html


@pytest.mark.parametrize("state", [JobState.READY, JobState.NO_RESULTS])
@pytest.mark.parametrize("part", ["text", "html"])
def test_the_mail_of_a_retry_says_that_it_holds_what_was_not_included_only(job, state, part):
    """A coordinator who finds few SSRs in it need not wonder; all of a job that failed is no retry of failures."""
    ended = job if state is JobState.READY else replace(job, state=state, files=())
    links = [LINK] if state is JobState.READY else []
    of_list, of_all = (replace(ended, retry=Retry("0" * 26, listed_by)) for listed_by in ("0" * 26, None))

    assert "This is a retry" in getattr(compose(of_list, links), part)
    assert "This is a retry" not in getattr(compose(of_all, links), part)


def test_a_report_of_several_archives_has_a_link_to_each(job):
    """Told apart by number and size; the promise of 24 hours is that of all."""
    large = replace(
        job, files=tuple(ReportFile(f"archives/Spring-2026_{n}-of-3.zip", n * 10**9, 5) for n in (1, 2, 3))
    )
    links = [replace(LINK, url=f"https://example.org/{number}?a=1&b=2") for number in (1, 2, 3)]
    mail = compose(large, links)
    anchors = Anchors()
    anchors.feed(mail.html)

    assert anchors.found == [
        [link.url, f"Student Score Reports, file {number} of 3"] for number, link in enumerate(links, start=1)
    ]
    for said in (mail.text, mail.html):
        assert all(
            fact in said for fact in ("1.0 GB", "3.0 GB", "6.0 GB", "comes as 3", "The links work until")
        )
    assert all(
        f"file {number} of 3" in mail.text and link.url in mail.text for number, link in enumerate(links, 1)
    )
    assert "$" not in mail.text + mail.html


@pytest.mark.parametrize("part", ["text", "html"])
@pytest.mark.parametrize("files", [1, 2])
def test_the_mail_says_that_whoever_has_the_link_can_open_the_file(job, part, files):
    """Nobody forwards it unknowingly."""
    several = replace(job, files=job.files[:1] * files)

    assert "Whoever has " in getattr(compose(several, [LINK] * files), part)
    assert "do not forward this message" in getattr(compose(several, [LINK] * files), part)
