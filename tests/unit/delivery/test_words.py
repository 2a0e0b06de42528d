"""No sentence of ours claims that an e-mail arrived: what is known is that it was accepted for sending."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from lea_reports.telemetry.events import Event
from lea_reports.telemetry.metrics import METRICS

ROOT = Path(__file__).parents[3]
TEMPLATES = Path(str(files("lea_reports.delivery"))) / "templates"
CLAIMS = re.compile(
    r"\b(is|are) on (its|their) way\b|\b(was|were|been|is) (delivered|received|told)\b"
    r"|\b(has|have|got|gets) (his|her|their) (e-)?mail\b"
    r"|(?<!that it )(?<!that they )\barrived\b",
    re.IGNORECASE,
)


def sentences(value):
    """Yield every text of a JSON document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from sentences(each)
    elif isinstance(value, str):
        yield value


SOURCES = {
    "events": [event.sentence for event in Event],
    "metrics": [metric.meaning for metric in METRICS],
    "api": list(sentences(json.loads((ROOT / "docs" / "api" / "openapi.json").read_text()))),
    "letters": [path.read_text() for path in TEMPLATES.glob("*/*")],
    "alarms": [(ROOT / "infra" / "constructs" / "alarms.py").read_text()],
    "documents": [line for path in (ROOT / "docs").glob("*.md") for line in path.read_text().splitlines()],
}


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_claims_that_an_e_mail_arrived(source):
    """Not in logs, on dashboards, in answers or in the e-mails themselves; nor that somebody was told by one."""
    about_mail = [
        text for text in SOURCES[source] if re.search(r"mail|operators|requester", text, re.IGNORECASE)
    ]

    assert not [CLAIMS.search(text) for text in about_mail if CLAIMS.search(text)]
