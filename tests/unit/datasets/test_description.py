"""The page about the feeds is the one that the schema means."""

from pathlib import Path

from lea_reports.datasets.description import feeds_page
from lea_reports.datasets.feeds import FEEDS

COMMITTED = Path(__file__).parents[3] / "docs" / "feeds.md"


def test_the_committed_page_is_up_to_date():
    """After a change of the schema, `make feeds` writes it anew and the difference is reviewed."""
    assert COMMITTED.read_text(encoding="utf-8") == feeds_page()


def test_the_page_has_every_column_of_every_feed():
    """Whoever writes a feed needs no other page."""
    page = feeds_page()
    for feed in FEEDS.values():
        assert all(f"| `{name}` |" in page for name in feed.names)


def test_the_examples_are_taken_in_one_after_the_other(write_csv, take_in, objects):
    """Copied from the page they are feeds."""
    for name, feed in FEEDS.items():
        summary = take_in(objects, name, write_csv(name, feed.examples), accept_drop=False)
        assert (summary.rejected, summary.drops, summary.notes) == (0, (), ())
        assert summary.published is not None
