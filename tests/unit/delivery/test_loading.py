"""A mail and a page are words: what reads data and what draws pages stays where it is."""

import json
import subprocess
import sys
from importlib.resources import files

import pytest

HEAVY = ("pyarrow", "uharfbuzz", "fontTools", "fpdf", "pypdf", "PIL")
ROOMS_OF_DATA_AND_PAPER = ("lea_reports.datasets", "lea_reports.typesetting", "lea_reports.ssr")
MODULES = sorted(
    f"lea_reports.delivery.{path.name.removesuffix('.py')}"
    for path in files("lea_reports.delivery").iterdir()
    if path.name.endswith(".py") and path.name != "__init__.py"
)
LOADED = "import json, sys; import {}; print(json.dumps(sorted(sys.modules)))"


@pytest.mark.parametrize("module", MODULES)
def test_no_module_of_delivery_loads_what_reads_data_or_draws_pages(module):
    """The functions that send mails and open links begin quickly, with small layers."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(module)], capture_output=True, text=True, check=True
    )

    loaded = json.loads(done.stdout)
    assert module in loaded
    assert [each for each in loaded if each.partition(".")[0] in HEAVY] == []
    rooms = {".".join(each.split(".")[:2]) for each in loaded}
    assert rooms.isdisjoint(ROOMS_OF_DATA_AND_PAPER)
