"""The pages behind links that do not work are for people, and load nothing."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from lea_reports.delivery.link_page import CONTENT_SECURITY_POLICY, expired_page, trouble_page, unknown_page
from lea_reports.delivery.open_link import LinkState, OpenedLink

EXPIRED = OpenedLink(
    LinkState.EXPIRED,
    expired_at=datetime(2026, 11, 22, 20, 0, tzinfo=UTC),
    kept_until=datetime(2026, 12, 21, 20, 0, tzinfo=UTC),
    time_zone="America/New_York",
)
DELETED = OpenedLink(LinkState.EXPIRED, expired_at=EXPIRED.expired_at)
PAGES = [expired_page(EXPIRED), expired_page(DELETED), unknown_page(), trouble_page()]


def luminance(colour):
    """Return the relative luminance of a colour, as WCAG defines it."""
    full = colour if len(colour) == 6 else "".join(2 * digit for digit in colour)
    parts = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_a_language_a_title_one_heading_and_one_main_part(page):
    """What screen readers go by (WCAG 2.2: 1.3.1, 2.4.2, 3.1.1), and no limit to zooming (1.4.4)."""
    (heading,) = re.findall("<h1>(.*)</h1>", page)

    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert f"<title>{heading} – LEA Reports</title>" in page
    assert page.count("<main>") == page.count("</main>") == 1
    assert 'content="width=device-width, initial-scale=1"' in page
    assert "$" not in page


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_and_runs_nothing(page):
    """No address in it, no script, and the policy names its one style sheet."""
    (style,) = re.findall("<style>(.*)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert not re.search(r"https?:|<script|<img|<link|style=| on[a-z]+=", page)


def test_text_has_the_contrast_that_everybody_can_read():
    """At least 4.5 to 1 (WCAG 2.2, 1.4.3), on both backgrounds."""
    (text,) = set(re.findall("[{;]color:#([0-9a-f]+)", PAGES[0]))
    backgrounds = re.findall("background:#([0-9a-f]+)", PAGES[0])

    assert len(backgrounds) == 2
    for background in backgrounds:
        lighter, darker = sorted((luminance(background), luminance(text)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_an_expired_link_says_since_when_and_how_to_get_a_new_one():
    """On the clock of whoever it was sent to."""
    page = expired_page(EXPIRED)

    assert "This link has expired" in page
    assert "Sunday, November 22, 2026, 3:00 PM EST" in page
    assert "e-mail sent again" in page
    assert "December 21, 2026" in page


def test_a_link_to_a_deleted_report_says_to_ask_for_it_again():
    """Another link would lead nowhere."""
    page = expired_page(DELETED)

    assert "ask for the report again" in page
    assert "sent again" not in page
