"""The words of the e-mails: templates, filled with what concerns the report and never with anything of a student."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from lea_reports.assessments import program_day
from lea_reports.catalog import CATALOG
from lea_reports.delivery.mail import Mail
from lea_reports.jobs.job import JobState
from lea_reports.local_time import spelled_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lea_reports.delivery.links import Link
    from lea_reports.jobs.job import Job

NOTHING_MADE = "nothing_made"
SUBJECTS: dict[str, str] = {
    JobState.READY: "Ready: {report} “{name}”",
    NOTHING_MADE: "Nothing could be made: {report} “{name}”",
    JobState.NO_RESULTS: "Nothing found: {report} “{name}”",
    JobState.FAILED: "Not made: {report} “{name}”",
}
"""Subjects by outcome: how the job ended, or that its file holds lists and no report."""
_LIST_TEXT = "List of what could not be made"
_UNIT = 1000


def compose(job: Job, links: Sequence[Link]) -> Mail:
    """Return the e-mail that says to the requester how their job ended; `links` lead to its files, in order."""
    report, zone = CATALOG[job.report], job.requester.time_zone
    nothing_made = job.state is JobState.READY and not job.progress.made
    outcome = NOTHING_MADE if nothing_made else str(job.state)
    words = {
        "report": report.title,
        "link_text": _LIST_TEXT if nothing_made else report.link_text,
        "name": job.name,
        "of_year": f" of {year}" if (year := job.parameters.get("administration_year")) else "",
        "item": report.words.item,
        "items": report.words.items,
        "requested": spelled_out(job.requested_at, zone),
        "expires": spelled_out(links[0].expires_at, zone) if links else "",
        "job": job.id,
    }
    subject = SUBJECTS[outcome].format(report=report.title, name=job.name)
    text = _filled(outcome, "txt", words, job, links)
    markup = {key: escape(word) for key, word in words.items()}
    content = _filled(outcome, "html", markup, job, links)
    page = _template("page.html").substitute(subject=escape(subject), content=content)
    return Mail(job.requester.email, subject, text, page)


def _filled(outcome: str, form: str, words: Mapping[str, str], job: Job, links: Sequence[Link]) -> str:
    """Return the content of a letter in one form (`txt`, `html`); what was chosen only where the letter names it."""
    template = _template(f"{outcome}.{form}")
    filled = {
        **words,
        **_notes(job, form),
        **_downloads(job, links, words, form),
        **_outcome(job, outcome, form),
    }
    if "choices" in template.get_identifiers():
        filled |= _request(job, form)
    return template.substitute(filled)


def _outcome(job: Job, outcome: str, form: str) -> dict[str, str]:
    """Return the numbers of a letter, and what it says of the download."""
    words, progress = CATALOG[job.report].words, job.progress
    numbers = [(words.made, f"{progress.made:,}")]
    if words.not_included is not None:
        numbers.append((words.not_included, f"{progress.not_included:,}"))
    if outcome == JobState.READY:
        numbers.append(("Size of the download", _size(sum(file.size for file in job.files))))
    rows = [_template(f"number.{form}").substitute(name=name, value=value) for name, value in numbers]
    opening = words.opening_of_lists if outcome == NOTHING_MADE else words.opening
    return {"numbers": "".join(rows), "opening": _with_code(opening, form)}


def _with_code(sentence: str, form: str) -> str:
    """Return a sentence in which what stands in backticks is code."""
    if form == "txt":
        return sentence.replace("`", "")
    return re.sub("`(.*?)`", r"<code>\1</code>", escape(sentence))


def _notes(job: Job, form: str) -> dict[str, str]:
    """Return what a letter says of a retry, and of the password, which itself is known to nobody here."""
    protected = CATALOG[job.report].has_password(job.parameters)
    return {
        "password_note": _template(f"password.{form}").template if protected else "",
        "retry_note": _template(f"retry.{form}").template if job.listed_by else "",
    }


def _request(job: Job, form: str) -> dict[str, str]:
    """Return what was chosen, and what of it may be why nothing was found on the day of the request."""
    report, written = CATALOG[job.report], escape if form == "html" else str
    rows = [
        _template(f"choice.{form}").substitute(name=written(name), value=written(value))
        for name, value in report.choices(job.parameters)
    ]
    reasons = [
        _template(f"hint.{form}").substitute(hint=written(hint))
        for hint in report.hints(job.parameters, program_day(job.requested_at))
    ]
    return {"choices": "".join(rows), "hints": "".join(reasons)}


def _downloads(job: Job, links: Sequence[Link], words: Mapping[str, str], form: str) -> dict[str, str]:
    """Return where a letter leads: the link to the one file, or one to each of several, with its size."""
    total = str(len(links))
    single = len(links) == 1
    listed = [
        _template(f"link.{form}" if single else f"link_of_several.{form}").substitute(
            words,
            url=escape(link.url) if form == "html" else link.url,
            number=str(number),
            total=total,
            file_size=_size(file.size),
        )
        for number, (file, link) in enumerate(zip(job.files, links, strict=True), start=1)
    ]
    note = "one" if single else "several"
    validity = _template(f"{note}.{form}").substitute(words, total=total) if links else ""
    return {"links": "".join(listed), "validity": validity}


@cache
def _template(name: str) -> Template:
    return Template(
        (files("lea_reports.delivery") / "templates" / "letter" / name).read_text(encoding="utf-8")
    )


def _size(size: int) -> str:
    """Return a size as download windows show it, in decimal units."""
    amount = float(size)
    for unit in ("bytes", "KB", "MB"):
        if amount < _UNIT:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= _UNIT
    return f"{amount:.1f} GB"
