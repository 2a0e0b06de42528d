"""The first SSR of a process, for which somebody may wait."""

import json
import os
import subprocess
import sys

HEAVY = frozenset(("fpdf", "fontTools", "pypdf", "pikepdf", "PIL", "numpy", "babel", "uharfbuzz"))

PROGRAM = """
import json, sys
from datetime import date
from pathlib import Path
from lea_reports.ssr.engine.compiled_engine import CompiledEngine
from lea_reports.ssr.engine.ssr_engine import SsrFile
from lea_reports.ssr.results.student_result import SchoolNames, from_rows

school = SchoolNames("99100010000001", "Manzanita Elementary", "99100010000000", "Laguna Verde Unified")
student = dict(ssid="9876543210", last_name="Rivera", first_name="Maya", middle_name="", grade="05")
score = dict(
    administration_year=2026, record_type="01", ssid="9876543210", grade_assessed="05",
    test_completed_date=date(2026, 4, 22), score_status="V", ssr_eligible="Y", scale_score=2530,
    achievement_level=3, standard_error=23, error_band_min=2507, error_band_max=2553,
)
result = from_rows(student, [score], school, language="en", assessment="smarter-balanced")
(made,) = CompiledEngine(Path(sys.argv[1])).single_files([result])
assert isinstance(made, SsrFile) and made.content.startswith(b"%PDF-")
print(json.dumps(sorted(sys.modules)))
"""


def test_an_english_file_needs_no_library_of_fonts_pdfs_or_pictures(fonts_folder):
    """What is not imported costs neither time nor memory when a function starts."""
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-c", PROGRAM, fonts_folder]
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)
    imported = {name.partition(".")[0] for name in json.loads(done.stdout)}
    assert "lea_reports" in imported
    assert imported.isdisjoint(HEAVY)
