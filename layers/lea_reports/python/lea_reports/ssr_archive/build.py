"""Building a chunk: its SSRs are rendered and written as a fragment of the archive, which is sent while it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lea_reports.archive.fragment import FragmentWriter, GrowingFile
from lea_reports.ssr.engine.ssr_engine import MergeOptions, SsrFailure
from lea_reports.ssr.results.student_columns import BadRecord
from lea_reports.ssr_archive.listing import Included, NotIncluded
from lea_reports.ssr_archive.naming import school_folder, ssr_path
from lea_reports.ssr_archive.password import encryption_of
from lea_reports.ssr_archive.selection import SsrSelection
from lea_reports.ssr_archive.work_area import FragmentIndex
from lea_reports.telemetry.events import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lea_reports.archive.zip_format import ZipEntry
    from lea_reports.jobs.job import Chunk, Job
    from lea_reports.jobs.presence import Presence
    from lea_reports.jobs.storage import Upload
    from lea_reports.pdf.encryption import PdfEncryption
    from lea_reports.ssr.engine.ssr_engine import SsrEngine
    from lea_reports.ssr.results.student_result import StudentResult
    from lea_reports.ssr_archive.work_area import WorkArea
    from lea_reports.telemetry.events import Telemetry


class EngineBroken(Exception):
    """The engine broke on every SSR of a chunk: the fault is not of single SSRs."""


def build_fragment(
    work: WorkArea,
    records: Iterable[StudentResult | BadRecord],
    job: Job,
    chunk: Chunk,
    *,
    engine: SsrEngine,
    presence: Presence,
    telemetry: Telemetry,
) -> FragmentIndex:
    """Render the SSRs of a chunk into its fragment, and store what it holds.

    A bad record, or one that the engine breaks on, fails one SSR, which then stands in the list of those.

    Raises:
        EngineBroken: the engine broke on every SSR.
    """
    selection, encryption = SsrSelection.from_json(job.parameters), encryption_of(job)
    listed = _Listed(telemetry, job)
    results = listed.sound(_watched(records, presence))
    with work.fragment(chunk.number) as upload:
        if selection.merge:
            options = MergeOptions(
                chunk.name.removesuffix(".pdf"), tagged=selection.tagged, encryption=encryption
            )
            entries, front = _write_merged(engine, chunk.name, results, options, listed, upload)
        else:
            entries, front = _write_singles(engine, results, encryption, listed, upload)
        listed.check()
        size = upload.complete(front)
    index = FragmentIndex(size, tuple(entries), tuple(listed.included), tuple(listed.not_included))
    work.write_index(chunk.number, index)
    return index


def _watched(
    records: Iterable[StudentResult | BadRecord], presence: Presence
) -> Iterator[StudentResult | BadRecord]:
    """Hand on records, and look after the lease before each one and after the last."""
    for record in records:
        presence.look()
        yield record
    presence.look()


class _Listed:
    """What becomes of the SSRs of a chunk, for the lists of the archive."""

    def __init__(self, telemetry: Telemetry, job: Job) -> None:
        self._telemetry = telemetry
        self._job = job
        self._broken = 0
        self.included: list[Included] = []
        self.not_included: list[NotIncluded] = []

    def sound(self, records: Iterable[StudentResult | BadRecord]) -> Iterator[StudentResult]:
        """Hand on the results, and list the records that are none."""
        for record in records:
            if isinstance(record, BadRecord):
                which = (record.ssid, record.school, record.grade, record.assessment, record.language)
                self.not_included.append(NotIncluded(*which, "bad_record"))
            else:
                yield record

    def add_failure(self, failure: SsrFailure) -> None:
        """Note that an SSR could not be made."""
        result = failure.result
        self.not_included.append(
            NotIncluded(
                result.ssid,
                result.school.code,
                result.grade_assessed,
                result.assessment,
                result.language,
                failure.reason,
            )
        )
        if failure.fault is not None:
            self._broken += 1
            self._telemetry.event(
                Event.SSR_FAILED, job=self._job.id, lea=self._job.lea, **failure.fault.fields
            )

    def add(self, path: str, result: StudentResult, first_page: int, pages: int, digest: str) -> None:
        """Note where an SSR stands."""
        self.included.append(
            Included(
                path,
                result.ssid,
                result.school.code,
                result.grade_assessed,
                result.assessment,
                result.language,
                first_page,
                pages,
                digest,
            )
        )

    def complete(self, digest: str) -> None:
        """Note the SHA-256 of the one file in which every SSR stands."""
        self.included = [row._replace(sha256=digest) for row in self.included]

    def check(self) -> None:
        """Raise `EngineBroken` if it broke on all of several SSRs: an archive without any would hide it.

        SSRs that are made once more because they failed may all fail again: that says nothing of the engine.
        """
        if self._broken > 1 and not self.included and self._job.listed_by is None:
            raise EngineBroken


def _write_singles(
    engine: SsrEngine,
    results: Iterable[StudentResult],
    encryption: PdfEncryption | None,
    listed: _Listed,
    upload: Upload,
) -> tuple[Sequence[ZipEntry], bytes]:
    files = FragmentWriter(upload.write)
    for made in engine.single_files(results, encryption=encryption):
        if isinstance(made, SsrFailure):
            listed.add_failure(made)
            continue
        path = path_in_archive(made.result)
        files.add(path, made.prefix.content, made.tail, crc=made.crc)
        listed.add(path, made.result, 1, made.pages, made.sha256)
    return files.entries, b""


def _write_merged(
    engine: SsrEngine,
    path: str,
    results: Iterable[StudentResult],
    options: MergeOptions,
    listed: _Listed,
    upload: Upload,
) -> tuple[Sequence[ZipEntry], bytes]:
    file = GrowingFile(upload.write)
    for outcome in engine.merge(results, options, file.write):
        if isinstance(outcome, SsrFailure):
            listed.add_failure(outcome)
        else:
            listed.add(path, outcome.result, outcome.first_page, outcome.pages, "")
    if not listed.included:
        return (), b""
    listed.complete(file.sha256)
    return [file.entry(path)], file.header(path)


def path_in_archive(result: StudentResult) -> str:
    """Return where the single file of an SSR stands in its archive."""
    return ssr_path(
        school=school_folder(result.school.code, result.school.name),
        grade=result.grade_assessed,
        last_name=result.last_name,
        first_name=result.first_name,
        ssid=result.ssid,
        test=result.assessment,
        language=result.language,
    )
