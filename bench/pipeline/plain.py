"""A plain pipeline of the kind people write: one function loops over the students."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from bench.peers.fpdf2_per_student import PerStudent
from bench.students import read_students
from bench.tested_leas import TestedLea, lea_code, write_tested_leas
from lea_reports.assessments import newest_described_year

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_YEAR = newest_described_year()
_SEED = 7
_KEY = "archives/plain.zip"


def plain_pace(fonts: Path, s3: S3Client, bucket: str, sample: int) -> float:
    """Return the SSRs a second of a loop over `sample` students: fpdf2 for each, into a zip, then one upload.

    The fonts were opened and a first document was made before; reading the students is not charged to it.
    """
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        lea = TestedLea(lea_code(0), "Plain Unified", [{"05": sample}])
        write_tested_leas([lea], folder, year=_YEAR, seed=_SEED)
        results = [entry.result("en") for entry in read_students(folder)]
        engine = PerStudent(fonts)
        next(engine.files(results))
        began = perf_counter()
        with zipfile.ZipFile(folder / "reports.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for result, content in zip(results, engine.files(results), strict=True):
                archive.writestr(f"{result.ssid}.pdf", content)
        s3.upload_file(str(folder / "reports.zip"), bucket, _KEY)
        pace = len(results) / (perf_counter() - began)
    s3.delete_object(Bucket=bucket, Key=_KEY)
    return pace
