"""`make demo`: the main job from nothing to downloaded archives, with everything checked that can be checked.

    python -m local.demo [--students N] [--schools M] [--seed S] [--out DIR] [--strict]

Exit code 0 only if every check held.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING, Any

import pypdfium2
from openpyxl import load_workbook
from pyarrow import parquet
from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from lea_reports.delivery.link_token import decrypted_claim, encrypted_claim
from lea_reports.delivery.links import DOWNLOAD_STARTS_WITHIN, expiry
from lea_reports.telemetry.metrics import JOBS_ENDED, NOTICES, REQUESTS, SSRS
from local.archive_check import check_archive
from local.cloud import LocalStackError
from local.coordinator import LINK_TEXT as SSRS_LINK
from local.coordinator import Coordinator, CoordinatorError, download_link, link_key, whole_lea
from local.dashboard import read_dashboard
from local.emulator import REPOSITORY
from local.seed import District, seed, synthesize_district
from local.signed_link import signed_again, tampered
from local.stack import Stack, running_stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.mailbox import Mail

LONGEST_JOB_SECONDS = 600.0
METRICS_SECONDS = 15.0
PICTURE_SCALE = 2.0  # of 72 dots an inch
DAY, MINUTE, SECOND = dt.timedelta(hours=24), dt.timedelta(minutes=1), dt.timedelta(seconds=1)


@dataclass(slots=True)
class Findings:
    """What was checked, and how long each part took."""

    console: Console
    failed: int = 0
    laps: dict[str, float] = field(default_factory=dict)

    def check(self, sentence: str, *, held: bool) -> None:
        """Print whether `sentence` is true, and remember if it is not."""
        self.failed += not held
        mark = "[green]✓[/]" if held else "[bold red]✗ not true:[/]"
        self.console.print(f"  {mark} {escape(sentence)}", soft_wrap=True)

    @contextmanager
    def lap(self, part: str) -> Iterator[None]:
        """Announce a part and measure it."""
        self.console.print(f"\n[bold]{part}[/]")
        began = time.monotonic()
        yield
        self.laps[part] = time.monotonic() - began


def main() -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(description="Run the main job on the local stack.")
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--schools", type=int, default=4)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--out", type=Path, default=REPOSITORY / "out")
    parser.add_argument("--strict", action="store_true", help="enforce IAM policies, speak TLS only")
    wanted = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    console = Console(highlight=False)
    findings = Findings(console)
    began = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(prefix="lea-reports-") as folder, ThreadPoolExecutor(1) as pool:
            feeds = Path(folder)
            made = pool.submit(
                synthesize_district,
                feeds,
                students=wanted.students,
                schools=wanted.schools,
                number=wanted.seed,
            )
            with running_stack(strict=wanted.strict, announce=console.print) as stack:
                findings.laps["Start and deploy"] = time.monotonic() - began
                made.result()
                run(stack, feeds, wanted.out, findings)
    except LocalStackError as error:
        console.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("Ended; everything is torn down.")
        return 130
    laps = Table("Part", Column("Seconds", justify="right"), box=SIMPLE)
    for part, seconds in findings.laps.items():
        laps.add_row(part, f"{seconds:.1f}")
    laps.add_row("All", f"{time.monotonic() - began:.1f}")
    console.print(laps)
    console.print(f"Look into {wanted.out}." if not findings.failed else f"{findings.failed} checks failed.")
    return 1 if findings.failed else 0


def run(stack: Stack, feeds: Path, out: Path, findings: Findings) -> None:
    """Do the main job twice on a running stack, and make a table; write what came out into `out`."""
    console = findings.console
    fresh_folder(out)
    with findings.lap("Taking in the feeds of a synthetic district"):
        seeded = seed(stack, feeds, announce=console.print)
    district = seeded.district
    with findings.lap("Signing in"):
        coordinator = Coordinator.signed_in(stack, seeded.lea_coordinator)
        console.print(
            f"  {coordinator.account.email} is {coordinator.account.title} of {district.name} ({district.lea})"
        )
    two_schools = list(district.schools)[:2]
    orders = [
        Order("two-schools", "SSRs of two schools, a file each", two_schools, merge=False),
        Order("all-schools", "SSRs of all schools, merged", "all", merge=True),
    ]
    jobs = []
    for order in orders:
        with findings.lap(order.title):
            jobs.append(deliver(order, coordinator, district, out, findings))
    with findings.lap("How many students are enrolled, as a workbook"):
        jobs.append(deliver_table(coordinator, district, feeds, out, findings))
    with findings.lap("The link in the mail, abused"):
        refuse_links(coordinator, orders[0].name, findings)
    with findings.lap("What the operators' dashboard shows"):
        console.print(f"  {stack.deployment.dashboard_name}, read back from CloudWatch:")
        compare_dashboard(stack, jobs, findings)
    draw_page(out / "two-schools.zip", out / "ssr.png")
    (out / "demo.json").write_text(json.dumps({"jobs": jobs}, indent=2, ensure_ascii=False) + "\n")


def fresh_folder(out: Path) -> None:
    """Remove what an earlier demo wrote, so that nothing old is taken for new."""
    out.mkdir(parents=True, exist_ok=True)
    for pattern in ("*.zip", "*.xlsx", "mail-*.html", "ssr.png", "demo.json"):
        for path in out.glob(pattern):
            path.unlink()


@dataclass(frozen=True, slots=True)
class Order:
    """One request of the demo."""

    name: str
    title: str
    schools: list[str] | str
    merge: bool

    def request(self) -> dict[str, object]:
        """Return the body of the request: every grade, every date of the year, Smarter Balanced, in English."""
        return whole_lea(self.name, schools=self.schools, merge=self.merge)


def deliver(
    order: Order, coordinator: Coordinator, district: District, out: Path, findings: Findings
) -> dict[str, Any]:
    """Ask, watch, read the mail, download through its link, check; return the job's part of demo.json."""
    schools = "all" if order.schools == "all" else ", ".join(district.schools[code] for code in order.schools)
    findings.console.print(f"  Schools: {schools}")
    path = out / f"{order.name}.zip"
    status, mailed = receive(order.request(), SSRS_LINK, path, coordinator, findings)
    archive = check_archive(path)
    for problem in archive.problems:
        findings.check(problem, held=False)
    counts = status["counts"]
    findings.check(
        f"{archive.entries:,} entries in {archive.bytes / 1e6:,.1f} MB: every file is in the manifest with its "
        "SHA-256 and its pages",
        held=not archive.problems,
    )
    findings.check(
        f"the manifest lists the {counts['made']:,} SSRs that were made, not_included the other "
        f"{counts['not_included']:,}",
        held=counts["made"] > 0
        and (archive.student_score_reports, archive.not_included) == (counts["made"], counts["not_included"]),
    )
    findings.check(
        "the request's resource tells the archive's size and entries",
        held=[(each["bytes"], each["entries"]) for each in status["files"]]
        == [(archive.bytes, archive.entries)],
    )
    return {
        "id": status["id"],
        "state": status["state"],
        "student_score_reports": counts["made"],
        "requested_at": status["requested_at"],
        "ready_at": status["ended_at"],
        "files": [
            {
                "path": str(path.relative_to(out.parent)),
                "bytes": archive.bytes,
                "sha256": archive.sha256,
                "entries": archive.entries,
            }
        ],
        "mail": mailed,
    }


def deliver_table(
    coordinator: Coordinator, district: District, feeds: Path, out: Path, findings: Findings
) -> dict[str, Any]:
    """Ask for Total Enrolled Students, open the workbook with a reader that others wrote, and count for ourselves."""
    path = out / "enrolled.xlsx"
    request = {"report": "total-enrolled-students", "name": "enrolled"}
    status, mailed = receive(request, "Total Enrolled Students", path, coordinator, findings)
    headings, *rows = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    shown = Table(str(headings[1]), Column(str(headings[-1]), justify="right"), box=SIMPLE)
    for row in rows:
        shown.add_row(str(row[1]), f"{row[-1]:,}")
    findings.console.print(shown)
    feed = parquet.read_table(feeds / "students.parquet", columns=["lea", "school"]).to_pylist()
    schools = Counter(row["school"] for row in feed if row["lea"] == district.lea)
    findings.check(
        f"the workbook counts the {schools.total():,} students of the feed, by school",
        held={row[0]: row[-1] for row in rows} == {**schools, None: schools.total()},
    )
    return {
        "id": status["id"],
        "state": status["state"],
        "rows": status["counts"]["made"],
        "requested_at": status["requested_at"],
        "ready_at": status["ended_at"],
        "files": [{"path": str(path.relative_to(out.parent)), "bytes": path.stat().st_size}],
        "mail": mailed,
    }


def receive(
    request: Mapping[str, object], link_text: str, path: Path, coordinator: Coordinator, findings: Findings
) -> tuple[dict[str, Any], dict[str, str]]:
    """Ask, watch, read the mail, download through its link into `path`; return the status and what was mailed."""
    name = str(request["name"])
    location = coordinator.ask(request)
    status = watch(coordinator, location, findings.console)
    findings.check(f"{location} is ready", held=status["state"] == "ready")
    mail = coordinator.wait_for_notice(name)
    (path.parent / f"mail-{name}.html").write_text(mail.html)
    show_mail(mail, findings.console)
    notice = status_notice(coordinator, location)
    findings.check(
        "the link in the mail works for 24 hours from when it was sent",
        held=abs(_moment(notice["link_expires_at"]) - _moment(notice["sent_at"]) - DAY) < 2 * SECOND,
    )
    code = coordinator.browser.download(download_link(mail, link_text).url, path)
    findings.check("the link in the mail downloads the report", held=code == HTTPStatus.OK)
    return status, {
        "to": mail.to[0],
        "subject": mail.subject,
        "expires_at": f"{_moment(notice['link_expires_at']):%Y-%m-%dT%H:%M:%SZ}",
    }


def watch(coordinator: Coordinator, location: str, console: Console) -> dict[str, Any]:
    """Show a live bar from the status resource until the job is at its end."""
    columns = (
        TextColumn("  {task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("requested", total=None, left="")

        def look(status: dict[str, Any]) -> None:
            left = status.get("estimated_seconds_left")
            progress.update(
                bar,
                description=status["state"],
                completed=status["progress"]["done"],
                total=status["progress"]["total"] or None,
                left=f"about {left:.0f} s left" if left else "",
            )

        return coordinator.watch(location, seconds=LONGEST_JOB_SECONDS, look=look)


def show_mail(mail: Mail, console: Console) -> None:
    """Print a mail as text."""
    console.print(
        f"  From: {mail.sender}\n  To: {', '.join(mail.to)}\n  Subject: {mail.subject}\n", markup=False
    )
    for line in mail.text.splitlines():
        console.print(f"  | {line}", markup=False, soft_wrap=True)


def status_notice(coordinator: Coordinator, location: str) -> dict[str, Any]:
    """Return what the request's resource says about the mail, which is recorded right after it was sent."""
    deadline = time.monotonic() + LONGEST_JOB_SECONDS
    while time.monotonic() < deadline:
        notice: dict[str, Any] = coordinator.api.get(location).document()["notice"]
        if notice and notice.get("sent_at"):
            return notice
        time.sleep(0.1)
    raise CoordinatorError(f"{location} does not say that a mail was sent.")


def refuse_links(coordinator: Coordinator, name: str, findings: Findings) -> None:
    """Show that links that were changed or are a day old lead to a page, and what S3 refuses behind them."""
    stack, browser = coordinator.stack, coordinator.browser
    key = link_key(stack)
    url = download_link(coordinator.wait_for_notice(name)).url
    folder, _, token = url.rpartition("/")
    claim = decrypted_claim(token, [key.secret_access_key])
    if claim is None:
        raise CoordinatorError("The token in the mail is not encrypted with the link key.")

    def expiring(left: dt.timedelta) -> str:
        again = replace(claim, expires_at=dt.datetime.now(dt.UTC) + left)
        return f"{folder}/{encrypted_claim(again, key.secret_access_key, token_bytes)}"

    location = browser.open("GET", url).headers["location"]
    minutes = expiry(location) - dt.datetime.now(dt.UTC)
    findings.check("what the link leads to works for minutes only", held=minutes <= DOWNLOAD_STARTS_WITHIN)
    cases = (
        ("a link made 23 h and 59 min ago", expiring(MINUTE), HTTPStatus.FOUND),
        ("a link made 24 h and 1 min ago", expiring(-MINUTE), HTTPStatus.GONE),
        ("a link that was changed", url[:-1] + ("A" if url[-1] != "A" else "B"), HTTPStatus.NOT_FOUND),
        ("S3's address of another archive", tampered(location), HTTPStatus.FORBIDDEN),
        (
            "S3's address signed an hour ago",
            signed_again(
                location,
                secret_access_key=key.secret_access_key,
                at=dt.datetime.now(dt.UTC) - dt.timedelta(hours=1),
            ),
            HTTPStatus.FORBIDDEN,
        ),
    )
    for what, link, expected in cases:
        status = browser.open("GET", link).status
        findings.check(f"{what} answers {expected.value}", held=status == expected)


def compare_dashboard(stack: Stack, jobs: list[dict[str, Any]], findings: Findings) -> None:
    """Print the dashboard's numbers, and check those that the demo knows."""
    known: dict[tuple[str, str], float | None] = {
        (REQUESTS.name, "accepted"): len(jobs),
        (JOBS_ENDED.name, "ready"): len(jobs),
        (SSRS.name, "made"): sum(job.get("student_score_reports", 0) for job in jobs),
        (NOTICES.name, "sent"): len(jobs),
    }
    deadline = time.monotonic() + METRICS_SECONDS
    while True:
        stack.bridge.carry()
        now = dt.datetime.now(dt.UTC)
        readings = read_dashboard(stack.cloud, stack.deployment.dashboard_name, now=now)
        shown = {
            (reading.line.metric, dict(reading.line.dimensions).get("outcome", "")): reading.value
            for reading in readings
        }
        if known.items() <= shown.items() or time.monotonic() > deadline:
            break
        time.sleep(0.1)  # the last function logs its metrics a moment after its effect is seen
    table = Table("Graph", "Line", Column("Value", justify="right"), "Unit", box=SIMPLE)
    graph = ""
    for reading in readings:
        if reading.value is not None:
            line = reading.line
            words = [value for name, value in line.dimensions if name not in {"service", "stage"}]
            label = line.label or " ".join([line.metric, *words])
            value = f"{reading.value:,.1f}" if line.unit else f"{reading.value:,.0f}"
            table.add_row("" if line.graph == graph else line.graph, label, value, line.unit)
            graph = line.graph
    findings.console.print(table)
    findings.console.print(
        f"  {sum(reading.value is None for reading in readings)} other lines of the dashboard have no number yet."
    )
    for (metric, outcome), number in known.items():
        findings.check(f"{metric} {outcome} is {number:,}", held=shown.get((metric, outcome)) == number)


def draw_page(archive: Path, picture: Path) -> None:
    """Draw the page with the English language arts result of the archive's first SSR."""
    with zipfile.ZipFile(archive) as entries:
        name = next(name for name in sorted(entries.namelist()) if name.endswith(".pdf"))
        document = pypdfium2.PdfDocument(entries.read(name))
    try:
        document[1].render(scale=PICTURE_SCALE).to_pil().save(picture)
    finally:
        document.close()


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


if __name__ == "__main__":
    sys.exit(main())
